/** Who may read the metrics: somebody on this very computer, or who has the operator's token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServerRequest } from '../exchange.ts';

const LOOPBACK = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
/** A proxy on this computer speaks for somebody else. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

export function mayReadMetrics(
  { remote, headers }: Pick<ServerRequest, 'remote' | 'headers'>,
  token: string | null,
): boolean {
  const [, given] = /^Bearer (\S{1,512})$/.exec(headers['authorization'] ?? '') ?? [];
  if (given !== undefined && token !== null) return isSame(given, token);
  return LOOPBACK.test(remote) && FORWARDED.every((name) => headers[name] === undefined);
}

function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
