/** Who reads, in which language, and when: what stories are told from. */
import { useMemo } from 'react';
import { useStatus } from '../../bridge/live-state.ts';
import { useNow } from '../../bridge/use-now.ts';
import { useFormats, useLanguage } from '../../words/language.tsx';
import type { Reader } from './roles.ts';
import type { Telling } from './story.ts';

export function useReader(): Reader {
  const status = useStatus();
  const device = status?.device ?? '';
  const user = status?.user ?? '';
  return useMemo(() => ({ device, user }), [device, user]);
}

export function useTelling(): Telling {
  const language = useLanguage();
  const formats = useFormats();
  const reader = useReader();
  const now = useNow(60_000);
  return useMemo(() => ({ language, formats, reader, now }), [language, formats, reader, now]);
}
