import type { Static } from 'typebox';
import { PresenceRequest } from '../../src/protocol/presence.ts';
import type { Empty } from '../../src/protocol/routes.ts';
import { forDevice, json } from './route-context.ts';

export const presence = forDevice(PresenceRequest, async ({ parts, session }, { sending }) => {
  const { device, namespace } = session;
  if (parts.presence.sends(device.id, namespace.id, sending)) parts.hub.uploading(namespace.id, device.id);
  return json<Static<typeof Empty>>({});
});
