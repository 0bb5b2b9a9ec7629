import { baseName } from '../../../../core/names/path-parts.ts';
import { assertNever } from '../../../../protocol/assert-never.ts';
import { useWords } from '../../../words/language.tsx';
import type { Effect } from '../plan.ts';

import { quoted } from '../use-settle.ts';
import { effectWords } from './effect-words.ts';

export function useEffectText(): (effect: Effect) => string {
  const w = useWords(effectWords);
  const gone = (path: string | null) => (path === null ? null : quoted(baseName(path)));
  return (effect) => {
    switch (effect.kind) {
      case 'takes':
        return w.takes(quoted(effect.from.device), gone(effect.gone));
      case 'stays':
        return w.stays(quoted(effect.from.device), gone(effect.gone));
      case 'deleted':
        return w.deleted;
      case 'both':
        return w.both(quoted(baseName(effect.copyPath)));
      case 'not':
        return effect.why === 'folder' ? w.folder : w.gone;
      default:
        return assertNever(effect, 'effect');
    }
  };
}
