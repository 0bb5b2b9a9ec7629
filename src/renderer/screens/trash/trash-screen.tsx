/** The trash: paged and virtual, with what was deleted together below one line. */

import { SearchX, Trash2 } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { TrashRow } from '../../../ipc/history.ts';
import { engine } from '../../bridge/bridge.ts';
import { useCommands, useRevision } from '../../bridge/live-state.ts';
import { useNow } from '../../bridge/use-now.ts';
import { useThrottled } from '../../bridge/use-throttled.ts';
import { TextField } from '../../design/fields.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import { NotAsked } from '../../live/not-asked.tsx';
import { PagedList } from '../../paging/paged-list.tsx';
import type { FetchPage, Pager } from '../../paging/pager.ts';
import { usePager } from '../../paging/use-pager.ts';
import { useWords } from '../../words/language.tsx';
import classes from './trash.module.css';
import { matches, type TrashEntry, TrashGrouping } from './trash-entries.ts';
import { BatchRow, ItemRow } from './trash-rows.tsx';
import { useRestore } from './use-restore.ts';
import { words } from './words.ts';

const PAGE = 1000;
const ROW = 56;

/** A page that ends inside a batch is read on for as many pages, so that the sum of most batches is whole. */
const ON = 3;

function listingOf(search: string): FetchPage<TrashEntry> {
  const grouping = new TrashGrouping();
  return async (after) => {
    const rows: TrashRow[] = [];
    let next: string | null = after ?? null;
    for (let page = 0; page === 0 || (next !== null && page < ON && endsInBatch(rows)); page += 1) {
      const reply = await engine('trash.list', { limit: PAGE, ...(next === null ? {} : { after: next }) });
      if (reply.kind !== 'ok') return reply;
      rows.push(...reply.value.items);
      next = reply.value.next;
    }
    const found = search === '' ? rows : rows.filter((row) => matches(row, search));
    return { kind: 'ok', value: { rows: grouping.entries(found, after, next), next } };
  };
}

function endsInBatch(rows: readonly TrashRow[]): boolean {
  const batch = rows.at(-1)?.batch ?? null;
  return batch !== null && rows.at(-2)?.batch === batch;
}

export function TrashScreen() {
  const w = useWords(words);
  const [typed, setTyped] = useState('');
  const search = useThrottled(typed.trim().toLowerCase(), 400);
  const turn = useThrottled(useRevision(), 3000);
  const commands = useCommands();
  const [again, setAgain] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn groups anew
  const fetch = useMemo(() => listingOf(search), [search, turn, commands, again]);
  const pager = usePager(search, `${turn} ${commands} ${again}`, fetch);
  return (
    <Screen title={w.title} lead={w.lead} width="fill">
      <NotAsked list="trash.list" />
      <div className={classes['search']}>
        <TextField label={w.search} type="search" value={typed} onChange={setTyped} />
      </div>
      {pager === null ? (
        <LoadingState rows={6} />
      ) : pager.count === 0 && pager.trouble !== null ? (
        <ErrorState reply={pager.trouble} again={() => setAgain(again + 1)} />
      ) : pager.count === 0 && pager.complete ? (
        <Nothing searched={search !== ''} />
      ) : (
        <TrashList pager={pager} searching={search !== ''} />
      )}
    </Screen>
  );
}

function Nothing({ searched }: { readonly searched: boolean }) {
  const w = useWords(words);
  return searched ? (
    <EmptyState icon={<SearchX />} title={w.nothingFound}>
      {w.nothingFoundText}
    </EmptyState>
  ) : (
    <EmptyState icon={<Trash2 />} title={w.emptyTitle}>
      {w.emptyText}
    </EmptyState>
  );
}

function TrashList({ pager, searching }: { readonly pager: Pager<TrashEntry>; readonly searching: boolean }) {
  const w = useWords(words);
  const now = useNow(60_000);
  const { busy, restore } = useRestore();
  const onRestore = useCallback((what: Parameters<typeof restore>[0]) => void restore(what), [restore]);
  return (
    <>
      {pager.trouble !== null && (
        <div role="alert">
          {w.partly}
          <ErrorState reply={pager.trouble} again={() => void pager.want(...pager.seen)} />
        </div>
      )}
      <div className={classes['list']}>
        <PagedList
          pager={pager}
          label={w.list}
          rowHeight={ROW}
          keyOf={(entry) => (entry.kind === 'batch' ? `batch ${entry.batch}` : entry.item.id)}
          row={(entry) =>
            entry.kind === 'batch' ? (
              <BatchRow head={entry} searching={searching} now={now} busy={busy} onRestore={onRestore} />
            ) : (
              <ItemRow
                item={entry.item}
                inBatch={entry.inBatch}
                now={now}
                busy={busy}
                onRestore={onRestore}
              />
            )
          }
        />
      </div>
    </>
  );
}
