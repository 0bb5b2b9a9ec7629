/** Closes a discriminated union: the compiler rejects a missing case, a hostile value fails loudly. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
