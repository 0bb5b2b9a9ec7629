/** The files of one cause, each with what can be done about it. */

import { useState } from 'react';
import { baseName } from '../../../core/names/path-parts.ts';
import type { Remedy } from '../../../ipc/problems.ts';
import type { ProblemRow } from '../../../ipc/shapes.ts';
import { engine } from '../../bridge/bridge.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { type PageReply, usePages } from '../../bridge/use-pages.ts';
import { Button } from '../../design/button.tsx';
import { ErrorState, LoadingState, useReplyText } from '../../design/message.tsx';
import { PathText } from '../../design/path-text.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { VirtualList } from '../../design/virtual-list.tsx';
import { RemedyButtons } from '../../live/remedy-buttons.tsx';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { causeOf, problemWords } from './causes.ts';
import { nameReason, problemSentence } from './problem-sentence.ts';
import classes from './problems.module.css';
import { RenameDialog } from './rename-dialog.tsx';

const ROW = 72;
const PAGE = 100;

async function load(code: string, after: string | null): Promise<PageReply<ProblemRow>> {
  const reply = await engine('problems.list', { code, limit: PAGE, ...(after === null ? {} : { after }) });
  if (reply.kind !== 'ok') return reply;
  const { problems, next } = reply.value;
  return { kind: 'ok', value: { items: problems, next, looked: problems.length } };
}

export function ProblemFiles({
  code,
  title,
  remedies,
}: {
  readonly code: string;
  readonly title: string;
  readonly remedies: readonly Remedy[];
}) {
  const w = useWords(problemWords);
  const view = usePages(code, (after) => load(code, after));
  const [renaming, setRenaming] = useState<ProblemRow | null>(null);
  if (view.failed !== null && view.count === 0) return <ErrorState reply={view.failed} again={view.again} />;
  if (view.pages === null) return <LoadingState rows={2} />;
  return (
    <div className={classes['files']}>
      <VirtualList
        label={w.list(title)}
        count={view.count}
        rowHeight={ROW}
        maxHeight="24rem"
        keyOf={(index) => view.itemAt(index)?.path ?? `row ${index}`}
        onSeen={view.onSeen}
        row={(index) => {
          const problem = view.itemAt(index);
          return problem === null ? (
            <p className={classes['wait']}>{w.wait}</p>
          ) : (
            <FileRow problem={problem} remedies={remedies} onRename={() => setRenaming(problem)} />
          );
        }}
      />
      {renaming !== null && <RenameDialog problem={renaming} onClose={() => setRenaming(null)} />}
    </div>
  );
}

interface FileRowProps {
  readonly problem: ProblemRow;
  readonly remedies: readonly Remedy[];
  readonly onRename: () => void;
}

function FileRow({ problem, remedies, onRename }: FileRowProps) {
  const w = useWords(problemWords);
  const formats = useFormats();
  const now = useNow(30_000);
  const reason = useReason(problem);
  const name = inSentence(baseName(problem.path));
  return (
    <div className={classes['file']}>
      <div className={classes['fileText']}>
        <PathText path={problem.path} />
        <p className={classes['reason']} title={reason}>
          {[reason, formats.ago(problem.since, now)].filter((part) => part !== '').join(' · ')}
        </p>
      </div>
      <div className={classes['fileActions']}>
        {remedies.map((remedy) => (
          <RemedyButton key={remedy} remedy={remedy} problem={problem} name={name} onRename={onRename} />
        ))}
        <RemedyButtons code={problem.code} path={problem.path} size="small" />
        <Button
          size="small"
          variant="quiet"
          aria-label={w.doFor(w.why, name)}
          onClick={() => goTo(routeTo(['explain', problem.path]))}
        >
          {w.why}
        </Button>
      </div>
    </div>
  );
}

interface RemedyButtonProps {
  readonly remedy: Remedy;
  readonly problem: ProblemRow;
  readonly name: string;
  readonly onRename: () => void;
}

function RemedyButton({ remedy, problem, name, onRename }: RemedyButtonProps) {
  const w = useWords(problemWords);
  const { busy, run } = useCommand('problems.remedy');
  const { say, complain } = useToasts();
  const replyText = useReplyText();
  const labels: Readonly<Record<Remedy, string>> = {
    rename: w.rename,
    retry: w.retry,
    'take-as-edit': w.edit,
    dismiss: w.dismiss,
  };
  const label = labels[remedy];
  const act = async () => {
    if (remedy === 'rename') {
      onRename();
      return;
    }
    const reply = await run({ path: problem.path, code: problem.code, remedy });
    if (reply.kind !== 'ok') complain(replyText(reply));
    else if (remedy === 'dismiss') say(w.dismissed(name));
    else say(remedy === 'retry' ? w.retried(name) : w.taken(name));
  };
  return (
    <Button size="small" busy={busy} aria-label={w.doFor(label, name)} onClick={() => void act()}>
      {label}
    </Button>
  );
}

/** What is particular to this file: the cause's card says the rest. */
function useReason(problem: ProblemRow): string {
  const { code, path, facts } = problem;
  const language = useLanguage();
  if (code === 'name-held' || code === 'bad-name') {
    return nameReason(path, language);
  }
  if (code === 'case-twin') return inSentence(String(facts['other'] ?? ''));
  return causeOf(language, code) === null ? problemSentence(problem, language) : '';
}
