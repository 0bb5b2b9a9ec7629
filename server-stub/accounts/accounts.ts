/** Who calls: linking a device by password, recognising it by its token, noticing copies of it. */
import type { Static } from 'typebox';
import type { PasswordAnswer, PasswordRequest } from '../../src/protocol/account-routes.ts';
import type { DeviceId } from '../../src/protocol/ids.ts';
import { passwordFault } from '../../src/protocol/new-password.ts';
import type { HelloRequest, LinkAnswer, LinkRequest } from '../../src/protocol/routes.ts';
import type { Role } from '../../src/protocol/shares.ts';
import type { ServerClock, ServerRandom } from '../exchange.ts';
import type { MetadataStore, ReadTx } from '../metadata/metadata-store.ts';
import type { DeviceRow, NamespaceRow, UserRow } from '../metadata/rows.ts';
import type { Caller, Metadata } from '../metadata/rules.ts';
import { roleIn } from '../sharing/standing.ts';
import { newDevice } from './new-device.ts';
import { type Refused, refused } from './refused.ts';
import type { SignIn } from './sign-in.ts';
import { bearerToken, tokenHash } from './tokens.ts';
import { isVisible } from './users.ts';

export interface AccountParts {
  readonly store: MetadataStore;
  readonly metadata: Metadata;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly serverId: string;
}

/** A device that proved itself, with the one namespace it syncs. */
export interface DeviceSession {
  readonly kind: 'device';
  readonly device: DeviceRow;
  readonly user: UserRow;
  readonly namespace: NamespaceRow;
  /** Of the user in that namespace. */
  readonly role: Role;
  readonly caller: Caller;
}

/** Where a device speaks, and as what; null: nowhere, or not any more. */
async function placeOf(
  tx: ReadTx,
  device: DeviceRow,
  user: UserRow,
): Promise<{ readonly namespace: NamespaceRow; readonly role: Role } | null> {
  const role = await roleIn(tx, device, user.name);
  const [home] = device.namespace === null ? await tx.namespacesOf(device.user) : [];
  const namespace = device.namespace === null ? home : await tx.namespace(device.namespace);
  return role === null || !namespace ? null : { namespace, role };
}

const INSTANCE = /^([0-9a-f]{32}):([1-9][0-9]{0,15})(?::([0-9a-f]{32}))?$/;

export class Accounts {
  readonly #parts: AccountParts;
  readonly #signIn: SignIn;

  constructor(parts: AccountParts, signIn: SignIn) {
    this.#parts = parts;
    this.#signIn = signIn;
  }

  async link(request: LinkRequest, remote: string): Promise<LinkAnswer | Refused> {
    const name = request.device.normalize('NFC').trim();
    if (!isVisible(name)) return refused('unprocessable', 'a device name consists of visible characters');
    const user = await this.#signIn.check(request.user, request.password, remote);
    if ('kind' in user) return user;
    const { store, metadata, clock, random, serverId } = this.#parts;
    const namespace = await metadata.ensureNamespace(user.tenant, user.id);
    const { os, instance } = request;
    const { row: device, token } = newDevice(
      { clock, random },
      { user: user.id, name, os, instance, namespace: null, main: null },
    );
    const row = await store.write(async (tx) => {
      await tx.addDevice(device);
      return tx.namespace(namespace);
    });
    if (row === null) throw new Error('the namespace of the user is gone');
    return { deviceId: device.id, token, userId: user.id, namespace, serverId, epoch: row.epoch };
  }

  /**
   * Another password. Devices have tokens of their own, which it does not touch: the others are ended where that is
   * asked for. Answers with the ids that are ended, for whoever holds their polls.
   */
  async changePassword(
    { user, device }: DeviceSession,
    request: PasswordRequest,
    remote: string,
  ): Promise<{ readonly answer: PasswordAnswer; readonly ended: readonly DeviceId[] } | Refused> {
    const fault = passwordFault(user.name, request.new);
    if (fault !== null) return refused('bad-password', fault);
    const known = await this.#signIn.check(user.name, request.old, remote);
    if ('kind' in known) return known;
    const hash = await this.#signIn.hash(request.new);
    if (typeof hash !== 'string') return hash;
    return this.#parts.store.write(async (tx) => {
      const now = await tx.user(user.id);
      // Somebody else changed it since: then this was not the password any more.
      if (now?.passwordHash !== known.passwordHash)
        return refused('wrong-password', 'the user name or the password is wrong');
      await tx.setPasswordHash(user.id, hash);
      const self = device.main ?? device.id;
      const others = (await tx.devicesOf(user.id)).filter(
        ({ id, revokedAt }) => id !== self && revokedAt === null,
      );
      if (!request.endOthers) return { answer: { others: others.length, ended: 0 }, ended: [] };
      const ended: DeviceId[] = [];
      for (const { id } of others) {
        ended.push(id, ...(await tx.surfacesOf(id)));
        await tx.revokeDevice(id, this.#parts.clock.now());
      }
      return { answer: { others: 0, ended: others.length }, ended };
    });
  }

  /** The device behind a token; `null`: none, or not any more. */
  async recognise(authorization: string | undefined): Promise<DeviceSession | null> {
    const token = bearerToken(authorization);
    if (token === null) return null;
    return this.#parts.store.read(async (tx): Promise<DeviceSession | null> => {
      const device = await tx.deviceByToken(tokenHash(token));
      if (device === null || device.revokedAt !== null) return null;
      const user = await tx.user(device.user);
      if (user === null) return null;
      const place = await placeOf(tx, device, user);
      if (place === null) return null;
      const { namespace, role } = place;
      const caller: Caller = {
        tenant: namespace.tenant,
        user: user.id,
        userName: user.name,
        device: device.id,
        deviceName: device.name,
        namespace: namespace.id,
      };
      return { kind: 'device', device, user, namespace, role, caller };
    });
  }

  /**
   * Refuses what comes from a copy or an older state of the device. It names its start too: a server that was put back
   * does not see who said hello before say it again. What is newer than it knows is therefore believed as a hello is, or
   * two copies would go on as one.
   */
  async checkInstance(session: DeviceSession, header: string | undefined): Promise<Refused | null> {
    const { device } = session;
    if (header === undefined) return null;
    const match = INSTANCE.exec(header);
    if (match === null)
      return refused('bad-request', 'x-tidemark-instance is not <instance>:<generation>[:<start>]');
    const [, instance = '', digits, start] = match;
    const generation = Number(digits);
    // More starts than can be counted would be kept as a number that cannot be read back.
    if (!Number.isSafeInteger(generation))
      return refused('bad-request', 'x-tidemark-instance counts more starts than there can be');
    if (instance === device.instance && generation > device.generation)
      return this.#begin(session, instance, generation, start ?? null);
    const isOther =
      generation === device.generation &&
      start !== undefined &&
      device.start !== null &&
      start !== device.start;
    if (instance !== device.instance || generation < device.generation || isOther)
      return refused('device-cloned', 'this device went on elsewhere');
    return null;
  }

  /**
   * A generation counts the starts of an engine, `start` names one. An older generation, or the same one with another
   * start, is a copy of the device. It is decided in one transaction and kept: whoever was told apart once stays so.
   */
  async hello(session: DeviceSession, request: Static<typeof HelloRequest>): Promise<Refused | null> {
    const { instance, generation, start = null } = request;
    const isKnown = (known: DeviceRow | null) =>
      known?.instance === instance && known.generation === generation && known.start === start;
    if (isKnown(session.device)) return null;
    // The header of this very request has said so already, mostly: a look is cheaper than another flush.
    if (isKnown(await this.#parts.store.read(async (tx) => tx.device(session.device.id)))) return null;
    return this.#begin(session, instance, generation, start);
  }

  async #begin(
    { device: known }: DeviceSession,
    instance: string,
    generation: number,
    start: string | null,
  ): Promise<Refused | null> {
    const isOurs = await this.#parts.store.write(async (tx) => {
      const now = await tx.device(known.id);
      if (now === null || instance !== now.instance || generation < now.generation) return false;
      if (generation === now.generation && now.start !== null && start !== now.start) return false;
      await tx.setStart(known.id, generation, start);
      return true;
    });
    return isOurs ? null : refused('device-cloned', 'this device went on elsewhere');
  }
}
