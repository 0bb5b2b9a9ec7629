/**
 * Sharing: every change is one transaction that first asks for the right in the very namespace. Who is not in is answered
 * as if there were no such namespace; whether an invited name is a user is told to nobody.
 */
import { checkName } from '../../src/core/names/valid-name.ts';
import {
  type DeviceId,
  type NamespaceId,
  parseNamespaceId,
  parseTenantId,
  uuidV7,
} from '../../src/protocol/ids.ts';
import type { LinkAnswer } from '../../src/protocol/routes.ts';
import type { Member, Role, ShareKind, SharePlace, SharesAnswer } from '../../src/protocol/shares.ts';
import type { DeviceSession } from '../accounts/accounts.ts';
import { newDevice } from '../accounts/new-device.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import { isVisible, normalUserName } from '../accounts/users.ts';
import type { ServerClock, ServerRandom } from '../exchange.ts';
import type { MetadataStore, ReadTx, WriteTx } from '../metadata/metadata-store.ts';
import { addNamespace } from '../metadata/rules/new-namespace.ts';
import type { RuleEffects } from '../metadata/rules.ts';
import type { MembershipRow } from '../metadata/sharing-rows.ts';
import { may } from './policy.ts';

/** Members and invitations of one share, and shares of one user. */
const MOST = 500;
/** Of what ended, so many are told: more than end between two looks. */
const TOLD = 100;

export interface ShareParts {
  readonly store: MetadataStore;
  readonly clock: ServerClock;
  readonly random: ServerRandom;
  readonly effects: RuleEffects;
  readonly blake3: (bytes: Uint8Array) => Uint8Array;
  readonly serverId: string;
}

export interface Done {
  readonly kind: 'done';
  /** Devices whose tokens ended with it. */
  readonly ended: readonly DeviceId[];
  /** Whose devices are to look at their shares again. */
  readonly news: readonly string[];
}

function doneFor(user: string): Done {
  return { kind: 'done', ended: [], news: [user] };
}

const NO_SHARE = refused('not-found', 'there is nothing shared with you under this id');

export class Shares {
  readonly #parts: ShareParts;

  constructor(parts: ShareParts) {
    this.#parts = parts;
  }

  list({ user }: DeviceSession): Promise<SharesAnswer> {
    return this.#parts.store.read(async (tx) => {
      const rows = await tx.sharesOf(user.name);
      const shares = rows.map(({ share, membership }) => ({
        namespace: share.namespace,
        kind: share.kind,
        name: share.name,
        role: membership.role,
        standing: membership.standing,
        invitedBy: membership.by,
        at: membership.at,
        place: membership.place,
      }));
      const ended = await tx.departuresOf(user.name, TOLD);
      return { shares, ended: ended.map((each) => ({ ...each })), mark: this.#markOf(rows) };
    });
  }

  /** Another one whenever anything of what `list` tells is another one. Null: this device does not ask. */
  mark({ user, device }: DeviceSession): Promise<string | null> {
    if (device.main !== null) return Promise.resolve(null);
    return this.#parts.store.read(async (tx) => this.#markOf(await tx.sharesOf(user.name)));
  }

  #markOf(rows: Awaited<ReturnType<ReadTx['sharesOf']>>): string {
    const bytes = this.#parts.blake3(new TextEncoder().encode(JSON.stringify(rows)));
    return Buffer.from(bytes.subarray(0, 16)).toString('hex');
  }

  /** Its chunks are a tenant of their own: what is read there is what all its members may read, and nothing else. */
  async create({ user }: DeviceSession, rawName: string, kind: ShareKind): Promise<NamespaceId | Refused> {
    const name = rawName.normalize('NFC').trim();
    if (!isVisible(name)) return refused('unprocessable', 'a share has a name of visible characters');
    const { store, clock, random, effects } = this.#parts;
    return store.write(async (tx) => {
      if ((await tx.sharesOf(user.name)).length >= MOST)
        return refused('unprocessable', `at most ${MOST} shares`);
      const at = clock.now();
      const tenant = parseTenantId(uuidV7(at, random.bytes(10)));
      const namespace = parseNamespaceId(uuidV7(at, random.bytes(10)));
      await addNamespace(tx, effects, { id: namespace, tenant, owner: user.id });
      await tx.addShare({ namespace, kind, name, at });
      await tx.setMembership(namespace, {
        user: user.name,
        role: 'owner',
        standing: 'member',
        by: null,
        at,
        place: null,
      });
      return namespace;
    });
  }

  members({ user }: DeviceSession, ns: NamespaceId): Promise<readonly Member[] | Refused> {
    return this.#parts.store.read(async (tx) => {
      const own = await tx.membership(ns, user.name);
      if (own?.standing !== 'member') return NO_SHARE;
      const rows = await tx.membersOf(ns);
      return rows.map(({ user: name, role, standing, at }) => ({ user: name, role, standing, at }));
    });
  }

  /** Invites, or gives another role to who is in or invited. */
  setMember(session: DeviceSession, ns: NamespaceId, rawName: string, role: Role): Promise<Done | Refused> {
    const name = normalUserName(rawName);
    const { store, clock } = this.#parts;
    return store.write(async (tx) => {
      const trouble = await this.#mustManage(tx, session, ns);
      if (trouble !== null) return trouble;
      if (!isVisible(name)) return refused('unprocessable', 'a user name consists of visible characters');
      const known = await tx.membership(ns, name);
      if (known === null && (await tx.membersOf(ns)).length >= MOST)
        return refused('unprocessable', `at most ${MOST} members`);
      if (role !== 'owner' && (await isLastOwner(tx, ns, known)))
        return refused('unprocessable', 'somebody has to own it: make another member the owner first');
      await tx.setMembership(ns, {
        user: name,
        role,
        standing: known?.standing ?? 'invited',
        by: known?.by ?? session.user.name,
        at: known?.at ?? clock.now(),
        place: known?.place ?? null,
      });
      return doneFor(name);
    });
  }

  /** Somebody is taken out, or goes; their devices' tokens for it end in the same transaction. */
  removeMember(session: DeviceSession, ns: NamespaceId, rawName: string): Promise<Done | Refused> {
    const name = normalUserName(rawName);
    const { store, clock } = this.#parts;
    return store.write(async (tx) => {
      const own = await tx.membership(ns, session.user.name);
      if (own?.standing !== 'member') return NO_SHARE;
      if (name !== session.user.name && !may(own.role, 'manage'))
        return refused('forbidden', 'only an owner decides who is in');
      const known = await tx.membership(ns, name);
      if (known === null) return refused('not-found', 'there is no such member');
      if (await isLastOwner(tx, ns, known))
        return refused('unprocessable', 'somebody has to own it: make another member the owner first');
      // An invitation that is taken back was nothing yet: whoever may invite could fill the lists of others with it.
      const told = known.standing === 'member' ? { by: session.user.name, at: clock.now() } : null;
      await tx.removeMembership(ns, name, told);
      return { ...doneFor(name), ended: await tx.revokeIn(ns, name, clock.now()) };
    });
  }

  answerInvitation(
    { user }: DeviceSession,
    ns: NamespaceId,
    accept: boolean,
    place: SharePlace | null = null,
  ): Promise<Done | Refused> {
    return this.#parts.store.write(async (tx) => {
      const own = await tx.membership(ns, user.name);
      if (own === null) return NO_SHARE;
      const name = place === null ? null : checkName(place.name);
      if (name?.kind === 'refused') return refused('unprocessable', name.sentence);
      // Answered already, perhaps on another device.
      if (own.standing === 'member')
        return accept ? doneFor(user.name) : refused('unprocessable', 'you are in already');
      if (accept) await tx.setMembership(ns, { ...own, standing: 'member', place: place ?? own.place });
      else await tx.removeMembership(ns, user.name, { by: user.name, at: this.#parts.clock.now() });
      return doneFor(user.name);
    });
  }

  /** Where this user's devices have it. What stands there is theirs to see. */
  place({ user }: DeviceSession, ns: NamespaceId, place: SharePlace): Promise<Done | Refused> {
    return this.#parts.store.write(async (tx) => {
      const own = await tx.membership(ns, user.name);
      if (own?.standing !== 'member') return NO_SHARE;
      const name = checkName(place.name);
      if (name.kind === 'refused') return refused('unprocessable', name.sentence);
      await tx.setMembership(ns, { ...own, place });
      return doneFor(user.name);
    });
  }

  /** The device gets a token for that namespace; one it had for it before ends. */
  link(session: DeviceSession, ns: NamespaceId, instance: string): Promise<LinkAnswer | Refused> {
    const { store, clock, random, serverId } = this.#parts;
    const { device, user } = session;
    return store.write(async (tx): Promise<LinkAnswer | Refused> => {
      const own = await tx.membership(ns, user.name);
      const namespace = await tx.namespace(ns);
      if (own?.standing !== 'member' || namespace === null) return NO_SHARE;
      if (device.main !== null) return refused('unprocessable', 'only the device itself links to a share');
      for (const id of await tx.surfacesOf(device.id))
        if ((await tx.device(id))?.namespace === ns) await tx.revokeDevice(id, clock.now());
      const { row, token } = newDevice(
        { clock, random },
        { user: user.id, name: device.name, os: device.os, instance, namespace: ns, main: device.id },
      );
      await tx.addDevice(row);
      return { deviceId: row.id, token, userId: user.id, namespace: ns, serverId, epoch: namespace.epoch };
    });
  }

  async #mustManage(tx: ReadTx, { user }: DeviceSession, ns: NamespaceId): Promise<Refused | null> {
    const own = await tx.membership(ns, user.name);
    if (own?.standing !== 'member') return NO_SHARE;
    return may(own.role, 'manage') ? null : refused('forbidden', 'only an owner decides who is in');
  }
}

async function isLastOwner(tx: WriteTx, ns: NamespaceId, member: MembershipRow | null): Promise<boolean> {
  if (member?.role !== 'owner' || member.standing !== 'member') return false;
  const owners = (await tx.membersOf(ns)).filter(
    ({ role, standing }) => role === 'owner' && standing === 'member',
  );
  return owners.length === 1;
}
