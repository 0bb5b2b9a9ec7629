/**
 * Random claims of lagging devices against the rules, with lost and repeated answers. After every batch: the journal is
 * dense and chained, folding it gives the server's tree, the tree is one, versions are immutable lines, nothing that was
 * answered as committed is missing. A failure names its seed: TIDEMARK_SEED=… runs that one alone.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstHash, runningHash } from '../../server-stub/metadata/rules/ledger.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import { type NodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent, SnapshotPage } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import type { MomentAnswer, MomentNode } from '../../src/protocol/routes.ts';
import { checkShape, checkTree, type Folded, fold, foldEvent, type Tree } from './metadata-fold.ts';
import { RandomDevice } from './metadata-random-device.ts';
import { file, hashBytes, World } from './metadata-world.ts';

function liveBelow(tree: Tree, folder: NodeId): Set<NodeId> {
  const found = new Set<NodeId>();
  for (const { node, entry } of tree.values()) {
    let at = entry.live ? entry.parent : null;
    while (at !== null && at !== folder) at = tree.get(at)?.entry.parent ?? null;
    if (at === folder) found.add(node);
  }
  return found;
}

const SEEDS = process.env['TIDEMARK_SEED']
  ? [Number(process.env['TIDEMARK_SEED'])]
  : Array.from({ length: 12 }, (_, i) => i + 1);
const ROUNDS = Number(process.env['TIDEMARK_ROUNDS'] ?? 60);

class Checker {
  readonly #world: World;
  readonly #devices: readonly RandomDevice[];
  readonly #versions = new Map<VersionId, string>();
  readonly #tree: Tree = new Map();
  readonly #journal: JournalEvent[] = [];
  /** What died with a folder, as it was before, by the seq of that. */
  readonly #deaths = new Map<number, readonly Folded[]>();
  #cursor: Cursor | null = null;
  #hash = '';

  constructor(world: World, devices: readonly RandomDevice[]) {
    this.#world = world;
    this.#devices = devices;
  }

  get journal(): readonly JournalEvent[] {
    return this.#journal;
  }

  async check(): Promise<void> {
    await this.#checkJournal();
    await this.#checkState();
    assert.deepEqual(this.#world.faults, []);
  }

  /** I6 and RULES 25: dense, chained, and a tree at the end of every claim. */
  async #checkJournal(): Promise<void> {
    const { caller } = this.#devices[0]!.hand;
    const from = this.#journal.length;
    const rows = await this.#world.db.read((tx) =>
      Promise.resolve(tx.journalAfter(caller.namespace, from, 100_000)),
    );
    const ns = await this.#world.db.read(async (tx) => tx.namespace(caller.namespace));
    if (from === 0) this.#hash = firstHash(hashBytes, caller.namespace, ns!.epoch);
    for (const row of rows) {
      this.#hash = runningHash(hashBytes, this.#hash, row.seq, row, row.device);
      assert.equal(row.hash, this.#hash, `hash of ${row.seq}`);
    }
    assert.equal(ns?.headSeq, from + rows.length);
    assert.equal(ns?.headHash, this.#hash);
    const fresh = await this.#world.journal(this.#devices[0]!.hand, this.#cursor);
    assert.equal(fresh.length, rows.length);
    for (const [index, event] of fresh.entries()) {
      assert.equal(event.seq, from + index + 1);
      this.#checkEvent(event);
      const before = event.subtree === 'dead' ? new Map(this.#tree) : null;
      foldEvent(this.#tree, event);
      if (before !== null) this.#noteDeaths(event.seq, before);
      if (rows[index]?.more) checkShape(this.#tree);
      else checkTree(this.#tree);
    }
    this.#journal.push(...fresh);
    this.#cursor = await this.#world.metadata.head(caller.namespace);
  }

  #noteDeaths(seq: number, before: Tree): void {
    const dead = [...before.values()].filter(
      ({ node, entry }) => entry.live && this.#tree.get(node)?.entry.deadSeq === seq,
    );
    this.#deaths.set(seq, dead);
  }

  /** RULES 10: nothing died with a folder that the claiming device had not said it had seen. */
  checkDeaths(claim: Claim, { kind, events }: Outcome): void {
    if (kind !== 'committed' && kind !== 'renamed') return;
    const steps = claim.op === 'rearrange' ? claim.steps : [claim];
    const deletes = steps.filter((step) => step.op === 'delete');
    const named = new Set(deletes.map(({ node }) => node));
    const observed = Math.max(0, ...deletes.map(({ observedSeq }) => observedSeq));
    const unapplied = new Set(deletes.flatMap((step) => step.unapplied));
    for (const { node, entry, head } of events.flatMap(({ seq }) => this.#deaths.get(seq) ?? [])) {
      if (named.has(node) || claim.op === 'resolve' || claim.op === 'reopen') continue;
      assert.ok(entry.seq <= observed && (head?.seq ?? 0) <= observed, `${node} died unseen`);
      assert.ok(!unapplied.has(node), `${node} died and was never applied`);
    }
  }

  /** I3: versions are numbered lines, each on top of the one before, and never change. */
  #checkEvent(event: JournalEvent): void {
    const { head } = event;
    if (head === null) return;
    const { deviceName: _name, ...said } = head;
    const known = this.#versions.get(head.version);
    if (known !== undefined) assert.equal(JSON.stringify(said), known);
    this.#versions.set(head.version, JSON.stringify(said));
    if (head.seq !== event.seq) return;
    const before = this.#tree.get(event.node)?.head ?? null;
    assert.equal(head.number, (before?.number ?? 0) + 1);
    if (before !== null) assert.equal(head.base, before.version);
  }

  /** I6: the journal folded is the state, down to every rev. */
  async #checkState(): Promise<void> {
    const { caller } = this.#devices[0]!.hand;
    const found = new Map<NodeId, JournalEvent>();
    let continuation: string | null = null;
    do {
      const page: SnapshotPage | null = await this.#world.metadata.snapshot(caller, continuation, 50);
      assert.ok(page !== null);
      for (const event of page.events) found.set(event.node, event);
      continuation = page.continuation;
    } while (continuation !== null);
    assert.equal(found.size, this.#tree.size);
    for (const [node, { entry, head, kind }] of this.#tree) {
      const state = found.get(node);
      assert.deepEqual([state?.entry, state?.head, state?.kind], [entry, head, kind]);
    }
  }

  /** Q1: who folded own answers ahead of a lagging journal ends up with the same tree. */
  checkView(view: Tree): void {
    assert.equal(view.size, this.#tree.size);
    for (const [node, truth] of this.#tree) assert.deepEqual(view.get(node), truth);
  }

  /** A folder as it was at a moment is what the journal says up to there, and nothing else. */
  async checkMoment(at: number, limit: number): Promise<void> {
    const { caller } = this.#devices[0]!.hand;
    const later = this.#journal.findIndex((event) => event.at > at);
    const before = fold(later < 0 ? this.#journal : this.#journal.slice(0, later));
    const folders = [...before.values()].filter(({ kind, entry }) => kind === 'folder' && entry.live);
    for (const folder of [ROOT_NODE, ...folders.slice(0, 3).map(({ node }) => node)]) {
      const found: MomentNode[] = [];
      let continuation: string | null = null;
      do {
        const page: MomentAnswer | null = await this.#world.metadata.moment(caller, {
          folder,
          at,
          continuation,
          limit,
        });
        assert.ok(page?.kind === 'moment', JSON.stringify(page));
        found.push(...page.nodes);
        continuation = page.continuation;
      } while (continuation !== null);
      const wanted = liveBelow(before, folder);
      assert.deepEqual(new Set(found.filter((each) => each.below).map((each) => each.node)), wanted);
      const today = liveBelow(this.#tree, folder);
      for (const each of found) {
        const then = before.get(each.node);
        const place = [each.parent, each.name, each.head?.version ?? null];
        assert.deepEqual(place, [then?.entry.parent, then?.entry.name, then?.head?.version ?? null]);
        assert.ok(then?.entry.live && (each.below || today.has(each.node)));
      }
    }
  }

  /** Every content that was answered as kept is a version of the node the answer names. */
  async checkKept(claim: Claim, outcome: Outcome): Promise<void> {
    if ((claim.op !== 'create' && claim.op !== 'edit') || claim.content?.kind !== 'file') return;
    if (!['committed', 'renamed', 'forked', 'adopted'].includes(outcome.kind)) return;
    const { caller } = this.#devices[0]!.hand;
    const history = await this.#world.metadata.history(caller, outcome.node);
    const wanted = claim.content.manifest;
    const kept = history?.versions.some(
      ({ content }) => content.kind === 'file' && content.manifest === wanted,
    );
    assert.ok(kept, `${claim.op} ${claim.key} was answered ${outcome.kind} and its content is nowhere`);
  }
}

for (const seed of SEEDS) {
  test(`random claims of three devices keep the journal, the tree and every version (seed ${seed})`, async () => {
    const world = new World(':memory:', seed);
    const devices: RandomDevice[] = [];
    for (const name of ['laptop', 'phone', 'desk']) devices.push(new RandomDevice(await world.device(name)));
    for (const text of RandomDevice.texts) await world.store(text, devices[0]!.hand.caller);
    const checker = new Checker(world, devices);
    for (let round = 0; round < ROUNDS; round += 1) {
      world.clock.now += Math.floor(world.random() * 40_000);
      const device = devices[Math.floor(world.random() * devices.length)]!;
      const sent = await device.act();
      await checker.check();
      for (const { claim, outcome } of sent) {
        await checker.checkKept(claim, outcome);
        checker.checkDeaths(claim, outcome);
      }
      await device.repeat();
      const { seq } = await world.metadata.head(device.hand.caller.namespace);
      assert.equal(seq, checker.journal.length, 'a repeated claim had an effect');
    }
    assert.ok(checker.journal.length > ROUNDS / 2, 'something happened');
    assert.ok(fold(checker.journal).size > 5);
    for (const device of devices) checker.checkView(await device.settle());
    for (let i = 0; i < 6; i += 1) {
      const event = checker.journal[Math.floor(world.random() * checker.journal.length)]!;
      await checker.checkMoment(event.at - (i % 2), 1 + Math.floor(world.random() * 9));
    }
    await world.close();
  });
}

test('the texts that random devices write have distinct contents', () => {
  assert.equal(
    new Set(RandomDevice.texts.map((text) => file(text).manifest)).size,
    RandomDevice.texts.length,
  );
});
