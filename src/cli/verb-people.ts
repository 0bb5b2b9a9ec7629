/** Who may look after a server, and who may make an account on it. */
import { resolve } from 'node:path';
import {
  grantAdministrator,
  listAdministrators,
  withdrawAdministrator,
} from '../../server-stub/accounts/administrators.ts';
import { listInvites, makeInvite, takeBackInvite } from '../../server-stub/accounts/invites.ts';
import { EXIT } from '../ipc/exit.ts';
import { table, when } from './text.ts';
import { wholeNumber } from './usage-error.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

const dataOf = ({ io, options }: VerbInput) => resolve(io.cwd, options['data'] ?? '');
const userOf = ({ positionals }: VerbInput) => positionals[0] ?? '';

function administratorsVerb(work: (input: VerbInput) => Promise<readonly string[]>): VerbRun {
  return (input) =>
    orRefusal(input, async () => {
      const administrators = await work(input);
      input.out.result({ administrators });
      input.out.say(
        administrators.length === 0
          ? 'There is no administrator.'
          : `Administrators: ${administrators.join(', ')}.`,
      );
      return EXIT.ok;
    });
}

export const administrators = administratorsVerb((input) => listAdministrators(dataOf(input)));
export const grant = administratorsVerb((input) => grantAdministrator(dataOf(input), userOf(input)));
export const withdraw = administratorsVerb((input) =>
  withdrawAdministrator(dataOf(input), userOf(input), input.switches.has('yes')),
);

export const invite: VerbRun = (input) => {
  const days = wholeNumber(input.options['days'] ?? '7', 'days', 1, 366);
  return orRefusal(input, async () => {
    const made = await makeInvite(dataOf(input), days);
    input.out.result(made);
    input.out.say(made.code, `It lets one person make an account, until ${when(made.expiresAt)}.`);
    return EXIT.ok;
  });
};

export const invites: VerbRun = (input) =>
  orRefusal(input, async () => {
    const all = await listInvites(dataOf(input));
    input.out.result({ invites: all });
    const rows = all.map(({ id, madeAt, expiresAt, usedAt, usedBy, isOpen }) => [
      id,
      `made ${when(madeAt)}`,
      usedAt !== null
        ? `used ${when(usedAt)} by ${usedBy ?? 'somebody'}`
        : `${isOpen ? 'until' : 'over since'} ${when(expiresAt)}`,
    ]);
    input.out.say(...(rows.length === 0 ? ['No code was made.'] : table(rows)));
    return EXIT.ok;
  });

export const uninvite: VerbRun = (input) =>
  orRefusal(input, async () => {
    await takeBackInvite(dataOf(input), input.positionals[0] ?? '');
    input.out.result({ takenBack: true });
    input.out.say('Nobody can make an account with that code any more.');
    return EXIT.ok;
  });
