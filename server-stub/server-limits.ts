import { RETENTION_DEFAULT, type RetentionPolicy } from './retention/policy.ts';

/** What the server allows a caller, beside the bounds of the protocol. Generous: a fault of ours must not look like an attack. */
export interface Rate {
  /** How much may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** What work behind requests waits before something is let go for good; counted in hours really lived. */
export interface Waits {
  /** An hour. The simulation has shorter ones. */
  readonly hourMs: number;
  /** A version that may go, before it is released. */
  readonly releaseHours: number;
  /** A chunk that nothing wants, before it is quarantined … */
  readonly idleHours: number;
  /** … and in quarantine, still readable, before it is erased. */
  readonly quarantineHours: number;
  /** A copy that no row names, before it is erased: far longer than a request takes between its bytes and its rows. */
  readonly orphanHours: number;
  /** A device that was not seen for longer is expired: the journal is not kept for it. */
  readonly deviceHours: number;
  /** For how long the journal is kept at least: moments further back cannot be told. */
  readonly journalHours: number;
  /** Rows of the journal that may go, before it is worth the work. */
  readonly journalRows: number;
  /** Between two rounds of the collection. */
  readonly collectionHours: number;
  /** A chunk that no head uses, before it goes to the cold store. */
  readonly coldHours: number;
}

export interface ServerLimits {
  /** Requests of one device. */
  readonly device: Rate;
  /** Requests without a valid token, by address. */
  readonly stranger: Rate;
  /** Wrong passwords for one user from one address. */
  readonly login: Rate;
  /** Wrong passwords from one address, whatever the user. */
  readonly loginAddress: Rate;
  /** Attempts to make an account, from one address. */
  readonly signUp: Rate;
  /** Password checks under way together: each takes a core for a while, and 32 MiB. */
  readonly passwordChecks: number;
  /** Devices that say hello at the same time; the others wait for their turn. */
  readonly greetings: number;
  /** Long polls of one device; the oldest gives way. */
  readonly polls: number;
  /** Cost of a password check: N of scrypt, a power of two. */
  readonly scryptCost: number;
  /** Rows of one trash listing. */
  readonly trash: number;
  readonly waits: Waits;
  /** Of namespaces that have no policy of their own. */
  readonly retention: RetentionPolicy;
}

export const SERVER_LIMITS: ServerLimits = {
  device: { burst: 4000, perSecond: 400 },
  stranger: { burst: 600, perSecond: 20 },
  login: { burst: 10, perSecond: 1 / 10 },
  loginAddress: { burst: 60, perSecond: 1 },
  signUp: { burst: 10, perSecond: 1 / 60 },
  passwordChecks: 16,
  greetings: 8,
  polls: 4,
  scryptCost: 2 ** 15,
  trash: 1000,
  waits: {
    hourMs: 3_600_000,
    releaseHours: 24,
    idleHours: 24,
    quarantineHours: 7 * 24,
    orphanHours: 24,
    deviceHours: 90 * 24,
    journalHours: 400 * 24,
    journalRows: 1000,
    collectionHours: 6,
    coldHours: 30 * 24,
  },
  retention: RETENTION_DEFAULT,
};
