import { useShell, useStatus } from '../bridge/live-state.ts';
import { useNow } from '../bridge/use-now.ts';
import { useFormats, useLanguage, useWords } from '../words/language.tsx';
import { answerOf, answerWords, phaseAnswer, type SafetyAnswer } from './answer.ts';

/** Renewed every second; while the engine has said nothing yet, it is being set up. */
export function useAnswer(): SafetyAnswer {
  const words = useWords(answerWords);
  const formats = useFormats();
  const language = useLanguage();
  const now = useNow();
  const status = useStatus();
  const { phase } = useShell();
  return status === null ? phaseAnswer(phase, words) : answerOf(status, { words, formats, language, now });
}
