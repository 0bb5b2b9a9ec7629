/** What the server allows a caller, beside the bounds of the protocol. Generous: a fault of ours must not look like an attack. */
export interface Rate {
  /** How much may come at once. */
  readonly burst: number;
  readonly perSecond: number;
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
  /** Password checks under way together: each takes a core for a while, and 32 MiB. */
  readonly passwordChecks: number;
  /** Long polls of one device; the oldest gives way. */
  readonly polls: number;
  /** Cost of a password check: N of scrypt, a power of two. */
  readonly scryptCost: number;
  /** Rows of one trash listing. */
  readonly trash: number;
}

export const SERVER_LIMITS: ServerLimits = {
  device: { burst: 4000, perSecond: 400 },
  stranger: { burst: 600, perSecond: 20 },
  login: { burst: 10, perSecond: 1 / 10 },
  loginAddress: { burst: 60, perSecond: 1 },
  passwordChecks: 16,
  polls: 4,
  scryptCost: 2 ** 15,
  trash: 1000,
};
