/** What would happen, kind by kind, with examples to unfold. Nothing is ever deleted by it. */
import {
  ArrowDown,
  ArrowUp,
  CaseSensitive,
  ChevronRight,
  CircleSlash,
  Equal,
  EyeOff,
  GitFork,
  RotateCcw,
  ShieldCheck,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { MergePlanShown } from '../../../ipc/window.ts';
import { PathText } from '../../design/path-text.tsx';
import { ProgressBar } from '../../design/progress.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './first-run.module.css';
import { isEmptyPlan, type PlanState } from './setup.ts';
import { firstRunWords } from './words.ts';

const KINDS = [
  'identical',
  'upload',
  'download',
  'differ',
  'zombies',
  'unportable',
  'unseen',
  'excluded',
] as const;
type Kind = (typeof KINDS)[number];
const ICONS: Readonly<Record<Kind, ReactNode>> = {
  identical: <Equal />,
  upload: <ArrowUp />,
  download: <ArrowDown />,
  differ: <GitFork />,
  zombies: <RotateCcw />,
  unportable: <CaseSensitive />,
  unseen: <EyeOff />,
  excluded: <CircleSlash />,
};
/** Always said, also when there are none: the others only when there are some. */
const ALWAYS: ReadonlySet<Kind> = new Set(['identical', 'upload', 'download', 'differ']);

export function PlanView({ state }: { readonly state: PlanState }) {
  const w = useWords(firstRunWords);
  switch (state.kind) {
    case 'none':
    case 'refused':
      return null;
    case 'asking':
      return (
        <div className={classes['looking']}>
          <p>{w.looking}</p>
          <ProgressBar value={null} label={w.looking} />
        </div>
      );
    case 'planned':
      return isEmptyPlan(state.plan) ? (
        <p className={classes['never']}>
          <ShieldCheck aria-hidden="true" />
          {w.emptyPlan}
        </p>
      ) : (
        <Plan plan={state.plan} folder={state.folder} />
      );
  }
}

function Plan({ plan, folder }: { readonly plan: MergePlanShown; readonly folder: string }) {
  const w = useWords(firstRunWords);
  return (
    <section className={classes['plan']}>
      <header>
        <h2>{w.planTitle}</h2>
        <p className={classes['hint']}>{w.planLead(inSentence(folder))}</p>
      </header>
      <ul>
        {KINDS.filter((kind) => plan[kind] > 0 || ALWAYS.has(kind)).map((kind) => (
          <li key={kind} className={classes['kind']}>
            <PlanRow kind={kind} count={plan[kind]} samples={kind === 'excluded' ? [] : plan.samples[kind]} />
          </li>
        ))}
      </ul>
      <p className={classes['never']}>
        <ShieldCheck aria-hidden="true" />
        {w.never}
      </p>
    </section>
  );
}

interface PlanRowProps {
  readonly kind: Kind;
  readonly count: number;
  readonly samples: readonly string[];
}

function PlanRow({ kind, count, samples }: PlanRowProps) {
  const w = useWords(firstRunWords);
  const formats = useFormats();
  const head = (
    <>
      <span className={classes['planIcon']} aria-hidden="true">
        {ICONS[kind]}
      </span>
      <span className={classes['planText']}>
        <span className={classes['planName']}>{w[kind]}</span>
        <span className={classes['hint']}>{w[`${kind}Why`]}</span>
      </span>
      <span className={classes['planCount']}>{formats.count(count)}</span>
    </>
  );
  if (samples.length === 0) {
    return (
      <div className={classes['planRow']} data-none={count === 0 || undefined}>
        {head}
        <span className={classes['planFold']} />
      </div>
    );
  }
  const more = count - samples.length;
  return (
    <details className={classes['planDetails']}>
      <summary className={classes['planRow']}>
        {head}
        <span className={classes['planFold']}>
          <ChevronRight aria-hidden="true" />
        </span>
      </summary>
      <ul className={classes['samples']} aria-label={w.examples}>
        {samples.map((path) => (
          <li key={path} className={classes['sample']}>
            <PathText path={path} />
          </li>
        ))}
        {more > 0 && <li className={classes['hint']}>{w.moreExamples(formats.count(more))}</li>}
      </ul>
    </details>
  );
}
