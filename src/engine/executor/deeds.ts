/** What a step of the engine is in the user's words: who did it, here or elsewhere, and how it could be taken back. */
import type { ActivityVerb } from '../../ipc/events.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import type { Deed } from '../state/ledger.ts';
import { type Origin, originOf } from '../state/origin.ts';
import type { RemoteRecord } from '../state/remote-tree.ts';
import type { State } from '../state/state.ts';

/** The device that this engine is. */
export interface Self {
  readonly deviceId: string;
  readonly device: string;
  readonly user: string;
}

type Facts = Partial<Omit<Deed, 'activity' | 'direction' | 'device' | 'user'>>;

const PLAIN = {
  number: null,
  size: null,
  from: null,
  fromParent: null,
  undo: null,
  version: null,
  entryRev: null,
} as const;

/** Done on this device and now so on the server. */
export function sentDeed({ device, user }: Self, activity: ActivityVerb, facts: Facts = {}): Deed {
  return { ...PLAIN, ...facts, activity, direction: 'sent', device, user };
}

/** Neither sent nor received: a trouble, a held batch. */
export function hereDeed({ device, user }: Self, activity: 'held' | 'problem'): Deed {
  return { ...PLAIN, activity, direction: 'here', device, user };
}

/** Done elsewhere and now so on this disk. Null when this very device did it: that was told when it was sent. */
function receivedDeed(
  self: Self,
  origin: Origin | null,
  activity: ActivityVerb,
  facts: Facts = {},
): Deed | null {
  if (origin?.deviceId === self.deviceId) return null;
  const { device, user } = origin ?? { device: '', user: '' };
  return { ...PLAIN, ...facts, activity, direction: 'received', device, user };
}

/** A content that came down: of something new here (`isNew`), or in place of the one before. */
export function arrivalDeed(self: Self, remote: RemoteRecord, isNew: boolean, wasHere: boolean): Deed | null {
  const { head } = remote;
  if (!head) return null;
  const entry = originOf(remote.entryOrigin);
  const author = originOf(remote.headOrigin);
  const facts = { number: head.number, size: head.content.kind === 'file' ? head.content.size : null };
  if (!isNew)
    return receivedDeed(self, author, author?.cause === 'restore' ? 'restored' : 'edited', {
      ...facts,
      undo: head.number > 1 ? 'version' : null,
      version: head.version,
    });
  if (entry?.cause === 'fork') return receivedDeed(self, entry, 'conflict', facts);
  if (isReturn(entry)) return receivedDeed(self, entry, 'restored', facts);
  return receivedDeed(self, author, wasHere ? 'restored' : 'created', facts);
}

export function folderDeed(self: Self, remote: RemoteRecord | null): Deed | null {
  const entry = originOf(remote?.entryOrigin ?? '');
  return receivedDeed(self, entry, isReturn(entry) ? 'restored' : 'created');
}

function isReturn(entry: Origin | null): boolean {
  return entry?.cause === 'revive' || entry?.cause === 'restore';
}

/** What went from this disk because it was deleted elsewhere; what went along with its folder is told with that. */
export function removalDeed(self: Self, state: State, node: NodeId): Deed | null {
  const remote = state.remote.get(node);
  if (!remote || remote.live || remote.deadSeq === null) return null;
  if (state.remote.get(remote.parent)?.deadSeq === remote.deadSeq) return null;
  const { head, entryRev } = remote;
  return receivedDeed(self, originOf(remote.entryOrigin), 'deleted', {
    number: head?.number ?? null,
    size: head?.content.kind === 'file' ? head.content.size : null,
    undo: 'life',
    entryRev,
  });
}

/** Where a node stood when both sides last agreed: asked before the move is agreed on. */
export function placeBefore(state: State, node: NodeId): Pick<Deed, 'from' | 'fromParent'> {
  const synced = state.synced.get(node);
  return { from: state.syncedPathOf(node), fromParent: synced?.parent ?? null };
}

export function movedDeed(
  self: Self,
  state: State,
  node: NodeId,
  before: Pick<Deed, 'from' | 'fromParent'>,
  direction: 'sent' | 'received',
): Deed | null {
  const remote = state.remote.get(node);
  if (!remote || before.from === null || before.fromParent === null) return null;
  const facts = { ...before, undo: 'place', entryRev: remote.entryRev } as const;
  return direction === 'sent'
    ? sentDeed(self, 'moved', facts)
    : receivedDeed(self, originOf(remote.entryOrigin), 'moved', facts);
}

/** What the user brought back by a verb of this device. */
export function returnDeed(self: Self, outcome: Outcome): Deed | null {
  const event = outcome.events.findLast((each) => each.node === outcome.node);
  if (outcome.kind !== 'committed' || !event) return null;
  const { head } = event;
  const wasAlive = event.entry.seq !== event.seq;
  return sentDeed(self, 'restored', {
    number: head?.number ?? null,
    size: head?.content.kind === 'file' ? head.content.size : null,
    undo: wasAlive && head && head.number > 1 ? 'version' : null,
    version: head?.version ?? null,
  });
}
