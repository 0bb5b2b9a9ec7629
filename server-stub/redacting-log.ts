/** A log that tells operators what happened, and nobody what users have: no token, no password, no name of a file. */
import type { ServerLog } from './exchange.ts';

const GONE = '…';
/** Whatever stands under such a name is somebody's. */
const SECRET = /token|password|secret|authorization|cookie|^name$|^names$|fileName|userName/i;
/** Texts that a fault quotes come from requests or rows. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"/g;
/** Tokens are longer than any word; ids and hashes are hex digits, and stay. */
const LONG = /(?<![\w-])(?![0-9a-f]+(?![\w-]))[\w-]{40,}(?![\w-])/g;
const DEPTH = 5;

export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(QUOTED, `"${GONE}"`).replace(LONG, GONE);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= DEPTH || ArrayBuffer.isView(value)) return GONE;
  if (Array.isArray(value)) return value.map((each) => redacted(each, depth + 1));
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    SECRET.test(key) ? GONE : redacted(each, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

export function redactingLog(log: ServerLog): ServerLog {
  return (level, message, facts) => {
    const clean = facts === undefined ? undefined : redacted(facts);
    log(level, message, typeof clean === 'object' && clean !== null ? clean : undefined);
  };
}
