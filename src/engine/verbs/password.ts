/** Another password of the user. Tokens of devices are their own: without being asked none of them ends. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { passwordFault } from '../../protocol/new-password.ts';
import type { Engine } from '../engine.ts';
import { noServer } from './no-server.ts';
import { refusedBy } from './refused-by.ts';

export async function changePassword(
  engine: Engine,
  params: Params<'password'>,
): Promise<Answer<Result<'password'>>> {
  const fault = passwordFault(engine.parts.account.user, params.new);
  if (fault !== null) return refused('bad-password', { detail: fault });
  const none = noServer(engine);
  if (none !== null) return none;
  const done = await engine.accountCalls.changePassword({
    old: params.old,
    new: params.new,
    endOthers: params.unlinkOthers,
  });
  if (done.kind === 'trouble') return refusedBy(engine, done);
  const { others, ended } = done.value;
  return ok({
    others,
    unlinked: ended,
    sentence: `The password is another one now. ${devices(others, ended)}`,
  });
}

function devices(others: number, ended: number): string {
  const many = (count: number) => `${count} other device${count === 1 ? '' : 's'}`;
  if (ended > 0) return `${many(ended)} ${ended === 1 ? 'was' : 'were'} unlinked; the files there stay.`;
  if (others > 0) return `${many(others)} ${others === 1 ? 'stays' : 'stay'} linked.`;
  return 'No other device is linked.';
}
