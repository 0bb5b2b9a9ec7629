/** A device that links: its row, and the token that nobody but it will ever see. */
import { parseDeviceId, uuidV7 } from '../../src/protocol/ids.ts';
import type { ServerClock, ServerRandom } from '../exchange.ts';
import type { DeviceRow } from '../metadata/rows.ts';
import { TOKEN_BYTES, tokenHash, tokenOf } from './tokens.ts';

type Given = Pick<DeviceRow, 'user' | 'name' | 'os' | 'instance' | 'namespace' | 'main'>;

export function newDevice(
  { clock, random }: { readonly clock: ServerClock; readonly random: ServerRandom },
  given: Given,
): { readonly row: DeviceRow; readonly token: string } {
  const token = tokenOf(random.bytes(TOKEN_BYTES));
  const row: DeviceRow = {
    ...given,
    id: parseDeviceId(uuidV7(clock.now(), random.bytes(10))),
    tokenHash: tokenHash(token),
    generation: 0,
    start: null,
    linkedAt: clock.now(),
    lastSeenAt: null,
    revokedAt: null,
    settledBelow: 0,
  };
  return { row, token };
}
