/** The troubles that a run may draw, in an order that seeds rely on. */
import { clock, serverClock } from './clocks.ts';
import { failingDisk, fullDisk, mountOver, readOnly, unmountedRoot, unreadable } from './disks.ts';
import { hints } from './hints.ts';
import { housekeeping } from './housekeeping.ts';
import { clone, revoked } from './identities.ts';
import { kill } from './kill.ts';
import { killAtStep } from './kill-at-step.ts';
import { messages } from './messages.ts';
import { offline } from './offline.ts';
import { oldFolder, oldServer, oldState } from './old-copies.ts';
import { powerCut } from './power-cut.ts';
import { serverCrash } from './server-crash.ts';
import { expiredCursor, journalLag, serverCuts, serverRefuses } from './server-faults.ts';
import { serverRestart } from './server-restart.ts';
import type { Trouble, TroubleKind } from './trouble.ts';

export const ALL_TROUBLES: readonly Trouble[] = [
  kill,
  offline,
  serverRestart,
  messages,
  hints,
  killAtStep,
  serverCrash,
  serverRefuses,
  serverCuts,
  expiredCursor,
  journalLag,
  housekeeping,
  clock,
  serverClock,
  fullDisk,
  failingDisk,
  unreadable,
  readOnly,
  unmountedRoot,
  mountOver,
  powerCut,
  oldState,
  oldFolder,
  oldServer,
  clone,
  revoked,
];

/** Kinds as the command line names them: with commas between. */
export function troubleKindsOf(list: string): readonly TroubleKind[] {
  return list
    .split(',')
    .filter((name) => name !== '')
    .map((name) => {
      const trouble = ALL_TROUBLES.find(({ kind }) => kind === name);
      if (trouble === undefined) throw new Error(`there is no trouble ${name}`);
      return trouble.kind;
    });
}
