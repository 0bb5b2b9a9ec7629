/** One run in which a call fails, once or from there on, until it is healed: nothing is lost, and nobody has to help. */
import { join } from 'node:path';
import { pause } from '../support/devices.ts';
import { momentTroubles } from './checks.ts';
import { isSame, show } from './contents.ts';
import { type Run, settledTroubles } from './crash-run.ts';
import type { Operation } from './operation.ts';
import type { Kind, Strike } from './point-shim.ts';
import type { Stage } from './stage.ts';

/** What goes wrong, and the calls it can happen to. */
export interface Fault {
  readonly name: string;
  readonly strike: Strike;
  readonly kinds: readonly Kind[];
}

const ALL: readonly Kind[] = ['open', 'create', 'write', 'name', 'remove', 'meta', 'sync', 'read', 'look'];

const CALLS = {
  ENOSPC: ['create', 'write', 'name'],
  EIO: ALL,
  EMFILE: ['open', 'create'],
  EACCES: ['open', 'create', 'name', 'remove', 'meta', 'look'],
} as const satisfies Readonly<Record<string, readonly Kind[]>>;

function faultsThat(sticky: boolean): readonly Fault[] {
  const often = sticky ? 'from there on' : 'once';
  const failing = (['ENOSPC', 'EIO', 'EMFILE', 'EACCES'] as const).map(
    (errno): Fault => ({
      name: `${errno} ${often}`,
      strike: { kind: 'fail', errno, sticky },
      kinds: CALLS[errno],
    }),
  );
  const short: Fault = { name: `short writes ${often}`, strike: { kind: 'short', sticky }, kinds: ['write'] };
  return [...failing, short];
}

export const FAULTS: readonly Fault[] = [...faultsThat(false), ...faultsThat(true)];

/** What fails from some call on does so for this long. */
const SICK_MS = 600;
const LOOK_MS = 20;

/** Fails the `at`-th call of the fault's kinds. */
export async function faultRun(stage: Stage, operation: Operation, fault: Fault, at: number): Promise<Run> {
  const troubles: string[] = [];
  let struck: Run['struck'] = null;
  try {
    const folder = await stage.prepared(operation);
    await operation.ready?.(stage, folder);
    const said = stage.log().length;
    stage.points.arm(at === 0 ? { kind: 'count' } : fault.strike, at, fault.kinds);
    await operation.act(stage, folder);
    await spell(stage, fault, () => isOver(stage, operation, folder));
    if (stage.points.fired > 0) {
      struck = stage.points.points()[at - 1] ?? { call: 'unknown', path: '' };
      troubles.push(
        ...momentTroubles(stage, operation, folder).map((each) => each.replace('dead', 'failing')),
      );
      if (stage.alive) troubles.push(...(await lies(stage, operation, folder)));
    }
    stage.points.disarm();
    if (!stage.alive) {
      const words = stage.log().slice(said);
      if (!hasSaidWhy(words)) troubles.push(`it ended without a sentence: ${words.slice(-1500)}`);
      if (!(await stage.start())) throw new Error(`it does not start again:\n${stage.log()}`);
    }
    troubles.push(...(await settledTroubles(stage, operation, folder)));
  } catch (error) {
    struck ??= stage.points.points()[at - 1] ?? null;
    stage.points.disarm();
    troubles.push(error instanceof Error ? error.message : String(error));
  }
  return { operation, at, struck, points: stage.points.points(), troubles };
}

/** Until the operation is over or the process has ended; a lasting fault is healed after a while. */
export async function spell(stage: Stage, fault: Fault, isOver: () => Promise<boolean>): Promise<void> {
  const lasting = 'sticky' in fault.strike && fault.strike.sticky;
  let since: number | null = null;
  const end = performance.now() + 30_000;
  while (stage.alive && performance.now() < end) {
    if (stage.points.fired > 0) {
      if (!lasting) return;
      since ??= performance.now();
      if (performance.now() - since > SICK_MS) return;
    } else if (await isOver()) return;
    await pause(LOOK_MS);
  }
}

/** Looked at from outside: to ask for more than the status would make calls of its own, without end. */
export async function isOver(stage: Stage, operation: Operation, at: string): Promise<boolean> {
  const there = stage.contents.held(join(stage.folder('other'), at));
  const isThere = operation.ends(at).some((end) => isSame(end.held, there));
  if (!isThere || !hasEnded(stage, operation, at)) return false;
  const state = (await stage.status().catch(() => null))?.state ?? '';
  if (!['up-to-date', ...(operation.restsAs ?? []), ...stage.restsAs].includes(state)) return false;
  await stage.quiet();
  return true;
}

function hasEnded(stage: Stage, operation: Operation, at: string): boolean {
  const held = stage.contents.held(join(stage.folder('tested'), at));
  return operation.ends(at).some((end) => isSame(end.held, held));
}

/** "In step" is proof: never said while what the other device has sent is not here. */
async function lies(stage: Stage, operation: Operation, at: string): Promise<readonly string[]> {
  const sent = (await stage.other.wait(0.3)).done;
  const told = sent && (await stage.verbs.wait({ timeout: 0.3 }))?.done === true;
  if (!told || hasEnded(stage, operation, at)) return [];
  return [
    `it says that it is in step, and is not: ${show(stage.contents.held(join(stage.folder('tested'), at)))}`,
  ];
}

/** One sentence for a user; no stack of a program that broke. */
export function hasSaidWhy(words: string): boolean {
  return /\.\s*$/m.test(words) && !/fault of its own|^\s+at .*:\d+/m.test(words);
}
