/** Merging with a program of the user's: chosen once, opened with all versions, its result taken as the merged one. */
import { useCallback } from 'react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { ask } from '../../../bridge/bridge.ts';
import { noteShell, useShell } from '../../../bridge/live-state.ts';
import { visibleText } from '../../../design/path-text.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { errorSentence } from '../../../words/errors.ts';
import { useLanguage, useWords } from '../../../words/language.tsx';
import { useSettle } from '../use-settle.ts';
import { argumentsFor } from './programs.ts';
import { words } from './words.ts';

export function useExternal(row: ConflictRow): {
  readonly open: () => Promise<void>;
  readonly choose: () => Promise<boolean>;
  /** True when its result became the merged version. */
  readonly take: () => Promise<boolean>;
  readonly busy: boolean;
} {
  const w = useWords(words);
  const language = useLanguage();
  const shell = useShell();
  const { say, complain } = useToasts();
  const { busy, settle } = useSettle();
  const failed = useCallback(
    (error: unknown) => complain(w.externalFailed(error instanceof Error ? error.message : String(error))),
    [complain, w],
  );
  const choose = async (): Promise<boolean> => {
    const { command } = await ask('merge-tool.choose', {});
    if (command === null) return false;
    const settings = { ...shell.settings, mergeTool: { command, args: argumentsFor(command) } };
    noteShell(await ask('settings.set', { settings }));
    say(w.chosen(visibleText(command)));
    return true;
  };
  const open = async () => {
    if (shell.settings.mergeTool === null && !(await choose())) return;
    const reply = await ask('merge-tool.open', { id: row.id });
    if (reply.kind === 'refused') complain(errorSentence(language, reply.code, reply.facts));
  };
  const take = async () => {
    const result = await ask('merge-tool.take', { id: row.id });
    if (result.kind === 'text') return settle(row, { keep: 'merged', merged: result.bytes });
    complain(errorSentence(language, result.code, result.facts, w.noResult));
    return false;
  };
  return {
    open: () => open().catch(failed),
    choose: () =>
      choose().catch((error: unknown) => {
        failed(error);
        return false;
      }),
    take: () =>
      take().catch((error: unknown) => {
        failed(error);
        return false;
      }),
    busy,
  };
}
