/** What decides a world: who does what, in which weather, and the seed of everything else. */
import { Stream } from '../simulation/random.ts';
import { drawAction, drawStart, type UserAction } from './model-user.ts';

/** Names that users give: those of the same letter are twins by case or by Unicode form. */
export const ALPHABETS = {
  plain: ['a', 'b', 'c', 'd', 'e'],
  case: ['a', 'A', 'b', 'B', 'c'],
  unicode: ['\u00e9', 'e\u0301', '\u00f6', 'o\u0308', 'a'],
  both: ['\u00e9', 'e\u0301', '\u00c9', 'E\u0301', 'a', 'A'],
} as const;

export interface Scheme {
  readonly seed: number;
  readonly devices: number;
  /**
   * `together`: everybody does things at any time. `turns`: one after the other, each from an agreed tree; what one leaves
   * must arrive exactly. `quiet`: so, and nothing runs before the user is done; then also nothing is done twice.
   */
  readonly way: 'together' | 'turns' | 'quiet';
  readonly names: keyof typeof ALPHABETS;
  /** The last device's disk folds case: it cannot hold twins. */
  readonly folding: boolean;
  /** Are messages lost, do operations fail? */
  readonly bad: boolean;
  /** How much happens between two actions of users, 0 to 0.85. */
  readonly eager: number;
  /** Operations of one batch on disk happen in any order. */
  readonly disorderly: boolean;
  /** Made by one user and synced before anything else happens. */
  readonly start: readonly UserAction[];
  readonly actions: readonly UserAction[];
}

export function drawScheme(seed: number): Scheme {
  const random = new Stream(seed, 'workload');
  const devices = random.chance(0.7) ? 2 : 3;
  const start = Array.from({ length: random.between(0, 10) }, () => drawStart(random));
  const actions = Array.from({ length: random.between(2, 14) }, () => drawAction(random, devices));
  const way = random.pick([
    'together',
    'together',
    'together',
    'together',
    'together',
    'turns',
    'quiet',
  ] as const);
  const alone = way !== 'together';
  const folding = !alone && random.chance(0.2);
  const names = folding
    ? random.pick(['case', 'case', 'both'] as const)
    : random.pick(['plain', 'plain', 'case', ...(alone ? [] : (['unicode', 'both'] as const))] as const);
  return {
    seed,
    devices,
    way,
    names,
    folding,
    bad: way !== 'quiet' && random.chance(0.5),
    eager: random.pick([0, 0.3, 0.6, 0.85]),
    disorderly: way !== 'quiet' && random.chance(0.3),
    start,
    actions,
  };
}
