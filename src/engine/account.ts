/** Who this device is: kept in the state folder, the token in an owner-only file of its own, or not at all. */
import { type Static, Type } from 'typebox';
import { DeviceIdSchema, NamespaceIdSchema, parserOf, record } from '../protocol/schema.ts';

export const Account = record({
  serverUrl: Type.String({ minLength: 1 }),
  serverId: Type.String({ minLength: 1 }),
  namespace: NamespaceIdSchema,
  deviceId: DeviceIdSchema,
  device: Type.String(),
  user: Type.String(),
  /** Random text of this installation. */
  instance: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  /** Absolute path of the synced folder. */
  folder: Type.String({ minLength: 1 }),
  /** Files the brake lets pass; null: off. */
  brakeFiles: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  /** Certificates (PEM) that are trusted besides those of the system, as they were when the device was linked. */
  ca: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 * 1024 })),
  /** The token is kept elsewhere (the keychain of the system) and given to the engine at each start; else it is beside. */
  keychain: Type.Optional(Type.Boolean()),
});
export type Account = Static<typeof Account>;

export const parseAccount = parserOf(Account);
