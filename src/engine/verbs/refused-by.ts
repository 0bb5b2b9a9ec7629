/** What a verb answers when the server did not do what it was asked. */
import { type Refused, refused } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';
import type { ServerTrouble } from '../remote/server.ts';

export function refusedBy(
  engine: Engine,
  { code, detail, retryAfterMs }: ServerTrouble,
  facts: Refused['facts'] = {},
): Refused {
  const server = engine.parts.account.serverUrl;
  return refused(code, { server, detail, seconds: Math.ceil(retryAfterMs / 1000), ...facts });
}
