import type { Static } from 'typebox';
import { PasswordRequest, SignUpRequest } from '../../src/protocol/account-routes.ts';
import {
  type DevicesAnswer,
  type Empty,
  type HealthAnswer,
  type HelloAnswer,
  HelloRequest,
  LinkRequest,
  PROTOCOL_VERSION,
  RevokeRequest,
} from '../../src/protocol/routes.ts';
import { refused } from '../accounts/refused.ts';
import { openApiDocument } from './openapi-document.ts';
import {
  type DeviceContext,
  forAnyone,
  forAnyoneBare,
  forDevice,
  forDeviceBare,
  json,
} from './route-context.ts';

export const health = forAnyoneBare(async ({ parts }) =>
  json<HealthAnswer>({ ok: !parts.hub.closing, serverId: parts.serverId, version: parts.version }),
);

export const openapi = forAnyoneBare(async ({ parts }) => json(openApiDocument(parts.version)));

export const link = forAnyone(LinkRequest, async ({ parts, remote }, request) => {
  const answer = await parts.accounts.link(request, remote);
  return 'kind' in answer ? answer : json(answer);
});

export const signUp = forAnyone(SignUpRequest, async ({ parts, remote }, request) => {
  const answer = await parts.signUp.signUp(request, remote);
  return 'kind' in answer ? answer : json(answer);
});

export const changePassword = forDevice(PasswordRequest, async ({ parts, session, remote }, request) => {
  const changed = await parts.accounts.changePassword(session, request, remote);
  if ('kind' in changed) return changed;
  for (const device of changed.ended) parts.hub.endDevice(device);
  return json(changed.answer);
});

export const devices = forDeviceBare(async ({ parts, session }) => {
  const { user, namespace } = session;
  const rows = await parts.store.read(async (tx) => {
    const found: DevicesAnswer['devices'] = [];
    for (const row of await tx.devicesOf(user.id)) {
      const acked = await tx.ackedCursor(row.id, namespace.id);
      found.push({
        deviceId: row.id,
        name: row.name,
        os: row.os,
        linkedAt: row.linkedAt,
        lastSeenAt: row.lastSeenAt,
        revoked: row.revokedAt !== null,
        cursor: acked?.epoch === namespace.epoch ? acked.seq : 0,
        head: namespace.headSeq,
        self: row.id === (session.device.main ?? session.device.id),
        online: row.revokedAt === null && parts.presence.isThere(row.id),
      });
    }
    return found;
  });
  return json<DevicesAnswer>({ devices: rows });
});

export const revoke = forDevice(RevokeRequest, async ({ parts, session }, { deviceId }) => {
  const ended = await parts.store.write(async (tx) => {
    const row = await tx.device(deviceId);
    // Somebody else's device is answered like one that never was.
    if (row === null || row.user !== session.user.id) return null;
    const surfaces = await tx.surfacesOf(deviceId);
    await tx.revokeDevice(deviceId, parts.clock.now());
    return [deviceId, ...surfaces];
  });
  if (ended === null) return refused('not-found', 'there is no such device');
  for (const device of ended) parts.hub.endDevice(device);
  return json<Static<typeof Empty>>({});
});

export const hello = forDevice(HelloRequest, async (context: DeviceContext, request) => {
  const { parts } = context;
  if (request.protocol !== PROTOCOL_VERSION)
    return refused('protocol-version', `this server speaks version ${PROTOCOL_VERSION}`);
  const answer = await parts.greetings.run(() => greet(context, request), context.signal);
  return answer ?? refused('unavailable', 'the device left before its turn');
});

async function greet({ parts, session }: DeviceContext, request: Static<typeof HelloRequest>) {
  const trouble = await parts.accounts.hello(session, request);
  if (trouble !== null) return trouble;
  const { device, namespace } = session;
  const told = await parts.store.read(async (tx) => tx.ackedCursor(device.id, namespace.id));
  if (request.cursor !== null) await parts.metadata.ackCursor(session.caller, request.cursor);
  const head = await parts.metadata.head(namespace.id);
  return json<HelloAnswer>({
    protocol: PROTOCOL_VERSION,
    serverId: parts.serverId,
    namespace: namespace.id,
    user: session.user.name,
    device: device.name,
    epoch: head.epoch,
    head: head.seq,
    now: parts.clock.now(),
    keysBelow: await parts.metadata.keysBelow(session.caller),
    told: told && { epoch: told.epoch, seq: told.seq },
  });
}
