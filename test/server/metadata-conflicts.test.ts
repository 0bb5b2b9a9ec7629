/** Settling a conflict and undoing that: what both sides are afterwards, for everybody, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { twoDevices, why } from './metadata-claims.ts';
import { fold, paths } from './metadata-fold.ts';
import { eventOf, file, type Hand, type World } from './metadata-world.ts';

type Keep = 'both' | 'mine' | 'theirs' | 'merged';

interface Clash {
  readonly world: World;
  readonly laptop: Hand;
  readonly phone: Hand;
  readonly original: JournalEvent;
  readonly copy: JournalEvent;
  settle(keep: Keep, more?: { text?: string; copyName?: string }): Promise<Outcome>;
  undo(): Promise<Outcome>;
  status(): Promise<string | undefined>;
}

/** Laptop and phone edit V1; the phone loses. */
async function clash(): Promise<Clash> {
  const { world, laptop, phone } = await twoDevices();
  const d = await laptop.make('d', null);
  const v1 = await laptop.make('a', 'base', d.node);
  const original = eventOf(await laptop.write(v1, 'laptop'));
  const copy = eventOf(await phone.write(v1, 'phone'));
  const conflict = copy.conflict!.id;
  return {
    world,
    laptop,
    phone,
    original,
    copy,
    settle: async (keep, { text, copyName } = {}) => {
      if (text !== undefined) await world.store(text, laptop.caller);
      return laptop.one(
        laptop.resolve({
          node: copy.node,
          conflict,
          keep,
          seenOriginal: original.head!.version,
          seenCopy: copy.head!.version,
          ...(text === undefined ? {} : { content: file(text) }),
          ...(copyName === undefined ? {} : { copyName }),
        }),
      );
    },
    undo: () => phone.one(phone.reopen({ node: copy.node, conflict })),
    status: async () => (await world.journal(laptop)).findLast((event) => event.conflict)?.conflict?.status,
  };
}

/** Contents of what lives, by path. */
async function contents({ world, laptop }: Clash): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const tree = fold(await world.journal(laptop));
  const names = new Map(
    ['base', 'laptop', 'phone', 'merged', 'newer'].map((text) => [JSON.stringify(bare(file(text))), text]),
  );
  for (const path of Object.keys(paths(tree)))
    for (const { entry, head } of tree.values())
      if (entry.live && head && path.endsWith(`/${entry.name}`))
        found[path] = names.get(JSON.stringify(bare(head.content))) ?? '?';
  return found;
}

function bare(content: object): unknown {
  const { encoded: _encoded, ...rest } = { encoded: null, ...content };
  return rest;
}

test('both sides of a conflict are told as they were when they clashed, also to a third device', async () => {
  const one = await clash();
  const { conflicts } = await one.world.metadata.conflicts(one.laptop.caller);
  const sides = conflicts[0]?.conflict.sides;
  assert.deepEqual(
    [sides?.original?.path, sides?.original?.device, sides?.original?.number, sides?.ancestor],
    ['d/a', 'laptop', 2, 1],
  );
  assert.deepEqual(
    [sides?.copy?.path, sides?.copy?.device, sides?.copy?.number],
    [`d/${one.copy.entry.name}`, 'phone', 1],
  );
  await one.world.close();
});

test('a merge is a version on top of the original, and the copy goes; undone, both stand as before', async () => {
  const one = await clash();
  const done = await one.settle('merged', { text: 'merged' });
  assert.equal(done.kind, 'committed', JSON.stringify(done));
  const [top] = done.events;
  assert.deepEqual(
    [top?.head?.number, top?.head?.base, top?.cause],
    [3, one.original.head?.version, 'resolve'],
  );
  assert.deepEqual(await contents(one), { 'd/a': 'merged' });
  const settled = top?.conflict?.settled;
  assert.deepEqual([settled?.device, settled?.undoable, settled?.made], ['laptop', true, top?.head?.version]);
  assert.equal((await one.undo()).kind, 'committed');
  assert.equal(await one.status(), 'open');
  assert.deepEqual(await contents(one), { 'd/a': 'laptop', [`d/${one.copy.entry.name}`]: 'phone' });
  assert.equal((await one.undo()).kind, 'adopted', 'it is open already');
  await one.world.close();
});

test('keeping mine or theirs is undone for everybody, as new versions', async () => {
  for (const keep of ['mine', 'theirs'] as const) {
    const one = await clash();
    await one.settle(keep);
    assert.deepEqual(await contents(one), { 'd/a': keep === 'mine' ? 'phone' : 'laptop' });
    const undone = await one.undo();
    assert.equal(undone.kind, 'committed');
    for (const event of undone.events) assert.equal(event.cause, 'reopen');
    assert.deepEqual(await contents(one), { 'd/a': 'laptop', [`d/${one.copy.entry.name}`]: 'phone' });
    const history = await one.world.metadata.history(one.laptop.caller, one.original.node);
    assert.deepEqual(
      history?.causes,
      keep === 'mine' ? ['reopen', 'resolve', 'edit', 'create'] : ['edit', 'create'],
    );
    assert.equal((await one.world.metadata.conflicts(one.laptop.caller)).conflicts.length, 1);
    await one.world.close();
  }
});

test('a copy that is kept may get a name of its own, and has the old one again once that is undone', async () => {
  const one = await clash();
  const taken = await one.settle('both', { copyName: 'a' });
  assert.equal(why(taken), 'unprocessable');
  assert.equal(why(await one.settle('both', { copyName: 'x/y' })), 'bad-name');
  assert.equal(await one.status(), 'open', 'a refusal has no effect');
  assert.equal((await one.settle('both', { copyName: 'mine' })).kind, 'committed');
  assert.deepEqual(await contents(one), { 'd/a': 'laptop', 'd/mine': 'phone' });
  await one.undo();
  assert.deepEqual(await contents(one), { 'd/a': 'laptop', [`d/${one.copy.entry.name}`]: 'phone' });
  await one.world.close();
});

test('undoing never puts an older content over what somebody made since', async () => {
  const one = await clash();
  const done = await one.settle('mine');
  const top = done.events[0]!;
  await one.phone.write(top, 'newer');
  assert.equal(why(await one.undo()), 'newer-head');
  assert.equal(await one.status(), 'resolved');
  assert.deepEqual(await contents(one), { 'd/a': 'newer' });
  await one.world.close();
});

test('where settling changed nothing at the path, what was saved there since stays when it is undone', async () => {
  const one = await clash();
  await one.settle('theirs');
  await one.phone.write(one.original, 'newer');
  assert.equal((await one.undo()).kind, 'committed');
  assert.deepEqual(await contents(one), { 'd/a': 'newer', [`d/${one.copy.entry.name}`]: 'phone' });
  await one.world.close();
});

test('an original that had been deleted is deleted again, and one that was deleted since returns', async () => {
  const before = await clash();
  await before.laptop.send(before.laptop.remove(before.original));
  await before.settle('mine');
  assert.deepEqual(await contents(before), { 'd/a': 'phone' });
  await before.undo();
  assert.deepEqual(await contents(before), { [`d/${before.copy.entry.name}`]: 'phone' });
  await before.world.close();
  const since = await clash();
  const top = (await since.settle('merged', { text: 'merged' })).events[0]!;
  await since.laptop.send(since.laptop.remove(top));
  await since.undo();
  assert.deepEqual(await contents(since), { 'd/a': 'laptop', [`d/${since.copy.entry.name}`]: 'phone' });
  await since.world.close();
});

test('an undo asked again under its key has the same answer; nobody else can undo it', async () => {
  const one = await clash();
  await one.settle('mine');
  const claim = one.phone.reopen({ node: one.copy.node, conflict: one.copy.conflict!.id });
  const first = await one.phone.one(claim);
  assert.deepEqual(await one.phone.one(claim), first);
  const stranger = await one.world.device('pc', 'bob');
  const foreign = stranger.reopen({ node: one.copy.node, conflict: one.copy.conflict!.id });
  assert.equal(why(await stranger.one(foreign)), 'not-found');
  await one.world.close();
});

test('a merge without content, or content without a merge, is a bad request; an older head is refused', async () => {
  const one = await clash();
  assert.equal(why(await one.settle('merged')), 'bad-request');
  assert.equal(why(await one.settle('theirs', { text: 'merged' })), 'bad-request');
  await one.phone.write(one.original, 'newer');
  assert.equal(why(await one.settle('merged', { text: 'merged' })), 'newer-head');
  assert.deepEqual(await contents(one), { 'd/a': 'newer', [`d/${one.copy.entry.name}`]: 'phone' });
  await one.world.close();
});

test('an old version returns as a file beside, without a byte being sent, and the file itself is left alone', async () => {
  const { world, laptop } = await twoDevices();
  const v1 = await laptop.make('a', 'one');
  const v2 = eventOf(await laptop.write(v1, 'two'));
  const restore = (name: string) =>
    laptop.restore({
      node: v1.node,
      base: v2.head!.version,
      version: v1.head!.version,
      copy: { node: world.nodeId(), name },
    });
  assert.equal(why(await laptop.one(restore('a'))), 'unprocessable');
  const done = await laptop.one(restore('a of then'));
  const made = eventOf(done);
  assert.deepEqual([made.cause, made.head?.number, made.head?.base], ['restore', 1, v1.head?.version]);
  assert.deepEqual(made.head?.content, v1.head?.content);
  assert.deepEqual(paths(fold(await world.journal(laptop))), { a: 'V2', 'a of then': 'V1' });
  await world.close();
});

test('a merge that is what the deleted side had brings that back as it was', async () => {
  const scene = await clash();
  const { laptop, original } = scene;
  await laptop.one(laptop.remove(original));
  const settled = await scene.settle('merged', { text: 'laptop' });
  assert.equal(settled.kind, 'committed');
  const back = (await scene.world.journal(laptop)).findLast(({ node }) => node === original.node);
  assert.deepEqual([back?.entry.live, back?.head?.version], [true, original.head!.version]);
  assert.equal(await scene.status(), 'resolved');
  await scene.world.close();
});
