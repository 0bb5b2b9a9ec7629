/** What the control thread and the watch thread tell each other. Both ends are this program, of one build. */
import type { RelPath } from '../environment/disk.ts';
import type { Hint } from '../environment/watch.ts';

/** One system watch per folder (inotify), or chokidar over the whole tree. */
export type WatchStrategy = 'folders' | 'tree';

export interface WatchOptions {
  /** Absolute and real: no link in it. */
  readonly root: string;
  readonly strategy: WatchStrategy;
}

export type ToWatcher =
  | {
      readonly kind: 'add';
      readonly id: number;
      readonly folders: readonly RelPath[];
      /** They are listed once this is answered, so a recent change needs no hint. */
      readonly listedAfter: boolean;
    }
  | { readonly kind: 'remove'; readonly folders: readonly RelPath[] }
  /** Answered behind the hints of everything that the system had to tell by then. */
  | { readonly kind: 'flush'; readonly id: number }
  /** The last batch of hints was taken: the next may come. */
  | { readonly kind: 'taken' };

export type FromWatcher =
  | { readonly kind: 'started' }
  /** The folders of that `add` are watched, as far as they can be; or that `flush` is done. */
  | { readonly kind: 'live'; readonly id: number }
  | { readonly kind: 'hints'; readonly hints: readonly Hint[] }
  | { readonly kind: 'health'; readonly complete: boolean; readonly why: string };

export function parseWatchOptions(value: unknown): WatchOptions {
  if (typeof value !== 'object' || value === null) throw new TypeError('the watch thread needs options');
  const root: unknown = Reflect.get(value, 'root');
  const strategy: unknown = Reflect.get(value, 'strategy');
  if (typeof root !== 'string' || (strategy !== 'folders' && strategy !== 'tree')) {
    throw new TypeError('the watch thread got other options than expected');
  }
  return { root, strategy };
}
