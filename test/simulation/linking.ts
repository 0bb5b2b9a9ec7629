/** Linking a device with the server's real login, through a line that does not fail. */
import { linkDevice } from '../../src/engine/remote/link.ts';
import { toHex } from '../../src/protocol/ids.ts';
import type { LinkAnswer } from '../../src/protocol/routes.ts';
import type { SimTime } from './clock.ts';
import { Stream } from './random.ts';
import { SimNetwork } from './sim-network.ts';
import type { SimServer } from './sim-server.ts';
import { SimTransport } from './sim-transport.ts';

export const SERVER_URL = 'http://127.0.0.1:1';
export const USER = { name: 'ada', password: 'correct horse' } as const;

/** Somebody with an account. */
export interface Person {
  readonly name: string;
  readonly password: string;
}

export interface Linked extends LinkAnswer {
  readonly serverUrl: string;
  readonly instance: string;
}

/** Links while nothing else goes on: time runs until it is done. */
export function linkTo(
  time: SimTime,
  host: SimServer,
  device: string,
  identity: Stream,
  user: Person = USER,
): Promise<Linked> {
  return time.drive(linkOver(time, host, device, identity, user), 60_000, `linking ${device}`);
}

/** Links while everything else goes on. */
export async function linkOver(
  time: SimTime,
  host: SimServer,
  device: string,
  identity: Stream,
  user: Person = USER,
): Promise<Linked> {
  const domain = time.domain(`linking ${device}`);
  const instance = toHex(identity.bytes(16));
  const request = { user: user.name, password: user.password, device, os: 'simulated', instance };
  const connect = (): SimTransport =>
    new SimTransport(host, new SimNetwork(new Stream(0, 'linking')), domain);
  for (let attempt = 1; ; attempt += 1) {
    const linked = await linkDevice({ clock: domain, connect }, SERVER_URL, request);
    if (linked.kind === 'linked') return { ...linked.answer, serverUrl: linked.serverUrl, instance };
    // The server may be starting again at this very moment.
    if (linked.kind === 'refused' || attempt >= 10)
      throw new Error(`linking ${device} failed: ${JSON.stringify(linked)}`);
    await domain.sleep(3000);
  }
}
