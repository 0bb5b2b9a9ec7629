/** All that wait for a choice, in groups; and what was settled lately. */

import { useMemo, useState } from 'react';
import { CountBadge } from '../../../design/badge.tsx';
import { Card } from '../../../design/card.tsx';
import { Select } from '../../../design/fields.tsx';
import { ErrorState, LoadingState } from '../../../design/message.tsx';
import { Screen } from '../../../design/screen.tsx';
import { Tabs } from '../../../design/tabs.tsx';
import { NotAsked } from '../../../live/not-asked.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { useReader } from '../use-telling.ts';
import { words as common } from '../words.ts';
import { BulkBar } from './bulk-bar.tsx';
import { BulkDialog, type BulkJob } from './bulk-dialog.tsx';
import { CalmPicture } from './calm-picture.tsx';
import { type GroupBy, groupsOf } from './group.ts';
import classes from './list.module.css';
import { Rows } from './rows.tsx';
import { Settled } from './settled.tsx';
import { type Conflicts, useConflicts } from './use-conflicts.ts';
import { words } from './words.ts';

const GROUPINGS: readonly GroupBy[] = ['cause', 'folder', 'device'];

export function ConflictList() {
  const c = useWords(common);
  const w = useWords(words);
  const formats = useFormats();
  const [tab, setTab] = useState<'open' | 'settled'>('open');
  const open = useConflicts('open');
  const total = open.conflicts?.total ?? 0;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [job, setJob] = useState<BulkJob | null>(null);
  return (
    <Screen
      title={c.title}
      lead={total === 0 ? undefined : w.lead(formats.count(total), total === 1)}
      width="fill"
    >
      <NotAsked list="conflicts.list" />
      <Tabs
        label={c.title}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'open',
            label: (
              <>
                {w.open} <CountBadge count={total} />
              </>
            ),
          },
          { value: 'settled', label: w.settled },
        ]}
      >
        {tab === 'settled' ? (
          <Settled />
        ) : open.conflicts === null ? (
          open.failed === null ? (
            <LoadingState rows={6} />
          ) : (
            <ErrorState reply={open.failed} again={open.again} />
          )
        ) : open.conflicts.rows.length === 0 ? (
          <div className={classes['calm']}>
            <CalmPicture />
            <h2>{w.emptyTitle}</h2>
            <p>{w.empty}</p>
          </div>
        ) : (
          <OpenOnes conflicts={open.conflicts} chosen={chosen} onChoose={setChosen} onJob={setJob} />
        )}
      </Tabs>
      {/* Not in the list: what it settles may be the last there is, and is told and undone from here. */}
      {job !== null && (
        <BulkDialog
          job={job}
          onClose={(settled) => {
            setJob(null);
            if (settled) setChosen(new Set());
          }}
        />
      )}
    </Screen>
  );
}

function OpenOnes({
  conflicts,
  chosen,
  onChoose,
  onJob,
}: {
  readonly conflicts: Conflicts;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (ids: ReadonlySet<string>) => void;
  readonly onJob: (job: BulkJob) => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const reader = useReader();
  const [by, setBy] = useState<GroupBy>('cause');
  const groups = useMemo(() => groupsOf(conflicts.rows, by, reader), [conflicts.rows, by, reader]);
  const selected = useMemo(
    () => conflicts.rows.filter((row) => chosen.has(row.id)),
    [conflicts.rows, chosen],
  );
  const shown = conflicts.rows.length;
  return (
    <div className={classes['open']}>
      <div className={classes['bar']}>
        <BulkBar
          rows={conflicts.rows}
          selected={selected}
          onSelect={onChoose}
          onKeep={(keep) => onJob({ keep, rows: selected })}
        />
        <div className={classes['grouping']}>
          <Select
            label={w.groupBy}
            value={by}
            choices={GROUPINGS.map((value) => ({ value, label: w.group(value) }))}
            onChange={setBy}
          />
        </div>
      </div>
      <Card flush>
        <div className={classes['rows']}>
          <Rows groups={groups} by={by} chosen={chosen} onChoose={onChoose} />
        </div>
      </Card>
      {shown < conflicts.total && (
        <p className={classes['note']}>{w.first(formats.count(shown), formats.count(conflicts.total))}</p>
      )}
    </div>
  );
}
