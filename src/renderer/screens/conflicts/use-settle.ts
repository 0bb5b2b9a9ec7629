/** Settling a conflict and taking that back: says what happened, and never acts on what nobody has seen. */

import { useCallback } from 'react';
import { baseName } from '../../../core/names/path-parts.ts';
import type { ConflictRow } from '../../../ipc/conflicts.ts';
import type { Params } from '../../../ipc/contract.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useReplyText } from '../../design/message.tsx';
import { visibleText } from '../../design/path-text.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { type Choice, effectOf } from './plan.ts';

import { words } from './words.ts';

export type Decision =
  | { readonly keep: Choice; readonly copyName?: string }
  | { readonly keep: 'merged'; readonly merged: string };

/** What is sent: with the heads that were looked at, so that nothing newer is decided upon unseen. */
export function paramsOf(row: ConflictRow, decision: Decision): Params<'conflicts.resolve'> {
  return { id: row.id, seenMine: row.mine.version, seenTheirs: row.theirs.version, ...decision };
}

/** A name inside a sentence: harmless, and with a direction of its own. */
export function quoted(name: string): string {
  return `\u2068${visibleText(name)}\u2069`;
}

export function useUndo(): { readonly busy: boolean; readonly undo: (row: ConflictRow) => Promise<void> } {
  const w = useWords(words);
  const replyText = useReplyText();
  const { say, complain } = useToasts();
  const { busy, run } = useCommand('conflicts.undo');
  const undo = useCallback(
    async (row: ConflictRow) => {
      const reply = await run({ id: row.id });
      if (reply.kind === 'ok') say(w.undone(quoted(baseName(reply.value.path))));
      else if (reply.kind === 'refused' && reply.code === 'unprocessable')
        complain(w.notUndone(quoted(baseName(row.path))));
      else complain(replyText(reply));
    },
    [run, say, complain, w, replyText],
  );
  return { busy, undo };
}

/** True when it is settled. */
export function useSettle(): {
  readonly busy: boolean;
  readonly settle: (row: ConflictRow, decision: Decision) => Promise<boolean>;
} {
  const w = useWords(words);
  const replyText = useReplyText();
  const { say, complain } = useToasts();
  const { undo } = useUndo();
  const { busy, run } = useCommand('conflicts.resolve');
  const settle = useCallback(
    async (row: ConflictRow, decision: Decision) => {
      const reply = await run(paramsOf(row, decision));
      const name = quoted(baseName(row.path));
      if (reply.kind !== 'ok') {
        complain(
          reply.kind === 'refused' && reply.code === 'unprocessable' ? w.moved(name) : replyText(reply),
        );
        return false;
      }
      const { path, copyPath } = reply.value;
      const text = () => {
        if (decision.keep === 'merged') return w.mergedKept(quoted(baseName(path)));
        const effect = effectOf(row, decision.keep);
        if (effect.kind === 'deleted') return w.oneDeleted(name);
        if (effect.kind === 'takes' || effect.kind === 'stays')
          return w.oneKept(quoted(baseName(path)), quoted(effect.from.device));
        return w.bothKept(quoted(baseName(path)), quoted(baseName(copyPath ?? path)));
      };
      say(text(), () => void undo(row));
      return true;
    },
    [run, say, complain, undo, w, replyText],
  );
  return { busy, settle };
}
