/** One thing that happened: the file, what was done to it, by whom, when; and its undo. */

import {
  ArrowRightLeft,
  EllipsisVertical,
  FilePen,
  FilePlus,
  GitFork,
  RotateCcw,
  ShieldQuestion,
  Trash2,
  TriangleAlert,
  Undo2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { baseName } from '../../core/names/path-parts.ts';
import type { Activity, ActivityVerb } from '../../ipc/events.ts';
import { ask } from '../bridge/bridge.ts';
import { useStatus } from '../bridge/live-state.ts';
import { routeTo } from '../bridge/router.ts';
import { useCommand } from '../bridge/use-engine.ts';
import { useGo } from '../bridge/use-go.ts';
import { useOutcome } from '../bridge/use-outcome.ts';
import { Button, IconButton } from '../design/button.tsx';
import { classNames } from '../design/class-names.ts';
import { Menu, type MenuEntry } from '../design/menu.tsx';
import { useReplyText } from '../design/message.tsx';
import { PathText } from '../design/path-text.tsx';
import { useToasts } from '../design/toasts.tsx';
import { When } from '../design/when.tsx';
import { useFormats, useWords } from '../words/language.tsx';
import { inSentence } from '../words/visible-text.ts';
import classes from './activity-row.module.css';
import { activityWords, deedOf, verbOf } from './activity-words.ts';

/** Rows of a virtual list are all this high. */
export const ACTIVITY_ROW = 60;

const ICONS: Readonly<Record<ActivityVerb, ReactNode>> = {
  created: <FilePlus />,
  edited: <FilePen />,
  moved: <ArrowRightLeft />,
  deleted: <Trash2 />,
  restored: <RotateCcw />,
  conflict: <GitFork />,
  held: <ShieldQuestion />,
  problem: <TriangleAlert />,
};
/** Where what needs a look is looked at. */
const PLACES: Readonly<Partial<Record<ActivityVerb, string>>> = {
  conflict: '/conflicts',
  held: '/review',
  problem: '/problems',
};

interface RowProps {
  readonly activity: Activity;
  readonly now: number;
  /** With little room: no version, no size. */
  readonly compact?: boolean;
}

export function ActivityRow({ activity, now, compact = false }: RowProps) {
  const w = useWords(activityWords);
  const formats = useFormats();
  const deed = deedOf(activity, useStatus()?.device ?? '', w);
  const facts = compact
    ? []
    : [
        activity.number === null ? null : w.version(formats.count(activity.number)),
        activity.size === null ? null : formats.bytes(activity.size),
      ].filter((fact) => fact !== null);
  return (
    <div className={classNames(classes['row'], compact && classes['compact'])}>
      <span className={classNames(classes['icon'], classes[activity.verb])} aria-hidden="true">
        {ICONS[activity.verb]}
      </span>
      <div className={classes['text']}>
        <PathText path={activity.path} />
        <p className={classes['deed']}>
          <span className={classes['what']} title={deed}>
            {deed}
          </span>
          <span>
            <span className={classes['dot']}> · </span>
            <When at={activity.at} now={now} />
          </span>
          {facts.map((fact) => (
            <span key={fact}>
              <span className={classes['dot']}> · </span>
              {fact}
            </span>
          ))}
        </p>
      </div>
      <RowActions activity={activity} compact={compact} />
    </div>
  );
}

function RowActions({ activity, compact }: { readonly activity: Activity; readonly compact: boolean }) {
  const w = useWords(activityWords);
  const go = useGo();
  const outcome = useOutcome();
  const undo = useUndo(activity);
  const name = inSentence(baseName(activity.path));
  const verb = w[verbOf(activity)];
  const place = PLACES[activity.verb];
  const entries: readonly MenuEntry[] = [
    { id: 'history', label: w.history, onSelect: () => go(routeTo(['history', activity.path])) },
    { id: 'why', label: w.why, onSelect: () => go(routeTo(['explain', activity.path])) },
    { id: 'show', label: w.show, onSelect: () => void outcome(ask('open.show', { path: activity.path })) },
  ];
  return (
    <span className={classes['actions']}>
      {place !== undefined && (
        <Button size="small" variant="quiet" aria-label={w.lookAt(verb, name)} onClick={() => go(place)}>
          {w.look}
        </Button>
      )}
      {activity.undoable &&
        (compact ? (
          <IconButton
            size="small"
            icon={<Undo2 />}
            label={w.undoOf(verb, name)}
            busy={undo.busy}
            onClick={undo.run}
          />
        ) : (
          <Button
            size="small"
            variant="quiet"
            icon={<Undo2 />}
            aria-label={w.undoOf(verb, name)}
            busy={undo.busy}
            onClick={undo.run}
          >
            {w.undo}
          </Button>
        ))}
      {activity.path !== '' && (
        <Menu
          trigger={<IconButton size="small" icon={<EllipsisVertical />} label={w.more(name)} />}
          entries={entries}
        />
      )}
    </span>
  );
}

function useUndo(activity: Activity): { readonly busy: boolean; readonly run: () => void } {
  const w = useWords(activityWords);
  const { busy, run } = useCommand('activity.undo');
  const { say, complain } = useToasts();
  const replyText = useReplyText();
  return {
    busy,
    run: async () => {
      const reply = await run({ id: activity.id });
      if (reply.kind === 'ok') say(w.undone(inSentence(baseName(reply.value.path))));
      else complain(replyText(reply));
    },
  };
}
