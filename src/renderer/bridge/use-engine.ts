/** Asking the engine from a component: what is shown while it is asked, when it says no, and when nobody answers. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Params, Result } from '../../ipc/contract.ts';
import type { EngineReply, WindowMethod } from '../../ipc/window.ts';
import { engine } from './bridge.ts';
import { noteChange, useCommands, useRevision } from './live-state.ts';
import { useThrottled } from './use-throttled.ts';

export type Asked<M extends WindowMethod> = EngineReply<M> | { readonly kind: 'loading' };

export interface EngineView<M extends WindowMethod> {
  readonly reply: Asked<M>;
  /** The last good value, also while it is asked again: nothing flickers. */
  readonly value: Result<M> | null;
  readonly again: () => void;
}

/** While files sync, something happens all the time: what is shown is asked for at most so often. */
const ASK_AGAIN_MS = 800;

/**
 * Asks when `params` change (by value), again whenever something happened, and at once after a command of this window.
 * `everyMs`: longer for what only the server knows, and what changes slowly.
 */
export function useEngine<M extends WindowMethod>(
  method: M,
  params: Params<M>,
  everyMs = ASK_AGAIN_MS,
): EngineView<M> {
  const revision = useThrottled(useRevision(), everyMs);
  const commands = useCommands();
  const key = JSON.stringify(params);
  const [state, setState] = useState<{ readonly key: string; readonly reply: Asked<M> }>({
    key,
    reply: { kind: 'loading' },
  });
  const [value, setValue] = useState<{ readonly key: string; readonly value: Result<M> } | null>(null);
  const [turn, setTurn] = useState(0);
  const latest = useRef({ key, params });
  latest.current = { key, params };
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the params; revision, commands and turn ask again
  useEffect(() => {
    const asked = key;
    void engine(method, latest.current.params).then((reply) => {
      // An answer is good as long as its question is: a later one to the same comes after it, and may be long in coming.
      if (isGone.current || latest.current.key !== asked) return;
      setState({ key: asked, reply });
      if (reply.kind === 'ok') setValue({ key: asked, value: reply.value });
    });
  }, [method, key, revision, commands, turn]);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const isOurs = state.key === key;
  return {
    reply: isOurs ? state.reply : { kind: 'loading' },
    value: value?.key === key ? value.value : null,
    again,
  };
}

/** A command: says whether it is under way, and lets every list know when it is over. */
export function useCommand<M extends WindowMethod>(
  method: M,
): { readonly busy: boolean; readonly run: (params: Params<M>) => Promise<EngineReply<M>> } {
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (params: Params<M>) => {
      setBusy(true);
      try {
        return await engine(method, params);
      } finally {
        setBusy(false);
        noteChange();
      }
    },
    [method],
  );
  return { busy, run };
}
