import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { eventOf, file, World } from './metadata-world.ts';

test('a create commits a node with its first version', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const made = await laptop.make('a.txt', 'hello');
  assert.deepEqual([made.seq, made.cause, made.entry.rev, made.head?.number], [1, 'create', 1, 1]);
  assert.equal(made.head?.version.split('.')[1], '1');
  assert.deepEqual([made.deviceName, made.user, made.kind], ['laptop', 'ana', 'file']);
  const content = made.head?.content;
  assert.equal(content?.kind === 'file' ? content.encoded : null, file('hello').encoded);
  await world.close();
});

test('RULES 3: an executable bit and a link target are content, mtime is not', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const made = await laptop.make('run', 'x');
  const base = made.head!.version;
  const touched = await laptop.one(laptop.edit({ node: made.node, base, content: file('x'), mtimeNs: '99' }));
  assert.equal(touched.kind, 'adopted');
  const chmod = await laptop.one(laptop.edit({ node: made.node, base, content: file('x', true) }));
  assert.equal(chmod.kind, 'committed');
  const link = await laptop.one(
    laptop.edit({
      node: made.node,
      base: eventOf(chmod).head!.version,
      content: { kind: 'symlink', target: 'elsewhere' },
    }),
  );
  assert.deepEqual([link.kind, eventOf(link).kind, eventOf(link).head?.number], ['committed', 'symlink', 3]);
  await world.close();
});

test('RULES 7: a folder that another device made is taken over, and children find it by the proposed id', async () => {
  const world = new World();
  const [laptop, phone] = [await world.device('laptop'), await world.device('phone')];
  const there = await phone.make('d', null);
  await world.store('x', laptop.caller);
  const proposed = world.nodeId();
  const [folder, child] = await laptop.send(
    laptop.create({ name: 'd', content: null, node: proposed }),
    laptop.create({ name: 'f', content: file('x'), parent: proposed }),
  );
  assert.deepEqual([folder?.kind, folder?.node], ['adopted', there.node]);
  assert.deepEqual([child?.kind, eventOf(child!).entry.parent], ['committed', there.node]);
  const later = await laptop.one(laptop.create({ name: 'sub', content: null, parent: proposed }));
  assert.equal(eventOf(later).entry.parent, there.node);
  const stranger = await phone.one(phone.create({ name: 'sub', content: null, parent: proposed }));
  assert.deepEqual(
    [stranger.kind, stranger.kind === 'refused' && stranger.code],
    ['refused', 'unknown-parent'],
  );
  await world.close();
});

test('RULES 7: a claim whose parent failed fails with it, and the failure is not remembered', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const proposed = world.nodeId();
  const bad = laptop.create({ name: '.tidemark', content: null, node: proposed });
  const child = laptop.create({ name: 'c', content: null, parent: proposed });
  const [first, second] = await laptop.send(bad, child);
  assert.equal(first?.kind === 'refused' && first.code, 'bad-name');
  assert.equal(second?.kind === 'refused' && second.code, 'unknown-parent');
  await laptop.send(laptop.create({ name: 'fine', content: null, node: proposed }));
  assert.equal((await laptop.one(child)).kind, 'committed');
  await world.close();
});

test('RULES 7: a proposed id that is taken gives nothing away and behaves as a fresh one', async () => {
  const world = new World();
  const [laptop, phone] = [await world.device('laptop'), await world.device('phone')];
  const there = await phone.make('theirs', 'x');
  const made = await laptop.one(laptop.create({ name: 'mine', content: null, node: there.node }));
  assert.equal(made.kind, 'committed');
  assert.notEqual(made.node, there.node);
  const child = await laptop.one(laptop.create({ name: 'c', content: null, parent: there.node }));
  assert.equal(eventOf(child).entry.parent, made.node);
  const again = await laptop.one(laptop.create({ name: 'other', content: null, node: there.node }));
  assert.notEqual(again.node, made.node);
  await world.close();
});

test('RULES 7: a device that proposes the id of a living node for a copy means that node by it ever after', async () => {
  const world = new World();
  const [laptop, phone] = [await world.device('laptop'), await world.device('phone')];
  const there = await phone.make('f', 'theirs');
  await world.store('mine', laptop.caller);
  const copy = await laptop.one(laptop.create({ name: 'f', content: file('mine'), node: there.node }));
  assert.equal(copy.kind, 'renamed');
  assert.notEqual(copy.node, there.node);
  const moved = await laptop.one(
    laptop.move({ node: there.node, baseEntryRev: there.entry.rev, parent: ROOT_NODE, name: 'g' }),
  );
  assert.deepEqual([moved.kind, moved.node], ['committed', there.node]);
  await world.store('newer', laptop.caller);
  const base = there.head!.version;
  const edited = await laptop.one(laptop.edit({ node: there.node, base, content: file('newer') }));
  assert.deepEqual([edited.kind, edited.node], ['committed', there.node]);
  await world.close();
});

test('equal content at one name is one node; other content is renamed, attributed, and a conflict', async () => {
  const world = new World();
  const [laptop, phone] = [await world.device('laptop'), await world.device('phone')];
  const first = await laptop.make('a.txt', 'one');
  const same = await phone.one(phone.create({ name: 'a.txt', content: file('one') }));
  assert.deepEqual([same.kind, same.node, same.events.length], ['adopted', first.node, 1]);
  await world.store('two', phone.caller);
  const other = await phone.one(phone.create({ name: 'a.txt', content: file('two') }));
  assert.equal(other.kind, 'renamed');
  const { entry, conflict } = eventOf(other);
  assert.equal(entry.name, 'a (conflict - phone, ana, 2026-09-18 18.02).txt');
  assert.deepEqual(
    [conflict?.cause, conflict?.original, conflict?.copy],
    ['name-clash', first.node, other.node],
  );
  assert.equal(other.kind === 'renamed' && other.conflict, conflict?.id);
  const third = await phone.make('a.txt', 'three');
  assert.equal(third.entry.name, 'a (conflict - phone, ana, 2026-09-18 18.02) 2.txt');
  await world.close();
});

test('a file and a folder of one name are two nodes and no conflict', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  await laptop.make('x', 'file');
  const folder = await laptop.one(laptop.create({ name: 'x', content: null }));
  assert.deepEqual([folder.kind, folder.kind === 'renamed' && folder.conflict], ['renamed', null]);
  await world.close();
});

test('RULES 14: names are one by NFC, case twins are two, the bytes of a name stay', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const composed = await laptop.make('\u00e9', null);
  const decomposed = await laptop.one(laptop.create({ name: 'e\u0301', content: null }));
  assert.deepEqual([decomposed.kind, decomposed.node], ['adopted', composed.node]);
  const upper = await laptop.make('\u00c9', null);
  assert.deepEqual([upper.cause, upper.entry.name], ['create', '\u00c9']);
  await world.close();
});

test('a parent that is gone returns with its ancestors, without what else was deleted with it', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const top = await laptop.make('top', null);
  const mid = await laptop.make('mid', null, top.node);
  const other = await laptop.make('other', 'x', mid.node);
  await laptop.send(laptop.remove(top));
  const made = await laptop.one(laptop.create({ name: 'new', content: null, parent: mid.node }));
  assert.equal(made.kind, 'committed');
  assert.deepEqual(
    made.events.map((event) => [event.cause, event.entry.name, event.subtree]),
    [
      ['revive', 'top', null],
      ['revive', 'mid', null],
      ['create', 'new', null],
    ],
  );
  const { nodes } = await world.metadata.lookup(laptop.caller, 'top/mid/other');
  assert.deepEqual([nodes[0]?.node, nodes[0]?.entry.live], [other.node, false]);
  await world.close();
});

test('a folder that returns to a taken name is renamed, attributed', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const old = await laptop.make('d', null);
  await laptop.send(laptop.remove(old));
  await laptop.make('d', null);
  const made = await laptop.one(laptop.create({ name: 'x', content: null, parent: old.node }));
  assert.equal(made.events[0]?.entry.name, 'd (conflict - laptop, ana, 2026-09-18 18.02)');
  await world.close();
});

test('RULES 12: in a union merge, content that was deleted at its path is a zombie, whatever folder holds it now', async () => {
  const world = new World();
  const [laptop, phone] = [await world.device('laptop'), await world.device('phone')];
  const folder = await laptop.make('d', null);
  const made = await laptop.make('f', 'old', folder.node);
  const edited = eventOf(await laptop.write(made, 'newer'));
  await laptop.send(laptop.remove(folder));
  await world.store('unseen', phone.caller);
  const [again, zombie, fresh, asked] = await phone.send(
    phone.create({ name: 'd', content: null, node: folder.node, checkZombie: true }),
    phone.create({ name: 'f', content: file('old'), parent: folder.node, checkZombie: true }),
    phone.create({ name: 'g', content: file('unseen'), parent: folder.node, checkZombie: true }),
    phone.create({ name: 'f', content: file('old'), parent: folder.node, checkZombie: false }),
  );
  assert.deepEqual([again?.kind, again?.node === folder.node], ['committed', false]);
  assert.deepEqual([zombie?.kind, zombie?.node], ['zombie', made.node]);
  assert.equal(zombie?.kind === 'zombie' && zombie.version, made.head?.version);
  assert.equal(eventOf(zombie!).head?.version, edited.head?.version);
  assert.equal(fresh?.kind, 'committed');
  assert.equal(asked?.kind, 'committed');
  await world.close();
});

test('names that no tree may hold are refused, and the answer is remembered', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  for (const name of ['.', '..', 'a/b', '.TIDEMARK', 'x'.repeat(256)]) {
    const claim = laptop.create({ name, content: null });
    const outcome = await laptop.one(claim);
    assert.equal(outcome.kind === 'refused' && outcome.code, 'bad-name', name);
    assert.deepEqual(await laptop.one(claim), outcome);
  }
  assert.equal((await world.metadata.head(laptop.caller.namespace)).seq, 0);
  await world.close();
});

test('folders are refused once they stand too deep', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const chain = Array.from({ length: 255 }, () => world.nodeId());
  const claims = chain.map((node, i) =>
    laptop.create({ name: 'd', content: null, node, parent: chain[i - 1] ?? ROOT_NODE }),
  );
  assert.ok((await laptop.send(...claims)).every((outcome) => outcome.kind === 'committed'));
  const parent = chain[254]!;
  const deeper = await laptop.one(laptop.create({ name: 'd', content: null, parent }));
  assert.equal(deeper.kind === 'refused' && deeper.code, 'bad-name');
  const leaf = await laptop.make('f', 'x', parent);
  assert.equal(leaf.cause, 'create');
  await world.close();
});

test('RULES 4: content is refused unless its manifest says what the claim says', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  await world.store('abc', laptop.caller);
  const good = file('abc');
  const codes = [];
  for (const content of [
    { ...good, size: 4 },
    { ...good, manifest: file('other').manifest },
    { ...good, encoded: Buffer.from('nonsense').toString('base64') },
  ]) {
    const outcome = await laptop.one(laptop.create({ name: 'f', content }));
    codes.push(outcome.kind === 'refused' ? outcome.code : outcome.kind);
  }
  assert.deepEqual(codes, ['bad-manifest', 'bad-manifest', 'bad-manifest']);
  await world.close();
});

test('missing chunks are asked for and nothing is remembered; chunks of another user are missing too', async () => {
  const world = new World();
  const [laptop, stranger] = [await world.device('laptop'), await world.device('pc', 'bob')];
  await world.store('secret', stranger.caller);
  const claim = laptop.create({ name: 'f', content: file('secret') });
  const first = await laptop.one(claim);
  assert.equal(first.kind, 'missing-chunks');
  assert.equal(first.kind === 'missing-chunks' && first.chunks.length, 1);
  await world.store('secret', laptop.caller);
  assert.equal((await laptop.one(claim)).kind, 'committed');
  await world.close();
});

test('an empty file needs no chunk', async () => {
  const world = new World();
  const laptop = await world.device('laptop');
  const made = await laptop.one(laptop.create({ name: 'empty', content: file('') }));
  assert.equal(made.kind, 'committed');
  await world.close();
});
