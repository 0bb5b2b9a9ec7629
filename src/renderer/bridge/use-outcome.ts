/** Calls to main that say done or no: a no is said beside the work. */
import { useCallback } from 'react';
import type { WindowResult } from '../../ipc/window.ts';
import { useToasts } from '../design/toasts.tsx';
import { errorSentence } from '../words/errors.ts';
import { useLanguage } from '../words/language.tsx';

export type MaybeDone = WindowResult<'open.show'>;

/** Resolves to whether it was done. */
export function useOutcome(): (asked: Promise<MaybeDone>) => Promise<boolean> {
  const language = useLanguage();
  const { complain } = useToasts();
  return useCallback(
    async (asked) => {
      const outcome = await asked.catch((error: unknown) => String(error));
      if (typeof outcome === 'string') complain(outcome);
      else if (outcome.kind === 'refused') complain(errorSentence(language, outcome.code, outcome.facts));
      else return true;
      return false;
    },
    [language, complain],
  );
}
