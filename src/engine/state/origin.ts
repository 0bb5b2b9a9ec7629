/** Who did something, and how, as one column of a tree row: written with every row, read when somebody is told. */
import { type Static, Type } from 'typebox';
import { EventCause } from '../../protocol/journal.ts';
import { parserOf } from '../../protocol/schema.ts';

const Encoded = Type.Tuple([Type.String(), Type.String(), Type.String(), EventCause]);
const parse = parserOf(Encoded);

export interface Origin {
  readonly deviceId: string;
  readonly device: string;
  readonly user: string;
  readonly cause: Static<typeof EventCause>;
}

export function encodeOrigin(of: {
  readonly device: string;
  readonly deviceName: string;
  readonly user: string;
  readonly cause: Origin['cause'];
}): string {
  return JSON.stringify([of.device, of.deviceName, of.user, of.cause]);
}

/** Null for rows from before origins were kept. */
export function originOf(text: string): Origin | null {
  if (text === '') return null;
  const parsed = parse(JSON.parse(text));
  if (parsed.kind !== 'ok') return null;
  const [deviceId, device, user, cause] = parsed.value;
  return { deviceId, device, user, cause };
}
