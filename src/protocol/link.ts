/** What a device gets when it is linked, be it to an account or to a share; and the answer that says nothing. */
import { type Static, Type } from 'typebox';
import { DeviceIdSchema, EpochSchema, NamespaceIdSchema, record, UserIdSchema } from './schema.ts';

export const LinkAnswer = record({
  deviceId: DeviceIdSchema,
  token: Type.String({ pattern: '^[A-Za-z0-9_-]{32,128}$' }),
  userId: UserIdSchema,
  namespace: NamespaceIdSchema,
  serverId: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  epoch: EpochSchema,
});
export type LinkAnswer = Static<typeof LinkAnswer>;

export const Empty = record({});
