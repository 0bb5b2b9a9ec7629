/** A long list of the engine, page by page as it comes into view. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Method } from '../../ipc/contract.ts';
import type { EngineReply } from '../../ipc/window.ts';
import { useRevision } from './live-state.ts';
import { countOf, firstPage, itemAt, type LoadedPage, type Pages, wantedPage, withPage } from './pages.ts';

export type Failed = Exclude<EngineReply<Method>, { kind: 'ok' }>;
export type PageReply<T> = { readonly kind: 'ok'; readonly value: LoadedPage<T> } | Failed;

export interface PagesView<T> {
  /** Null until the first page is there. */
  readonly pages: Pages<T> | null;
  readonly count: number;
  /** Null while it is asked for. */
  readonly itemAt: (index: number) => T | null;
  readonly isComplete: boolean;
  readonly isAsking: boolean;
  readonly failed: Failed | null;
  /** Something happened while the reader is further down: `again` shows it. */
  readonly isStale: boolean;
  readonly onSeen: (last: number) => void;
  readonly again: () => void;
}

const CALM_MS = 400;

/** `key` names what is listed: when it changes, the list begins anew. `load` may change with every render. */
export function usePages<T>(
  key: string,
  load: (after: string | null) => Promise<PageReply<T>>,
): PagesView<T> {
  const [held, setHeld] = useState<{ readonly key: string; readonly pages: Pages<T> } | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const [isAsking, setAsking] = useState(true);
  const [isStale, setStale] = useState(false);
  const [turn, setTurn] = useState(0);
  const seen = useRef(0);
  const run = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const pagesNow = useRef<Pages<T> | null>(null);
  const revision = useRevision();
  const heardRevision = useRef(revision);

  const follow = useCallback(async (mine: number, listKey: string, isFresh: boolean) => {
    setAsking(true);
    let fresh = isFresh;
    for (;;) {
      const pages = pagesNow.current;
      const wanted = fresh || pages === null ? { at: 0, after: null } : wantedPage(pages, seen.current);
      if (wanted === null) break;
      const reply = await latest.current(wanted.after);
      if (run.current !== mine) return;
      if (reply.kind !== 'ok') {
        setFailed(reply);
        break;
      }
      setFailed(null);
      pagesNow.current =
        fresh || pages === null
          ? firstPage(reply.value)
          : withPage(pages, wanted.at, reply.value, seen.current);
      fresh = false;
      setHeld({ key: listKey, pages: pagesNow.current });
    }
    if (run.current === mine) setAsking(false);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    run.current += 1;
    setStale(false);
    void follow(run.current, key, true);
    return () => {
      run.current += 1;
    };
  }, [key, turn, follow]);

  useEffect(() => {
    if (heardRevision.current === revision) return;
    heardRevision.current = revision;
    const first = pagesNow.current?.pages[0]?.count ?? 0;
    if (seen.current >= first && first > 0) {
      setStale(true);
      return;
    }
    const timer = setTimeout(() => setTurn((before) => before + 1), CALM_MS);
    return () => clearTimeout(timer);
  }, [revision]);

  const onSeen = useCallback(
    (last: number) => {
      seen.current = last;
      const pages = pagesNow.current;
      if (pages === null || isAsking || failed !== null || wantedPage(pages, last) === null) return;
      void follow(run.current, key, false);
    },
    [follow, key, isAsking, failed],
  );
  const again = useCallback(() => {
    seen.current = 0;
    setTurn((before) => before + 1);
  }, []);
  const pages = held?.key === key ? held.pages : null;
  return {
    pages,
    count: pages === null ? 0 : countOf(pages),
    itemAt: (index) => (pages === null ? null : itemAt(pages, index)),
    isComplete: pages !== null && pages.next === null,
    isAsking,
    failed,
    isStale,
    onSeen,
    again,
  };
}
