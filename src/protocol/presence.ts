/** Presence on the wire: what devices are doing this moment. It is shown, never decided by, and gone with the process. */
import { type Static, Type } from 'typebox';
import { Count, record } from './schema.ts';

/** Files that are named; more are only counted. */
export const MOST_SENDING = 20;

/** Longer ones are not told. */
export const LONGEST_PATH = 4096;

/** A file on its way up: how much of it the server is known to have. */
export const Sending = record({
  path: Type.String({ minLength: 1, maxLength: LONGEST_PATH }),
  bytes: Count,
  sent: Count,
});
export type Sending = Static<typeof Sending>;

/** All that this device sends now; the next one takes its place, and silence ends it. */
export const PresenceRequest = record({ sending: Type.Array(Sending, { maxItems: MOST_SENDING }) });
