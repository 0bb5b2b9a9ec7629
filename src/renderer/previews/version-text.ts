/** The text of a version for a component. A version never changes: what was fetched lately is kept. */
import { useEffect, useState } from 'react';
import { thawPauseMs } from '../../ipc/thawing.ts';
import { engine } from '../bridge/bridge.ts';
import { readVersion, TEXT_LIMIT, type VersionChosen, type VersionText } from './read-version.ts';

export type VersionTextState = VersionText | { readonly kind: 'loading' };

const KEPT = 8;
const kept = new Map<string, VersionText>();
const LOADING = { kind: 'loading' } as const;

const keyOf = ({ node, version }: VersionChosen) => `${node} ${version}`;

function keep(key: string, text: VersionText): void {
  if (text.kind === 'failed') return;
  kept.delete(key);
  kept.set(key, text);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

/** Null asks for nothing. `again` tries once more after a failure. */
export function useVersionText(
  chosen: VersionChosen | null,
  limit = TEXT_LIMIT,
): { readonly state: VersionTextState; readonly again: () => void } {
  const key = chosen === null ? null : keyOf(chosen);
  const [got, setGot] = useState<{ readonly key: string; readonly text: VersionText } | null>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is chosen; `turn` asks again
  useEffect(() => {
    if (chosen === null || key === null || kept.has(key)) return;
    let isOver = false;
    let timer: number | undefined;
    void readVersion((params) => engine('cat', params), chosen, limit).then((text) => {
      keep(key, text);
      if (isOver) return;
      setGot({ key, text });
      const pause = text.kind === 'failed' && text.reply.kind === 'refused' ? thawPauseMs(text.reply) : null;
      if (pause !== null) timer = window.setTimeout(() => setTurn((before) => before + 1), pause);
    });
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [key, limit, turn]);
  const text = key === null ? undefined : (kept.get(key) ?? (got?.key === key ? got.text : undefined));
  return {
    state: text ?? LOADING,
    again: () => {
      setGot(null);
      setTurn((before) => before + 1);
    },
  };
}
