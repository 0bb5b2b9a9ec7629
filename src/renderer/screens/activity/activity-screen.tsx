/** Everything that happened, with filters that say how far they looked. */

import { History, SearchX } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Activity } from '../../../ipc/events.ts';
import { engine } from '../../bridge/bridge.ts';
import { useNow } from '../../bridge/use-now.ts';
import { type PageReply, type PagesView, usePages } from '../../bridge/use-pages.ts';
import { Button } from '../../design/button.tsx';
import { type Choice, Select, TextField } from '../../design/fields.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import { VirtualList } from '../../design/virtual-list.tsx';
import { ACTIVITY_ROW, ActivityRow } from '../../live/activity-row.tsx';
import { NotAsked } from '../../live/not-asked.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './activity.module.css';
import { type ActivityFilter, isFiltering, matches, NO_FILTER, type What, type Who } from './filter.ts';
import { activityScreenWords } from './words.ts';

const PAGE = 100;
/** A filter looks through more at once. */
const SEARCHED = 1000;

async function load(filter: ActivityFilter, after: string | null): Promise<PageReply<Activity>> {
  const filters = isFiltering(filter);
  const reply = await engine('activity.list', {
    limit: filters ? SEARCHED : PAGE,
    ...(after === null ? {} : { after }),
  });
  if (reply.kind !== 'ok') return reply;
  const { activities, next } = reply.value;
  const items = filters ? activities.filter((each) => matches(each, filter)) : activities;
  return { kind: 'ok', value: { items, next, looked: activities.length } };
}

export function ActivityScreen() {
  const w = useWords(activityScreenWords);
  const [filter, setFilter] = useState(NO_FILTER);
  const wanted = useDeferredValue(filter);
  const view = usePages(JSON.stringify(wanted), (after) => load(wanted, after));
  return (
    <Screen title={w.title} lead={w.lead} width="fill">
      <NotAsked list="activity.list" />
      <Filters filter={filter} onChange={setFilter} />
      <Summary view={view} filters={isFiltering(wanted)} />
      <List view={view} filters={isFiltering(wanted)} onReset={() => setFilter(NO_FILTER)} />
    </Screen>
  );
}

function Filters({
  filter,
  onChange,
}: {
  readonly filter: ActivityFilter;
  readonly onChange: (filter: ActivityFilter) => void;
}) {
  const w = useWords(activityScreenWords);
  const who: readonly Choice<Who>[] = [
    { value: 'all', label: w.all },
    { value: 'mine', label: w.mine },
    { value: 'others', label: w.others },
  ];
  const verbs = ['created', 'edited', 'moved', 'deleted', 'restored', 'conflict', 'held', 'problem'] as const;
  const what: readonly Choice<What>[] = [
    { value: 'all', label: w.anything },
    ...verbs.map((verb) => ({ value: verb, label: w[verb] })),
  ];
  return (
    <search className={classes['filters']} aria-label={w.filters}>
      <div className={classes['text']}>
        <TextField
          label={w.text}
          type="search"
          value={filter.text}
          onChange={(text) => onChange({ ...filter, text })}
        />
      </div>
      <Select
        label={w.who}
        value={filter.who}
        choices={who}
        onChange={(next) => onChange({ ...filter, who: next })}
      />
      <Select
        label={w.what}
        value={filter.what}
        choices={what}
        onChange={(next) => onChange({ ...filter, what: next })}
      />
      <Button variant="quiet" disabled={!isFiltering(filter)} onClick={() => onChange(NO_FILTER)}>
        {w.reset}
      </Button>
    </search>
  );
}

/** What is shown and how far was looked: said whenever it changes. */
function Summary({ view, filters }: { readonly view: PagesView<Activity>; readonly filters: boolean }) {
  const w = useWords(activityScreenWords);
  const formats = useFormats();
  const looked = formats.count(view.pages?.looked ?? 0);
  const count = formats.count(view.count);
  const text = filters
    ? view.isComplete
      ? w.foundAll(count, looked)
      : w.found(count, looked)
    : view.isComplete
      ? w.shown(count)
      : w.newest(count);
  const more = view.isComplete || view.pages === null ? '' : filters && view.isAsking ? w.looking : w.more;
  return (
    <div className={classes['summary']}>
      <p role="status">{view.pages === null ? '' : more === '' ? text : `${text}, ${more}`}</p>
      {view.isStale && (
        <span className={classes['news']}>
          {w.news}
          <Button size="small" onClick={view.again}>
            {w.showNews}
          </Button>
        </span>
      )}
    </div>
  );
}

interface ListProps {
  readonly view: PagesView<Activity>;
  readonly filters: boolean;
  readonly onReset: () => void;
}

function List({ view, filters, onReset }: ListProps) {
  const w = useWords(activityScreenWords);
  const formats = useFormats();
  const now = useNow(10_000);
  if (view.failed !== null && view.count === 0) {
    return (
      <div className={classes['panel']}>
        <ErrorState reply={view.failed} again={view.again} />
      </div>
    );
  }
  if (view.pages === null) return <LoadingState rows={8} />;
  if (view.count === 0 && view.isComplete) {
    return (
      <div className={classes['panel']}>
        {filters ? (
          <EmptyState
            icon={<SearchX />}
            title={w.noneTitle}
            actions={<Button onClick={onReset}>{w.reset}</Button>}
          >
            {w.none(formats.count(view.pages.looked))}
          </EmptyState>
        ) : (
          <EmptyState icon={<History />} title={w.emptyTitle}>
            {w.empty}
          </EmptyState>
        )}
      </div>
    );
  }
  return (
    <div className={classes['panel']}>
      <VirtualList
        label={w.list}
        count={view.count}
        rowHeight={ACTIVITY_ROW}
        keyOf={(index) => view.itemAt(index)?.id ?? `row ${index}`}
        onSeen={view.onSeen}
        row={(index) => {
          const activity = view.itemAt(index);
          return activity === null ? (
            <p className={classes['wait']}>{w.wait}</p>
          ) : (
            <ActivityRow activity={activity} now={now} />
          );
        }}
      />
    </div>
  );
}
