/** A folder as it was: choose a moment, see the plan, then act. */
import { CircleCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { MomentPlan, MomentResult } from '../../../ipc/moment.ts';
import { engine } from '../../bridge/bridge.ts';
import { goTo } from '../../bridge/router.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { Checkbox, TextField } from '../../design/fields.tsx';
import { EmptyState, ErrorState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import type { PageTrouble } from '../../paging/pager.ts';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './history.module.css';
import { MomentPlanCard } from './moment-plan.tsx';
import { fieldOfMoment, momentOfField } from './moment-times.ts';
import { momentWords } from './moment-words.ts';
import { words } from './words.ts';

export function FolderMomentScreen({ folder }: { readonly folder: string }) {
  const w = useWords(momentWords);
  const start = useWords(words);
  return (
    <Screen
      title={w.title}
      lead={w.leadWhole}
      actions={<Button onClick={() => goTo('/history')}>{start.otherPath}</Button>}
    >
      <FolderMoment folder={folder} />
    </Screen>
  );
}

type Stage =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'planning' }
  | { readonly kind: 'failed'; readonly reply: PageTrouble }
  | { readonly kind: 'planned'; readonly plan: MomentPlan }
  | { readonly kind: 'done'; readonly result: MomentResult; readonly before: number };

const HOUR = 3_600_000;

export function FolderMoment({ folder }: { readonly folder: string }) {
  const [field, setField] = useState(() => fieldOfMoment(Date.now() - 24 * HOUR));
  const [removeNewer, setRemoveNewer] = useState(false);
  const [stage, setStage] = useState<Stage>({ kind: 'choosing' });
  const restore = useCommand('moment.restore');
  const at = momentOfField(field);
  const choose = (text: string) => {
    setField(text);
    setStage({ kind: 'choosing' });
  };
  const plan = async (moment: number, withNewer: boolean) => {
    setStage({ kind: 'planning' });
    const reply = await engine('moment.plan', { folder, at: moment, removeNewer: withNewer });
    setStage(reply.kind === 'ok' ? { kind: 'planned', plan: reply.value } : { kind: 'failed', reply });
  };
  const act = async (moment: number) => {
    const before = Date.now();
    const reply = await restore.run({ folder, at: moment, removeNewer });
    setStage(reply.kind === 'ok' ? { kind: 'done', result: reply.value, before } : { kind: 'failed', reply });
  };
  const takeBack = (before: number) => {
    setField(fieldOfMoment(before));
    // What was brought back was not there before.
    setRemoveNewer(true);
    void plan(before, true);
  };
  return (
    <>
      <ChooseMoment
        field={field}
        at={at}
        removeNewer={removeNewer}
        busy={stage.kind === 'planning'}
        planned={stage.kind === 'planned'}
        onField={choose}
        onRemoveNewer={(remove) => {
          setRemoveNewer(remove);
          setStage({ kind: 'choosing' });
        }}
        onPlan={(moment) => void plan(moment, removeNewer)}
      />
      {stage.kind === 'failed' && (
        <Card>
          <ErrorState
            reply={stage.reply}
            {...(at === null ? {} : { again: () => void plan(at, removeNewer) })}
          />
        </Card>
      )}
      {stage.kind === 'planned' && (
        <MomentPlanCard plan={stage.plan} busy={restore.busy} onAct={() => void act(stage.plan.at)} />
      )}
      {stage.kind === 'done' && <Done result={stage.result} onTakeBack={() => takeBack(stage.before)} />}
    </>
  );
}

function ChooseMoment(props: {
  readonly field: string;
  readonly at: number | null;
  readonly removeNewer: boolean;
  readonly busy: boolean;
  readonly planned: boolean;
  readonly onField: (text: string) => void;
  readonly onRemoveNewer: (remove: boolean) => void;
  readonly onPlan: (at: number) => void;
}) {
  const { field, at, removeNewer, busy, planned, onField, onRemoveNewer, onPlan } = props;
  const w = useWords(momentWords);
  const now = useNow(30_000);
  const fault = at === null ? w.whenFault : at > now ? w.whenFuture : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at !== null && fault === null) onPlan(at);
  };
  const quick = (label: string, before: number) => (
    <Button size="small" onClick={() => onField(fieldOfMoment(Date.now() - before))}>
      {label}
    </Button>
  );
  return (
    <Card title={w.cardTitle} lead={w.cardLead}>
      <form className={classes['moment']} onSubmit={submit}>
        <div className={classes['momentWhen']}>
          <TextField label={w.when} type="datetime-local" value={field} fault={fault} onChange={onField} />
          {/* biome-ignore lint/a11y/useSemanticElements: three buttons are no fieldset of a form */}
          <div className={classes['quick']} role="group" aria-label={w.quick}>
            {quick(w.hourAgo, HOUR)}
            {quick(w.dayAgo, 24 * HOUR)}
            {quick(w.weekAgo, 7 * 24 * HOUR)}
          </div>
        </div>
        <div>
          <Checkbox label={w.removeNewer} checked={removeNewer} onChange={onRemoveNewer} />
          <p className={classes['under']}>{w.removeNewerHint}</p>
        </div>
        <Button
          type="submit"
          variant={planned ? 'secondary' : 'primary'}
          busy={busy}
          disabled={fault !== null}
          className={classes['momentGo']}
        >
          {planned ? w.planAgain : w.plan}
        </Button>
      </form>
    </Card>
  );
}

function Done({ result, onTakeBack }: { readonly result: MomentResult; readonly onTakeBack: () => void }) {
  const w = useWords(momentWords);
  const formats = useFormats();
  return (
    <Card tone="accent">
      <div role="status">
        <EmptyState
          icon={<CircleCheck />}
          title={w.doneTitle}
          actions={
            <Button onClick={onTakeBack} title={w.takeBackHint}>
              {w.takeBack}
            </Button>
          }
        >
          {w.done(formats.count(result.done), result.done === 1)}{' '}
          {result.skipped > 0 && w.skipped(formats.count(result.skipped), result.skipped === 1)}
        </EmptyState>
      </div>
    </Card>
  );
}
