/** What a user, or a share, may store. */
import { resolve } from 'node:path';
import { shareQuota as quotaOfShare, userQuota } from '../../server-stub/accounts/quota.ts';
import { EXIT } from '../ipc/exit.ts';
import { bytes } from './text.ts';
import { UsageError } from './usage-error.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function sizeOf(text: string): number | null {
  if (text === 'off') return null;
  const [, digits = '', unit = ''] = /^(\d{1,12})(?:([KMGT])(?:iB)?)?$/.exec(text) ?? [];
  const size = digits === '' ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(size)) return size;
  throw new UsageError(`--set takes a size as 500M or 10G, or off, not "${text}".`);
}

function quotaVerb(
  whose: (input: VerbInput) => string,
  key: 'user' | 'share',
  ask: typeof userQuota,
): VerbRun {
  return (input) => {
    const { io, out, options } = input;
    const name = whose(input);
    const { set: typed } = options;
    const set = typed === undefined ? undefined : sizeOf(typed);
    return orRefusal(input, async () => {
      const stored = await ask(resolve(io.cwd, options['data'] ?? ''), name, set);
      out.result({ [key]: name, ...stored });
      const most = stored.quota === null ? 'as much as there is room' : `at most ${bytes(stored.quota)}`;
      out.say(`${name} stores ${bytes(stored.used)}, and may store ${most}.`);
      return EXIT.ok;
    });
  };
}

export const quota = quotaVerb(({ options }) => options['name'] ?? '', 'user', userQuota);
export const shareQuota = quotaVerb(({ positionals }) => positionals[0] ?? '', 'share', quotaOfShare);
