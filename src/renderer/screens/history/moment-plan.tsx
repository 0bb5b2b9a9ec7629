/** What would change for a folder to be as it was. */
import { ArrowRightLeft, FileClock, Trash2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MomentPlan, MomentStep } from '../../../ipc/moment.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { PathText } from '../../design/path-text.tsx';
import { VirtualList } from '../../design/virtual-list.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './history.module.css';
import { stepCounts } from './moment-counts.ts';
import { momentWords } from './moment-words.ts';

const ICONS: Readonly<Record<MomentStep['kind'], ReactNode>> = {
  content: <FileClock aria-hidden="true" />,
  return: <Undo2 aria-hidden="true" />,
  place: <ArrowRightLeft aria-hidden="true" />,
  remove: <Trash2 aria-hidden="true" />,
};

export function MomentPlanCard({
  plan,
  busy,
  onAct,
}: {
  readonly plan: MomentPlan;
  readonly busy: boolean;
  readonly onAct: () => void;
}) {
  const w = useWords(momentWords);
  const formats = useFormats();
  const { steps, total, lost } = plan;
  const changes = w.changes(formats.count(total), total === 1);
  return (
    <Card
      title={w.planTitle(formats.moment(plan.at))}
      lead={total === 0 ? w.nothing : changes}
      flush
      actions={
        total > 0 && (
          <Button variant="primary" busy={busy} onClick={onAct}>
            {w.act(formats.count(total), total === 1)}
          </Button>
        )
      }
    >
      <Numbers plan={plan} />
      {lost > 0 && <p className={classes['lost']}>{w.lostText(formats.count(lost), lost === 1)}</p>}
      {total > steps.length && (
        <p className={classes['firstOf']}>{w.firstOf(formats.count(steps.length), formats.count(total))}</p>
      )}
      {steps.length > 0 && (
        <div className={classes['steps']}>
          <VirtualList
            label={w.list}
            count={steps.length}
            rowHeight={52}
            keyOf={(index) => `${steps[index]?.node} ${steps[index]?.kind}`}
            maxHeight="26rem"
            row={(index) => {
              const step = steps[index];
              return step === undefined ? null : <Step step={step} />;
            }}
          />
        </div>
      )}
    </Card>
  );
}

function Numbers({ plan }: { readonly plan: MomentPlan }) {
  const w = useWords(momentWords);
  const formats = useFormats();
  const { counts, atLeast } = stepCounts(plan);
  const number = (name: string, count: number, open = false) => (
    <div key={name}>
      <dt>{name}</dt>
      <dd>
        {formats.count(count)}
        {open && '+'}
      </dd>
    </div>
  );
  return (
    <dl className={classes['numbers']}>
      {counts.map(({ kind, count }) => number(w[kind], count, atLeast))}
      {number(w.unchanged, plan.unchanged)}
      {plan.newer > 0 && number(w.newer, plan.newer)}
      {plan.lost > 0 && number(w.lost, plan.lost)}
    </dl>
  );
}

function Step({ step }: { readonly step: MomentStep }) {
  const text = useStepText()(step);
  return (
    <div className={classes['step']}>
      <span className={classes['stepIcon']}>{ICONS[step.kind]}</span>
      <span className={classes['stepText']}>
        <PathText path={step.kind === 'return' ? step.to : step.path} />
        <span className={classes['stepWhat']}>{text}</span>
      </span>
    </div>
  );
}

function useStepText(): (step: MomentStep) => string {
  const w = useWords(momentWords);
  const formats = useFormats();
  return ({ kind, number, to }) => {
    switch (kind) {
      case 'content':
        return number === null ? w.contentPlain : w.contentText(formats.count(number));
      case 'return':
        return w.returnText;
      case 'place':
        return w.placeText(inSentence(to));
      case 'remove':
        return w.removeText;
    }
  };
}
