/** Routes about the server itself, and about the room it has. */
import { type Static, Type } from 'typebox';
import { route } from './route.ts';
import { Count, nullable, record } from './schema.ts';

/** Bytes of this namespace's owner, each stored chunk counted once; null: as much as there is room. */
export const UsageAnswer = record({ used: Count, quota: nullable(Count) });
export type UsageAnswer = Static<typeof UsageAnswer>;

export const ReadyAnswer = record({
  ok: Type.Literal(true),
  serverId: Type.String(),
  /** It takes and keeps everything, and something that should stand behind it does not, in a few words. */
  degraded: Type.Optional(Type.String()),
});
export type ReadyAnswer = Static<typeof ReadyAnswer>;

export const OPERATION_ROUTES = {
  usage: route(
    'GET',
    '/v1/usage',
    'device',
    'none',
    null,
    'json',
    UsageAnswer,
    'What is stored, and how much may be.',
  ),
  ready: route(
    'GET',
    '/v1/ready',
    'anyone',
    'none',
    null,
    'json',
    ReadyAnswer,
    'Can the server take and keep something now: 503 where it cannot.',
  ),
} as const;
