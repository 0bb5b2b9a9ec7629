/** Which exit code an expected error ends with. Apart from `exit.ts`, since the table of errors takes time to load. */
import { ERRORS, type ErrorCode } from '../protocol/errors.ts';
import { EXIT } from './exit.ts';

const SERVER: readonly ErrorCode[] = ['wrong-password', 'signed-out'];
const NEEDS_YOU: readonly ErrorCode[] = ['device-cloned', 'hostile-server', 'server-changed'];

export function exitCodeOf(code: ErrorCode): number {
  if (code === 'bad-address') return EXIT.usage;
  if (SERVER.includes(code) || ERRORS[code].scope === 'network') return EXIT.server;
  if (NEEDS_YOU.includes(code) || ERRORS[code].scope === 'root') return EXIT.needsYou;
  return EXIT.no;
}
