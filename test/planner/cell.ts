import type { Intent } from '../../src/core/planner/intents.ts';
import type { Scene } from './scene.ts';

/** One case of one cell of the planner's tables. */
export interface Cell {
  readonly cell: string;
  /** What the case shows, as a sentence. */
  readonly says: string;
  readonly of: Scene;
  /** Label of the node that is decided about; `f` unless told otherwise. */
  readonly node?: string;
  readonly expect: Intent['kind'];
}
