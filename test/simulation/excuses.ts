/** What a trouble excuses, for the questions that are asked in the end. Everything that is not named here must hold. */
export type Excuse =
  /** This device compares everything again without a base: a content may be sent once more. Nothing may be deleted. */
  | { readonly kind: 'merge'; readonly machine: string; readonly at: number }
  /** The server may refuse this device until somebody links it again. */
  | { readonly kind: 'identity'; readonly machine: string; readonly at: number }
  /** The newest commits of its state may be lost: it may have told the server more than it knows now. */
  | { readonly kind: 'lost-commits'; readonly machine: string; readonly at: number }
  /** The server told this device that nothing was new though something was. */
  | { readonly kind: 'stale-reads'; readonly machine: string; readonly at: number }
  /** The server forgot what it had acknowledged since its backup; what devices still have goes up again. */
  | { readonly kind: 'new-epoch'; readonly at: number };

export function isExcused(
  excuses: readonly Excuse[],
  machine: string,
  kinds: readonly Excuse['kind'][],
): boolean {
  return excuses.some((each) => kinds.includes(each.kind) && 'machine' in each && each.machine === machine);
}
