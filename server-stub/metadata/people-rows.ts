/** Typed rows about who may come in. */

/** Lets one person make an account, once. */
export interface SignUpCodeRow {
  /** The code itself is nowhere on the server. */
  readonly hash: string;
  readonly madeAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  /** Name of who came in by it. */
  readonly usedBy: string | null;
}
