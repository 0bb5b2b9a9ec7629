/** One case: something goes wrong on the way, and in the end nothing is lost, doubled or unsaid. */
import assert from 'node:assert/strict';
import type { FaultProxy } from './fault-proxy.ts';
import type { NetworkRig } from './rig.ts';

export interface NetworkCase {
  /** A sentence of its own, so that one case can be picked by it. */
  readonly name: string;
  /** Breaks the line, works, heals the line; the ledger is checked afterwards. */
  readonly run: (rig: NetworkRig) => Promise<void>;
}

export type Whose = 'writer' | 'reader';

export function lineOf(rig: NetworkRig, whose: Whose): FaultProxy {
  return whose === 'writer' ? rig.writerLine : rig.readerLine;
}

/** Runs one case and proves that all is well afterwards; the line is healed whatever happened. */
export async function runCase(rig: NetworkRig, each: NetworkCase): Promise<void> {
  try {
    await each.run(rig);
  } finally {
    rig.heal();
  }
  await rig.settled();
  for (const line of [rig.writerLine, rig.readerLine]) assert.deepEqual(line.caseErrors, []);
}

/** Calls that carry work, and whose they are. */
export const CALLS: readonly { readonly path: string; readonly whose: Whose }[] = [
  { path: '/v1/commit', whose: 'writer' },
  { path: '/v1/sessions', whose: 'writer' },
  { path: '/v1/chunks', whose: 'writer' },
  { path: '/v1/finalize', whose: 'writer' },
  { path: '/v1/journal', whose: 'reader' },
  { path: '/v1/notify', whose: 'reader' },
  { path: '/v1/chunks/get', whose: 'reader' },
];
