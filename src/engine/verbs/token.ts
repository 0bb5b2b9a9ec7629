/** The token of a device whose state does not keep it: given by whoever does, at each start and after a sign-in. */
import { type Answer, ok, type Result } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';

export function giveToken(engine: Engine, token: string): Promise<Answer<Result<'token.give'>>> {
  return Promise.resolve(ok({ taken: engine.giveToken(token) }));
}
