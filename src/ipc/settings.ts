/** What the engine keeps of the user's wishes, and the devices of the account. */
import { type Static, Type } from 'typebox';
import { Count, Millis, nullable, open, record, Sentence } from './shapes.ts';

/** KiB per second; null is as fast as it goes. */
const Rate = nullable(Type.Integer({ minimum: 1, maximum: 10_000_000 }));
const ClockTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });

/** Other limits between two times of the day, local time; `from` after `to` goes over midnight. */
export const LimitSchedule = record({
  from: ClockTime,
  to: ClockTime,
  /** 0 is Sunday: the days on which it begins. */
  days: Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), { maxItems: 7 }),
  up: Rate,
  down: Rate,
});

const settings = {
  up: Rate,
  down: Rate,
  schedule: nullable(LimitSchedule),
  /** 'system' takes HTTPS_PROXY and NO_PROXY as they are. */
  proxy: Type.Union([
    record({ kind: Type.Literal('system') }),
    record({ kind: Type.Literal('none') }),
    record({
      kind: Type.Literal('manual'),
      url: Type.String({ maxLength: 2048, pattern: '^https?://[^\\s]+$' }),
    }),
  ]),
};
/** As it is sent and kept: closed. */
export const EngineSettings = record(settings);
export type EngineSettings = Static<typeof EngineSettings>;
/** As it is told: a newer engine may have more of them. */
export const SettingsShown = open(settings);

/** All of them; what is not to change is sent as it was. They hold from now on and after a restart. */
export const SettingsParams = record({ settings: EngineSettings });

export const DeviceRow = open({
  deviceId: Type.String(),
  name: Type.String(),
  os: Type.String(),
  linkedAt: Millis,
  lastSeenAt: nullable(Millis),
  revoked: Type.Boolean(),
  self: Type.Boolean(),
  /** It is there this moment. */
  online: Type.Boolean(),
  /** Changes it has not acknowledged yet. */
  behind: Count,
});
export type DeviceRow = Static<typeof DeviceRow>;
export const DevicesListResult = open({ devices: Type.Array(DeviceRow) });
export type DevicesListResult = Static<typeof DevicesListResult>;
export const DeviceRevokeParams = record({ deviceId: Type.String({ minLength: 1, maxLength: 64 }) });
export const DeviceRevokeResult = open({ deviceId: Type.String(), sentence: Sentence });

/** For a state whose token is in the keychain of the system: the engine waits for it at each start. */
export const TokenParams = record({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{32,128}$' }) });
export const TokenResult = open({ taken: Type.Boolean() });

/** What a report to the makers would hold: names of files, people, servers and devices are replaced unless `names` is true. */
export const BundleParams = record({ names: Type.Optional(Type.Boolean()) });
export const BundleResult = open({
  parts: Type.Array(open({ name: Type.String(), text: Type.String() })),
  redacted: Type.Boolean(),
});
export type BundleResult = Static<typeof BundleResult>;
