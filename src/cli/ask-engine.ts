/** What all clients of the running engine share: finding it, asking it, and saying why there is no answer. */
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Method, Params, Result } from '../ipc/contract.ts';
import { EXIT } from '../ipc/exit.ts';
import { type CallOutcome, type ControlClient, connectControl } from '../ipc/node-control-client.ts';
import { syncPathOf } from '../ipc/sync-path.ts';
import type { Out } from './out.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput } from './verbs.ts';

export function stateFolder(input: VerbInput): string {
  return resolve(input.io.cwd, input.options['state'] ?? '');
}

/** Whether a device was linked with this state. */
export function hasDevice(state: string): boolean {
  return existsSync(join(state, 'account.json'));
}

/** Says that nothing is running there, and what to do. */
export async function notRunning(out: Out, state: string): Promise<number> {
  if (!hasDevice(state)) return out.refuse('state-missing', { file: state }, EXIT.notRunning);
  out.complain(
    'not-running',
    `Tidemark is not running with the state in ${state}. Start it with: tidemark run --state ${state}`,
  );
  return EXIT.notRunning;
}

/** Runs with a connection to the engine and closes it afterwards. */
export async function withEngine(
  input: VerbInput,
  use: (client: ControlClient) => Promise<number>,
): Promise<number> {
  const state = stateFolder(input);
  const connected = await connectControl(state);
  switch (connected.kind) {
    case 'not-running':
      return notRunning(input.out, state);
    case 'failed':
      input.out.complain('fault', `The engine's socket cannot be opened: ${connected.detail}.`);
      return EXIT.no;
    case 'connected':
      try {
        return await use(connected.client);
      } finally {
        connected.client.close();
      }
  }
}

export type Asked<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'told'; readonly exit: number };

/** Says why there is no result, and which exit code that is. */
export async function told<M extends Method>(
  out: Out,
  outcome: Exclude<CallOutcome<M>, { kind: 'ok' }>,
): Promise<{ readonly kind: 'told'; readonly exit: number }> {
  switch (outcome.kind) {
    case 'refused':
      return { kind: 'told', exit: await out.refuse(outcome.code, outcome.facts) };
    case 'fault':
      out.complain('fault', outcome.message);
      return { kind: 'told', exit: EXIT.no };
    case 'lost':
      out.complain('not-running', 'Tidemark stopped before it answered.');
      return { kind: 'told', exit: EXIT.notRunning };
    case 'no-answer':
      out.complain('fault', 'Tidemark is running but does not answer.');
      return { kind: 'told', exit: EXIT.no };
  }
}

export async function ask<M extends Method>(
  out: Out,
  client: ControlClient,
  method: M,
  params: Params<M>,
  timeoutMs?: number,
): Promise<Asked<Result<M>>> {
  const outcome = await client.call(method, params, timeoutMs);
  return outcome.kind === 'ok' ? outcome : told(out, outcome);
}

/** The usual verb: one question, its result for programs, `show` for people. */
export function askOnce<M extends Method>(
  input: VerbInput,
  method: M,
  params: Params<M>,
  show: (result: Result<M>) => void,
): Promise<number> {
  return withEngine(input, async (client) =>
    answered(input, await ask(input.out, client, method, params), show),
  );
}

/**
 * The path as the engine knows it. What was typed is meant as everywhere on a command line, from where one stands;
 * when that is not inside the synced folder, it is meant from the synced folder.
 */
export async function syncPath(
  input: VerbInput,
  client: ControlClient,
  typed: string,
): Promise<Asked<string>> {
  const status = await ask(input.out, client, 'status', {});
  if (status.kind === 'told') return status;
  const { folder } = status.value;
  const real = await realpath(folder).catch(() => folder);
  const windows = process.platform === 'win32';
  for (const root of [folder, real]) {
    const here = syncPathOf(root, resolve(input.io.cwd, typed), windows);
    if (here.kind === 'inside') return { kind: 'ok', value: here.path };
  }
  // A single slash is the synced folder itself: the root of what is synced, not of the disk.
  if (typed === '/') return { kind: 'ok', value: '' };
  const below = syncPathOf(folder, typed, windows);
  if (below.kind === 'inside') return { kind: 'ok', value: below.path };
  throw new UsageError(`${typed} is not in the synced folder ${folder}.`);
}

/** The same for verbs about one file or folder below the synced one. */
export async function syncPathBelow(
  input: VerbInput,
  client: ControlClient,
  typed: string,
): Promise<Asked<string>> {
  const asked = await syncPath(input, client, typed);
  if (asked.kind === 'ok' && asked.value === '')
    throw new UsageError('That is the synced folder itself: name something inside it.');
  return asked;
}

/** The usual verb about one file or folder, named by its first word. */
export function askAbout<M extends Method>(
  input: VerbInput,
  method: M,
  paramsOf: (path: string) => Params<M>,
  show: (result: Result<M>) => void,
): Promise<number> {
  return withEngine(input, async (client) => {
    const path = await syncPathBelow(input, client, input.positionals[0] ?? '');
    if (path.kind === 'told') return path.exit;
    return answered(input, await ask(input.out, client, method, paramsOf(path.value)), show);
  });
}

/** What was answered, for programs and for people; or the exit code of what was told instead. */
export function answered<T extends object>(
  input: VerbInput,
  asked: Asked<T>,
  show: (result: T) => void,
): number {
  if (asked.kind === 'told') return asked.exit;
  input.out.result(asked.value);
  show(asked.value);
  return EXIT.ok;
}

/** All pages of a list, joined. */
export async function allPages<Row>(
  page: (
    after: string | undefined,
  ) => Promise<Asked<{ readonly rows: readonly Row[]; readonly next: string | null }>>,
): Promise<Asked<Row[]>> {
  const rows: Row[] = [];
  let after: string | undefined;
  for (;;) {
    const asked = await page(after);
    if (asked.kind === 'told') return asked;
    rows.push(...asked.value.rows);
    if (asked.value.next === null) return { kind: 'ok', value: rows };
    after = asked.value.next;
  }
}
