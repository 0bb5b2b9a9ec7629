/** What a user may store. */
import { resolve } from 'node:path';
import { userQuota } from '../../server-stub/accounts/quota.ts';
import { EXIT } from '../ipc/exit.ts';
import { bytes } from './text.ts';
import { UsageError } from './usage-error.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbRun } from './verbs.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function sizeOf(text: string): number | null {
  if (text === 'off') return null;
  const [, digits = '', unit = ''] = /^(\d{1,12})(?:([KMGT])(?:iB)?)?$/.exec(text) ?? [];
  const size = digits === '' ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(size)) return size;
  throw new UsageError(`--set takes a size as 500M or 10G, or off, not "${text}".`);
}

export const quota: VerbRun = (input) => {
  const { io, out, options } = input;
  const { name = '', set: typed } = options;
  const set = typed === undefined ? undefined : sizeOf(typed);
  return orRefusal(input, async () => {
    const stored = await userQuota(resolve(io.cwd, options['data'] ?? ''), name, set);
    out.result({ user: name, ...stored });
    const most = stored.quota === null ? 'as much as there is room' : `at most ${bytes(stored.quota)}`;
    out.say(`${name} stores ${bytes(stored.used)}, and may store ${most}.`);
    return EXIT.ok;
  });
};
