/** What the rules refuse or drop where it seldom happens: each is a value, and none has an effect. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHUNKING_HUGE, encodeManifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import type { Claim, WireContent } from '../../src/protocol/claims.ts';
import {
  parseChunkId,
  parseNamespaceId,
  parseTenantId,
  ROOT_NODE,
  versionEpoch,
  versionId,
} from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { moveTo, step, twoDevices, why } from './metadata-claims.ts';
import { chunksOf, eventOf, file, type Hand, hashBytes, type World } from './metadata-world.ts';

async function headOf(world: World, hand: Hand): Promise<number> {
  return (await world.metadata.head(hand.caller.namespace)).seq;
}

/** Answered so, and nothing was written. */
async function refuses(world: World, hand: Hand, claim: Claim, expected: string): Promise<void> {
  const before = await headOf(world, hand);
  assert.equal(why(await hand.one(claim)), expected, claim.op);
  assert.equal(await headOf(world, hand), before, claim.op);
}

function versionOf({ head }: JournalEvent) {
  assert(head !== null);
  return head.version;
}

/** As after a clean-up of the store: no chunk of the text is left. */
async function lose(world: World, hand: Hand, text: string): Promise<void> {
  await world.db.write(async (tx) => {
    for (const { id } of chunksOf(text)) await tx.removeChunk(hand.caller.tenant, id, `at-${id}`);
  });
}

const link = (target: string): WireContent => ({ kind: 'symlink', target });

test('claims about nodes that never were are refused', async () => {
  const { world, laptop } = await twoDevices();
  const a = await laptop.make('a', 'text');
  const node = world.nodeId();
  const ghost = { ...a, node };
  await refuses(world, laptop, moveTo(laptop, ghost, null, 'c'), 'unknown-node');
  await refuses(
    world,
    laptop,
    laptop.edit({ node, base: versionOf(a), content: file('text') }),
    'unknown-node',
  );
  await refuses(world, laptop, laptop.remove(ghost), 'unknown-node');
  await refuses(world, laptop, laptop.restore({ node, base: null, version: versionOf(a) }), 'unknown-node');
  await refuses(world, laptop, laptop.undelete(node), 'unknown-node');
  const steps = [step(ghost, null, 'f')];
  await refuses(world, laptop, laptop.rearrange({ node, steps }), 'unknown-node');
});

test('content that is none is refused for every claim that brings some', async () => {
  const { world, laptop } = await twoDevices();
  const a = await laptop.make('a', 'text');
  const garbage = Buffer.from('this is no manifest');
  const nonsense: WireContent = {
    kind: 'file',
    manifest: manifestIdOf(garbage, hashBytes),
    size: 3,
    executable: false,
    encoded: garbage.toString('base64'),
  };
  await refuses(world, laptop, laptop.create({ name: 'b', content: nonsense }), 'bad-manifest');
  const edit = { node: a.node, base: versionOf(a), content: nonsense };
  await refuses(world, laptop, laptop.edit(edit), 'bad-manifest');
  for (const target of ['a\0b', 'half \ud800'])
    await refuses(world, laptop, laptop.create({ name: 'l', content: link(target) }), 'bad-request');
  const { max } = CHUNKING_HUGE;
  const chunks = Array.from({ length: Math.floor(LIMITS.fileBytes / max) + 1 }, () => ({
    id: parseChunkId('ab'.repeat(32)),
    size: max,
  }));
  const size = chunks.length * max;
  const endless = encodeManifest({ algorithm: 'fastcdc-1', parameters: CHUNKING_HUGE, chunks, size });
  const huge: WireContent = {
    kind: 'file',
    manifest: manifestIdOf(endless, hashBytes),
    size,
    executable: false,
    encoded: Buffer.from(endless).toString('base64'),
  };
  await refuses(world, laptop, laptop.create({ name: 'huge', content: huge }), 'file-too-large');
  // A chunk that the store has under this id in another size: one of the two is a lie.
  await world.db.write(async (tx) => {
    for (const { id, size } of chunksOf('odd'))
      await tx.addChunk(laptop.caller.tenant, id, 'at', size + 1, 1);
  });
  await refuses(world, laptop, laptop.create({ name: 'c', content: file('odd') }), 'bad-manifest');
});

test('what cannot be taken is not forked and does not come back from the dead either', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', 'one');
  await laptop.write(a, 'two');
  const unsent = { node: a.node, base: versionOf(a), content: file('never sent') };
  await refuses(world, phone, phone.edit(unsent), 'missing-chunks');
  const gone = await laptop.make('gone', 'three');
  await laptop.one(laptop.remove(gone));
  const late = { node: gone.node, base: versionOf(gone), content: file('never sent') };
  await refuses(world, phone, phone.edit(late), 'missing-chunks');
});

test('moves to names and depths that no tree may hold are refused', async () => {
  const { world, laptop } = await twoDevices();
  const a = await laptop.make('a', 'text');
  await refuses(world, laptop, moveTo(laptop, a, null, 'a/b'), 'bad-name');
  await refuses(world, laptop, moveTo(laptop, a, a, 'b'), 'unknown-parent');
  let deepest = await laptop.make('d', null);
  for (let depth = 2; depth < LIMITS.pathDepth; depth += 1)
    deepest = await laptop.make('d', null, deepest.node);
  const folder = await laptop.make('folder', null);
  await refuses(world, laptop, moveTo(laptop, folder, deepest, 'folder'), 'bad-name');
});

test('only files have versions to restore, and a copy needs a name and its bytes', async () => {
  const { world, laptop } = await twoDevices();
  const folder = await laptop.make('folder', null);
  const a = await laptop.make('a', 'one');
  const b = eventOf(await laptop.write(a, 'two'));
  const version = versionOf(a);
  const base = versionOf(b);
  await refuses(world, laptop, laptop.restore({ node: folder.node, base: null, version }), 'bad-request');
  const copy = { node: world.nodeId(), name: 'a/b' };
  await refuses(world, laptop, laptop.restore({ node: a.node, base, version, copy }), 'bad-name');
  await lose(world, laptop, 'one');
  const fine = { ...copy, name: 'copy' };
  await refuses(
    world,
    laptop,
    laptop.restore({ node: a.node, base, version, copy: fine }),
    'unknown-version',
  );
});

test('an old target of a link returns like any version', async () => {
  const { laptop } = await twoDevices();
  const first = eventOf(await laptop.one(laptop.create({ name: 'l', content: link('one') })));
  const edit = laptop.edit({ node: first.node, base: versionOf(first), content: link('two') });
  const second = eventOf(await laptop.one(edit));
  const back = { node: first.node, base: versionOf(second), version: versionOf(first) };
  assert.deepEqual(eventOf(await laptop.one(laptop.restore(back))).head?.content, {
    kind: 'symlink',
    target: 'one',
  });
});

async function clash() {
  const { world, laptop, phone } = await twoDevices();
  const base = await laptop.make('a', 'base');
  const original = eventOf(await laptop.write(base, 'laptop'));
  const forked = await phone.write(base, 'phone');
  assert(forked.kind === 'forked');
  const copy = eventOf(forked);
  const settled = {
    node: copy.node,
    conflict: forked.conflict,
    seenOriginal: versionOf(original),
    seenCopy: versionOf(copy),
  };
  return { world, laptop, phone, base, original, copy, settled, forked };
}

test('a conflict is not settled with a name for what goes, nor with bytes that are gone', async () => {
  const { world, laptop, settled } = await clash();
  const named = { ...settled, keep: 'theirs' as const, copyName: 'b' };
  await refuses(world, laptop, laptop.resolve(named), 'bad-request');
  const badly = { ...settled, keep: 'both' as const, copyName: 'a/b' };
  await refuses(world, laptop, laptop.resolve(badly), 'bad-name');
  await lose(world, laptop, 'phone');
  await refuses(world, laptop, laptop.resolve({ ...settled, keep: 'mine' }), 'unknown-version');
});

test('a settlement is not undone where its old bytes are gone, or where nobody wrote it down', async () => {
  const { world, laptop, settled } = await clash();
  await laptop.one(laptop.resolve({ ...settled, keep: 'mine' }));
  const undo = { node: settled.node, conflict: settled.conflict };
  await lose(world, laptop, 'laptop');
  await refuses(world, laptop, laptop.reopen(undo), 'unknown-version');
  await world.db.write(async (tx) => {
    const row = await tx.conflict(laptop.caller.namespace, settled.conflict);
    assert(row !== null);
    await tx.updateConflict(laptop.caller.namespace, { ...row, settlement: null });
  });
  await refuses(world, laptop, laptop.reopen(undo), 'unprocessable');
});

test('undone, a copy that got a name keeps it where its old one was taken since', async () => {
  const { laptop, copy, settled } = await clash();
  await laptop.one(laptop.resolve({ ...settled, keep: 'both', copyName: 'mine' }));
  await laptop.make(copy.entry.name, 'somebody else');
  const outcome = await laptop.one(laptop.reopen({ node: settled.node, conflict: settled.conflict }));
  assert.equal(outcome.kind, 'committed');
  assert.equal(eventOf(outcome).entry.name, 'mine');
});

test('RULES 5, 6: after a lost fork, an edit of the copy that somebody else edited since forks from the copy', async () => {
  const { world, laptop, phone, base, original, copy, forked } = await clash();
  await laptop.write(copy, 'laptop in the copy');
  await world.store('phone again', phone.caller);
  const again = {
    node: original.node,
    base: versionOf(base),
    content: file('phone again'),
    unanswered: [forked.key],
  };
  const dropped = await phone.one(phone.edit({ ...again, onStale: 'reject' }));
  assert.equal(why(dropped), 'newer-head');
  const second = await phone.one(phone.edit(again));
  assert(second.kind === 'forked');
  assert.equal(second.original, original.node);
  assert.notEqual(second.node, copy.node);
});

test('RULES 5: a create that lists other keys than those of a create starts from what stands there', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', 'one');
  const lost = await laptop.one(moveTo(laptop, a, null, 'b'));
  await world.store('two', laptop.caller);
  const again = laptop.create({ name: 'b', content: file('two'), unanswered: [lost.key] });
  const edited = await laptop.one(again);
  assert.equal(edited.node, a.node);
  assert.equal(eventOf(edited).head?.number, 2);
  const unsent = laptop.create({ name: 'b', content: file('unsent'), unanswered: [edited.key] });
  await refuses(world, laptop, unsent, 'missing-chunks');
  // A key of its own future says nothing.
  const odd = laptop.create({ name: 'c', content: null, unanswered: [9_000_000] });
  assert.equal((await laptop.one(odd)).kind, 'committed');
  assert.equal((await phone.one(phone.create({ name: 'c', content: null }))).kind, 'adopted');
});

test('a session says nothing early about claims without a file, and finds a head whose base it does not know', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', 'one');
  const head = versionOf(a);
  const unknown = versionId(versionEpoch(head), 999);
  const claims = [
    laptop.remove(a),
    laptop.create({ name: 'l', content: link('x') }),
    phone.edit({ node: a.node, base: unknown, content: file('one') }),
    phone.edit({ node: a.node, base: unknown, content: file('other') }),
  ];
  const { answers, missing } = await world.metadata.openSession(phone.caller, claims);
  assert.deepEqual(
    answers.map(({ answer }) => answer),
    ['proceed', 'proceed', 'proceed', 'will-fork'],
  );
  assert.deepEqual(
    missing,
    chunksOf('other').map(({ id }) => id),
  );
});

test('a device that was ended, and a namespace of another tenant, decide nothing', async () => {
  const { world, laptop, phone } = await twoDevices();
  const claims = [laptop.create({ name: 'a', content: null })];
  const request = { claims, settledBelow: 0, cursor: null };
  const stranger = { ...laptop.caller, tenant: parseTenantId(world.uuid()) };
  await assert.rejects(world.metadata.finalize(stranger, request), /not a namespace of this tenant/);
  await world.db.write(async (tx) => tx.revokeDevice(laptop.caller.device, 1));
  await assert.rejects(world.metadata.finalize(laptop.caller, request), /not linked, or not any more/);
  assert.equal(await headOf(world, phone), 0);
  await assert.rejects(world.metadata.head(parseNamespaceId(world.uuid())), /unknown namespace/);
});

test('RULES 25: two devices that prove the same loss at once begin one new epoch', async () => {
  const { world, laptop, phone } = await twoDevices();
  await laptop.make('a', 'one');
  const at = await world.metadata.head(laptop.caller.namespace);
  const ahead = { ...at, seq: at.seq + 5, hash: '0'.repeat(16) };
  const answers = await Promise.all(
    [laptop, phone].map((hand) => world.metadata.journal(hand.caller, ahead, 10)),
  );
  const now = await world.metadata.head(laptop.caller.namespace);
  assert.notEqual(now.epoch, at.epoch);
  for (const answer of answers) assert.equal(answer.kind === 'resync' && answer.epoch, now.epoch);
});

test('a claim with a cursor that no history of ours has begins a new epoch and decides nothing', async () => {
  const { world, laptop } = await twoDevices();
  await laptop.make('a', 'one');
  const at = await world.metadata.head(laptop.caller.namespace);
  const cursor = { ...at, seq: at.seq + 5, hash: '0'.repeat(16) };
  const [outcome] = await laptop.sendWith({ cursor }, laptop.create({ name: 'b', content: null }));
  assert(outcome !== undefined);
  assert.notEqual(outcome.kind, 'committed');
  assert.notEqual((await world.metadata.head(laptop.caller.namespace)).epoch, at.epoch);
});

test('a server is called the same for ever', async () => {
  const { world } = await twoDevices();
  assert.equal(await world.metadata.ensureServer(), await world.metadata.ensureServer());
});

test('more ids than a batch remembers the meaning of are still understood', async () => {
  const { world, laptop } = await twoDevices();
  const proposed = world.nodeId();
  const folder = await laptop.one(laptop.create({ name: 'd', content: null, node: proposed }));
  const many = Array.from({ length: 10_001 }, () => world.nodeId());
  const gone = await laptop.make('gone', null);
  const outcomes = await laptop.send(
    { ...laptop.remove(gone), unapplied: many },
    laptop.create({ name: 'inside', content: null, parent: proposed }),
  );
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['committed', 'committed'],
  );
  assert.equal(outcomes[1] && eventOf(outcomes[1]).entry.parent, folder.node);
  assert.notEqual(folder.node, ROOT_NODE);
});

test('a fault that hits a batch once and none of its claims alone is told, and all of them are decided', async () => {
  const { world, laptop, phone } = await twoDevices();
  const a = await laptop.make('a', 'base');
  await laptop.write(a, 'laptop');
  await world.store('phone', phone.caller);
  const { random } = world;
  let faults = 1;
  Object.defineProperty(world, 'random', {
    value: () => {
      if (faults-- > 0) throw new Error('no chance');
      return random();
    },
  });
  const outcomes = await phone.send(
    phone.edit({ node: a.node, base: versionOf(a), content: file('phone') }),
    phone.create({ name: 'd', content: null, node: a.node }),
  );
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['forked', 'committed'],
  );
  assert.equal(world.faults.length, 1);
});
