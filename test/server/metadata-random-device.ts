/** A device that claims at random from a view that lags behind, loses answers, and sends claims again. */
import assert from 'node:assert/strict';
import type { Claim } from '../../src/protocol/claims.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import type { Step } from './metadata-claims.ts';
import { type Folded, foldAnswer, foldEvent, type Tree } from './metadata-fold.ts';
import { file, type Hand } from './metadata-world.ts';

export interface Sent {
  readonly claim: Claim;
  readonly outcome: Outcome;
}

const NAMES = ['a', 'b', 'A', 'e\u0301', '\u00e9', 'c.txt'];
const TEXTS = ['', 'one', 'two', 'three', 'four', 'five'];

export class RandomDevice {
  static readonly texts = TEXTS;
  readonly hand: Hand;
  readonly #tree: Tree = new Map();
  #cursor: Cursor | null = null;
  /** Keys whose answers were lost, by the node they claimed. */
  readonly #unanswered = new Map<NodeId, number[]>();
  #past: Sent[] = [];
  #conflicts: NonNullable<JournalEvent['conflict']>[] = [];

  constructor(hand: Hand) {
    this.hand = hand;
  }

  /** Perhaps reads the journal, then sends a few claims and perhaps loses their answers. */
  async act(): Promise<readonly Sent[]> {
    if (this.#chance(0.6)) await this.#pull(1 + this.#below(40));
    const claims = Array.from({ length: 1 + this.#below(4) }, () => this.#claim());
    if (this.#chance(0.08)) {
      // These never arrive; whoever speaks of the node next says so.
      for (const claim of claims) this.#lose(claim);
      return [];
    }
    const outcomes = await this.hand.sendWith({ cursor: this.#cursor }, ...claims);
    const sent = claims.map((claim, i) => ({ claim, outcome: outcomes[i]! }));
    this.#past.push(...sent);
    if (this.#chance(0.15)) {
      for (const claim of claims) this.#lose(claim);
      return sent;
    }
    for (const { claim, outcome } of sent) {
      this.#unanswered.delete(claim.node);
      for (const event of outcome.events) this.#see(event, foldAnswer);
    }
    return sent;
  }

  /** I4: earlier claims are sent again and answered as they were. */
  async repeat(): Promise<void> {
    const chosen = this.#past.filter(() => this.#chance(0.2)).slice(-6);
    const answers = await this.hand.send(...chosen.map(({ claim }) => claim));
    for (const [i, { claim, outcome }] of chosen.entries()) {
      const again = answers[i]!;
      if (outcome.kind === 'refused') continue;
      assert.equal(again.kind, outcome.kind, `${claim.op} ${claim.key}`);
      assert.equal(again.node, outcome.node);
      const seqs = (events: readonly JournalEvent[]) => events.map((event) => event.node);
      assert.deepEqual(seqs(again.events), seqs(outcome.events));
    }
    this.#past = this.#past.filter(({ outcome }) => outcome.kind !== 'refused').slice(-40);
  }

  /** Reads the journal to its end and answers the tree this device ended up with. */
  async settle(): Promise<Tree> {
    while (await this.#pull(500)) {}
    return this.#tree;
  }

  async #pull(limit: number): Promise<boolean> {
    const page = await this.hand.world.metadata.journal(this.hand.caller, this.#cursor, limit);
    assert.ok(page.kind === 'page');
    for (const event of page.events) this.#see(event);
    this.#cursor = page.next;
    return page.hasMore;
  }

  #see(event: JournalEvent, fold = foldEvent): void {
    fold(this.#tree, event);
    if (event.conflict !== null) this.#conflicts.push(event.conflict);
  }

  #lose(claim: Claim): void {
    const keys = this.#unanswered.get(claim.node) ?? [];
    if (keys.length < 60) this.#unanswered.set(claim.node, [...keys, claim.key]);
  }

  #claim(): Claim {
    const nodes = [...this.#tree.values()];
    const some = nodes[this.#below(nodes.length)];
    const kind = this.#below(20);
    if (some === undefined || kind < 6) return this.#create();
    if (kind < 10 && some.head !== null) return this.#edit(some);
    if (kind < 13) return this.#move(some);
    if (kind < 16) return this.hand.remove(asSeen(some), this.#deleteFields(some));
    if (kind === 16) return this.#rearrange(nodes);
    if (kind === 17 && some.head !== null) {
      const base = this.#chance(0.8) ? some.head.version : null;
      const version = some.head.base ?? some.head.version;
      const copy = { node: this.hand.world.nodeId(), name: this.#name() };
      const beside = this.#chance(0.3) ? { copy } : {};
      return this.hand.restore({ node: some.node, base, version, ...beside, ...this.#lost(some.node) });
    }
    if (kind === 18) return this.hand.undelete(some.node);
    if (kind === 19 && this.#chance(0.3)) return this.#create();
    return this.#resolve() ?? this.#create();
  }

  #create(): Claim {
    const { hand } = this;
    const lostNode = [...this.#unanswered.keys()][0];
    const again = lostNode !== undefined && !this.#tree.has(lostNode) && this.#chance(0.5);
    const node = again ? lostNode : hand.world.nodeId();
    const folder = this.#chance(0.4);
    return hand.create({
      node,
      name: this.#name(),
      parent: this.#folder(),
      content: folder ? null : file(this.#text(), this.#chance(0.1)),
      checkZombie: this.#chance(0.1),
      ...this.#lost(node),
    });
  }

  #edit({ node, head }: Folded): Claim {
    const content = this.#chance(0.1)
      ? ({ kind: 'symlink', target: this.#name() } as const)
      : file(this.#text(), this.#chance(0.1));
    const onStale = this.#chance(0.8) ? 'fork' : 'reject';
    return this.hand.edit({ node, base: head!.version, content, onStale, ...this.#lost(node) });
  }

  #move({ node, entry }: Folded): Claim {
    const name = this.#chance(0.5) ? entry.name : this.#name();
    const parent = this.#folder();
    return this.hand.move({ node, baseEntryRev: entry.rev, parent, name, ...this.#lost(node) });
  }

  #deleteFields({ node, kind }: Folded) {
    const below = [...this.#tree.values()].filter(() => this.#chance(0.05)).map((row) => row.node);
    return {
      observedSeq: this.#chance(0.8) ? (this.#cursor?.seq ?? 0) : 0,
      unapplied: kind === 'folder' ? below : [],
      successor: this.#chance(0.1) ? (below[0] ?? null) : null,
      ...this.#lost(node),
    };
  }

  /** A swap, a move together with a delete, or any steps at all. */
  #rearrange(nodes: readonly Folded[]): Claim {
    const live = nodes.filter(({ entry }) => entry.live);
    const [a, b] = [live[this.#below(live.length)], live[this.#below(live.length)]];
    if (a === undefined || b === undefined) return this.#create();
    const kind = this.#below(10);
    if (kind < 3) return this.hand.rearrange({ node: a.node, steps: [moveTo(a, b), moveTo(b, a)] });
    if (kind < 5) return this.hand.rearrange({ node: a.node, steps: [this.#removal(b), moveTo(a, b)] });
    const some = Array.from({ length: 2 + this.#below(4) }, () => nodes[this.#below(nodes.length)]!);
    const steps = [...new Set(some)].map((row) => {
      if (this.#chance(0.3)) return this.#removal(row);
      return moveTo(row, { entry: { parent: this.#folder(), name: this.#name() } });
    });
    return this.hand.rearrange({ node: some[0]!.node, steps });
  }

  #removal(row: Folded): Step {
    const { node, entry, head } = row;
    const { observedSeq, unapplied, successor } = this.#deleteFields(row);
    const base = head?.version ?? null;
    return { op: 'delete', node, base, baseEntryRev: entry.rev, observedSeq, unapplied, successor };
  }

  #resolve(): Claim | null {
    const conflict = this.#conflicts[this.#below(this.#conflicts.length)];
    if (conflict === undefined) return null;
    const { id, original, copy } = conflict;
    const seen = (node: NodeId) => {
      const row = this.#tree.get(node);
      return row?.entry.live ? (row.head?.version ?? null) : null;
    };
    if (this.#chance(0.4)) return this.hand.reopen({ node: copy, conflict: id });
    const keep = (['both', 'mine', 'theirs', 'merged'] as const)[this.#below(4)]!;
    const heads = { seenOriginal: seen(original), seenCopy: seen(copy) };
    const more = {
      ...(keep === 'merged' ? { content: file(this.#text()) } : {}),
      ...(keep === 'both' && this.#chance(0.5) ? { copyName: this.#name() } : {}),
    };
    return this.hand.resolve({ node: copy, conflict: id, keep, ...heads, ...more });
  }

  #lost(node: NodeId): { readonly unanswered: number[] } {
    return { unanswered: this.#unanswered.get(node) ?? [] };
  }

  /** A folder it knows, dead ones too. */
  #folder(): NodeId {
    const folders = [...this.#tree.values()].filter((row) => row.kind === 'folder');
    return folders[this.#below(folders.length + 2)]?.node ?? ROOT_NODE;
  }

  #name(): string {
    return NAMES[this.#below(NAMES.length)]!;
  }

  #text(): string {
    return TEXTS[this.#below(TEXTS.length)]!;
  }

  #below(limit: number): number {
    return Math.floor(this.hand.world.random() * limit);
  }

  #chance(share: number): boolean {
    return this.hand.world.random() < share;
  }
}

function moveTo(
  { node, entry }: Folded,
  to: { readonly entry: Pick<Folded['entry'], 'parent' | 'name'> },
): Step {
  const { parent, name } = to.entry;
  return { op: 'move', node, baseEntryRev: entry.rev, parent: parent ?? ROOT_NODE, name };
}

function asSeen({ node, entry, head, kind }: Folded): JournalEvent {
  return {
    seq: entry.seq,
    node,
    kind,
    cause: 'create',
    entry,
    head,
    subtree: null,
    revivedBatch: null,
    approved: false,
    conflict: null,
    device: head?.device as JournalEvent['device'],
    deviceName: '',
    user: '',
    at: 0,
  };
}
