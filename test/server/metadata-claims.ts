/** Claims and answers in few words. */
import type { Claim } from '../../src/protocol/claims.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { type Hand, World } from './metadata-world.ts';

export const why = (outcome: Outcome) =>
  outcome.kind === 'dropped' ? outcome.why : outcome.kind === 'refused' ? outcome.code : outcome.kind;

export const moveTo = (hand: Hand, seen: JournalEvent, parent: JournalEvent | null, name: string): Claim =>
  hand.move({ node: seen.node, baseEntryRev: seen.entry.rev, parent: parent?.node ?? ROOT_NODE, name });

export type Step = Extract<Claim, { op: 'rearrange' }>['steps'][number];

export const step = (seen: JournalEvent, parent: JournalEvent | null, name: string): Step => ({
  op: 'move',
  node: seen.node,
  baseEntryRev: seen.entry.rev,
  parent: parent?.node ?? ROOT_NODE,
  name,
});

export const removal = (
  seen: JournalEvent,
  observedSeq = Number.MAX_SAFE_INTEGER,
  unapplied: readonly JournalEvent[] = [],
): Step => ({
  op: 'delete',
  node: seen.node,
  base: seen.head?.version ?? null,
  baseEntryRev: seen.entry.rev,
  observedSeq,
  unapplied: unapplied.map(({ node }) => node),
  successor: null,
});

export async function twoDevices() {
  const world = new World();
  return { world, laptop: await world.device('laptop'), phone: await world.device('phone') };
}
