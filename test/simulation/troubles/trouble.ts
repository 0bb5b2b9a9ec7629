/** What a kind of trouble is: how often it comes, what it does, and what it excuses. */
import type { Machine } from '../machine.ts';
import type { Stream } from '../random.ts';
import type { World } from '../world.ts';

export type Profile = 'calm' | 'hostile';

export type Target = 'machine' | 'server';

export type TroubleKind =
  | 'kill'
  | 'offline'
  | 'server-restart'
  | 'messages'
  | 'hints'
  | 'kill-at-step'
  | 'server-crash'
  | 'server-refuses'
  | 'server-cuts'
  | 'expired-cursor'
  | 'journal-lag'
  | 'housekeeping'
  | 'clock'
  | 'server-clock'
  | 'full-disk'
  | 'failing-disk'
  | 'unreadable'
  | 'read-only'
  | 'unmounted-root'
  | 'mount-over'
  | 'power-cut'
  | 'old-state'
  | 'old-folder'
  | 'old-server'
  | 'clone'
  | 'revoked';

/** What troubles need of a world. */
export type TroubledWorld = Pick<
  World,
  'time' | 'host' | 'machines' | 'machine' | 'excuses' | 'trace' | 'add'
>;

/** What the one who makes trouble has at hand. */
export interface Scene {
  readonly world: TroubledWorld;
  /** The machine it befalls; of troubles of the server, any. */
  readonly machine: Machine;
  /** Of this one trouble alone. */
  readonly stream: Stream;
}

/** Makes it good again; `null`: there is nothing to make good. */
export type Mend = (() => void | Promise<void>) | null;

export interface Trouble {
  readonly kind: TroubleKind;
  readonly target: Target;
  /** Mean milliseconds between two on one target; `null`: never. */
  readonly every: Readonly<Record<Profile, number | null>>;
  /** In every hostile run, whatever the seed draws. */
  readonly always?: boolean;
  /** Of one run and target. */
  readonly most?: number;
  /** At most this many milliseconds until it is mended; the healing at the end mends all at once. */
  readonly lasts: number;
  /** What mends it, or `false` where it made no sense at this moment. */
  strike(scene: Scene): Mend | false | Promise<Mend | false>;
}
