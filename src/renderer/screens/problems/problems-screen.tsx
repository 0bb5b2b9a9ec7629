/** What cannot sync: one card per cause, with its files and remedies; why syncing stopped comes first. */
import { ChevronDown, ChevronRight, CircleCheck } from 'lucide-react';
import { useId, useState } from 'react';
import type { Result } from '../../../ipc/contract.ts';
import { useStatus } from '../../bridge/live-state.ts';
import { useEngine } from '../../bridge/use-engine.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import { appRemedies } from '../../live/remedies.ts';
import { RemedyButtons } from '../../live/remedy-buttons.tsx';
import { errorSentence } from '../../words/errors.ts';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { causeOf, problemWords } from './causes.ts';
import { ProblemFiles } from './problem-files.tsx';
import classes from './problems.module.css';

type Group = Result<'problems.list'>['groups'][number];

export function ProblemsScreen({ code }: { readonly code: string | null }) {
  const w = useWords(problemWords);
  const status = useStatus();
  const { reply, value, again } = useEngine('problems.list', { limit: 1 });
  const isStopped = status?.halted != null;
  const groups = value?.groups ?? [];
  const unseen = status?.unseen ?? 0;
  return (
    <Screen title={w.title} lead={w.lead}>
      <Halted />
      {unseen > 0 && <Unseen count={unseen} />}
      {value === null ? (
        reply.kind === 'loading' || reply.kind === 'ok' ? (
          <LoadingState />
        ) : (
          <Card>
            <ErrorState reply={reply} again={again} />
          </Card>
        )
      ) : groups.length === 0 && !isStopped && unseen === 0 ? (
        <Card>
          <EmptyState icon={<CircleCheck />} title={w.emptyTitle}>
            {w.empty}
          </EmptyState>
        </Card>
      ) : (
        <ul className={classes['groups']}>
          {groups.map((group) => (
            <li key={group.code}>
              <CauseCard group={group} isOpenFirst={group.code === code || groups.length === 1} />
            </li>
          ))}
        </ul>
      )}
    </Screen>
  );
}

function Halted() {
  const w = useWords(problemWords);
  const language = useLanguage();
  const halted = useStatus()?.halted ?? null;
  if (halted === null) return null;
  return (
    <Card tone="bad" title={w.halted}>
      <p className="selectable">{errorSentence(language, halted.code, halted.facts, halted.sentence)}</p>
      {appRemedies(halted.code).length > 0 && (
        <div className={classes['remedies']}>
          <RemedyButtons code={halted.code} path={null} />
        </div>
      )}
    </Card>
  );
}

function Unseen({ count }: { readonly count: number }) {
  const w = useWords(problemWords);
  const formats = useFormats();
  return (
    <Card tone="warn">
      <p>{w.unseen(formats.count(count), count === 1)}</p>
    </Card>
  );
}

function CauseCard({ group, isOpenFirst }: { readonly group: Group; readonly isOpenFirst: boolean }) {
  const w = useWords(problemWords);
  const language = useLanguage();
  const formats = useFormats();
  const [isOpen, setOpen] = useState(isOpenFirst);
  const id = useId();
  const cause = causeOf(language, group.code);
  const title = cause?.title ?? w.other;
  const app = appRemedies(group.code).filter((remedy) => remedy !== 'show-file');
  return (
    <section className={classes['cause']}>
      <header className={classes['causeHead']}>
        <div className={classes['causeText']}>
          <h2>
            {title} <Badge tone="warn">{w.files(formats.count(group.count), group.count === 1)}</Badge>
          </h2>
          {cause !== null && <p>{cause.why}</p>}
        </div>
        <div className={classes['remedies']}>
          {app.length > 0 && <RemedyButtons code={group.code} path={null} primary={false} />}
          <Button
            variant="quiet"
            icon={isOpen ? <ChevronDown /> : <ChevronRight />}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? w.hide : w.show}
          </Button>
        </div>
      </header>
      <div id={id} hidden={!isOpen}>
        {isOpen && <ProblemFiles code={group.code} title={title} remedies={group.remedies} />}
      </div>
    </section>
  );
}
