/** What is meant when it is not said. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Io } from './out.ts';
import type { Verb } from './verbs.ts';

/** Port of a server. */
export const DEFAULT_PORT = 4747;

/** Where `tidemark start` keeps everything. */
export function defaultHome(io: Io): string {
  return io.env['TIDEMARK_HOME'] || join(io.env['HOME'] || homedir(), '.tidemark');
}

/** The state folder of the device that `tidemark start` links. */
export function stateInHome(home: string): string {
  return join(home, 'this-computer');
}

/** Verbs that set a device up always name their state. */
const EXPLICIT = ['link', 'run'];

/** $TIDEMARK_STATE, or the device that `tidemark start` set up. */
export function defaultState(verb: Verb, io: Io): Readonly<Record<string, string | undefined>> {
  if (!('state' in verb.options) || EXPLICIT.includes(verb.name)) return {};
  const named = io.env['TIDEMARK_STATE'];
  if (named) return { state: named };
  const started = stateInHome(defaultHome(io));
  return existsSync(started) ? { state: started } : {};
}
