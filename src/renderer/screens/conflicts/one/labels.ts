/** What the sides are called on this screen. */
import type { ConflictRow, ConflictSide } from '../../../../ipc/conflicts.ts';
import type { Tone } from '../../../design/badge.tsx';
import { useWords } from '../../../words/language.tsx';
import { namingOf } from '../roles.ts';
import { useReader } from '../use-telling.ts';
import { words as common } from '../words.ts';

export interface SideLabel {
  readonly title: string;
  readonly tone: Tone;
}

export function useSideLabels(row: Pick<ConflictRow, 'mine' | 'theirs'>): {
  readonly mine: SideLabel;
  readonly theirs: SideLabel;
  readonly base: SideLabel;
} {
  const c = useWords(common);
  const naming = namingOf(row, useReader());
  const placed = (side: ConflictSide) => (side.role === 'original' ? c.original : c.copy);
  return {
    mine: { title: naming === 'sides' ? c.mine : placed(row.mine), tone: 'mine' },
    theirs: { title: naming === 'sides' ? c.theirs : placed(row.theirs), tone: 'theirs' },
    base: { title: c.base, tone: 'both' },
  };
}
