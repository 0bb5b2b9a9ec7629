/** New contents on their way to the disk, with something happening in between their steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReservedUnreadable } from '../../src/engine/environment/disk.ts';
import type { DownloadItem } from '../../src/engine/remote/server.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { trashTexts } from '../simulation/checks/at-rest.ts';
import { pair } from './pair.ts';

const any = (): boolean => true;

test('a line that breaks while contents come down: they come when it is back', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'write', path: 'new.txt', text: 'new' });
  await both.world.settle([a]);
  const node = both.nodeAt(a, 'new.txt');
  b.network.goOnline();
  await both.reach('B has heard of it', () => both.state(b).remote.get(node) !== null);
  b.network.goOffline();
  await both.run(5000);
  both.shows(b, { 'keep.txt': 'kept' });
  b.network.goOnline();
  await both.agree({ 'keep.txt': 'kept', 'new.txt': 'new' });
});

test('a content that the server has to fetch from afar is told, with how long it takes, and comes when it is there', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  const { server } = both.device(b).engine.context;
  const thawing = t.mock.method(server, 'download', async ([item]: readonly DownloadItem[]) => {
    assert.ok(item);
    const { node } = item;
    const failed = { kind: 'failed', node, code: 'thawing', detail: 'cold', retryAfterMs: 4500 } as const;
    thawing.mock.restore();
    return { kind: 'ok' as const, value: [failed] };
  });
  await both.act(a, { do: 'write', path: 'new.txt', text: 'new' });
  await both.run(3000);
  const told = both
    .state(b)
    .problems.list()
    .map(({ code, facts }) => ({ code, facts }));
  assert.deepEqual(told, [{ code: 'thawing', facts: { detail: 'cold', seconds: '5' } }]);
  both.shows(b, { 'keep.txt': 'kept' });
  await both.agree({ 'keep.txt': 'kept', 'new.txt': 'new' });
  assert.deepEqual(await both.problems(b), []);
});

test('contents that cannot be made durable are erased and fetched anew', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  both.hold(
    b,
    'flushStaged',
    any,
    async () => ({ kind: 'failed', trouble: 'input-output', detail: 'EIO' }),
    true,
  );
  await both.act(a, { do: 'write', path: 'new.txt', text: 'new' });
  await both.agree({ 'keep.txt': 'kept', 'new.txt': 'new' });
  const staged = b.volume.find('.tidemark/staging');
  assert.equal(staged.children.size, 0);
});

test('a save just before its file is exchanged is given back, and both contents are kept', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and mine' }));
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs', 'f (conflict - B*': 'one and mine' });
});

test('a file that was only touched just before it is exchanged is no save', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => void b.act({ do: 'touch', path: 'f.txt', at: 1_000_000_000 }));
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs' });
  assert.deepEqual(trashTexts(b), []);
});

test('two saves in the moments of an exchange: the later stands at the path, the earlier is in the trash', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and mine' }));
  both.hold(b, 'fingerprintReserved', any, () => b.act({ do: 'save', path: 'f.txt', text: 'later' }));
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  // "theirs" stood at the path for an instant, and "one and mine" for another: no disk can tell who saw what of it.
  await both.agree({ 'f.txt': 'theirs', 'f (conflict - B*': 'later' }, [/^I11 B.*f.txt/, /^I17 "later"/]);
  assert.ok(trashTexts(b).includes('one and mine'));
});

test('the same where the disk refuses the last exchange: the later is in the trash, nothing is lost', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and mine' }));
  both.hold(b, 'fingerprintReserved', any, async () => {
    await b.act({ do: 'save', path: 'f.txt', text: 'later' });
    both.once(b, 'place', 'f.txt', () => both.once(b, 'place', 'f.txt', () => 'busy'));
  });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs', 'f (conflict - B*': 'one and mine' });
  assert.ok(trashTexts(b).includes('later'));
});

test('a save that cannot be read in staging is given back', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => {
    void b.act({ do: 'append', path: 'f.txt', text: ' and mine' });
    both.once(b, 'read', /-/, () => 'input-output');
  });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs', 'f (conflict - B*': 'one and mine' });
});

test('an exchange whose answer is a failure though it was made is settled by what lies in staging', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.hold(
    b,
    'place',
    any,
    async () => [{ kind: 'failed', trouble: 'input-output', detail: 'EIO after the exchange' }],
    true,
  );
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs' });
});

test('where staging cannot be read after such a failure, either, the end is looked for later', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  const failure = { kind: 'failed', trouble: 'input-output', detail: 'EIO after the exchange' } as const;
  both.hold(
    b,
    'place',
    any,
    async () => {
      both.hold(b, 'listStaged', any, () => Promise.reject(new ReservedUnreadable(failure)));
      return [failure];
    },
    true,
  );
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.reach('the exchange was made', () => both.state(b).intents.open().length > 0);
  await both.agree({ 'f.txt': 'theirs' });
  assert.deepEqual(both.state(b).intents.open(), []);
  assert.equal(b.volume.find('.tidemark/staging').children.size, 0);
});

test('a save between the exchange and the look at what stands there is an edit on what arrived', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.hold(
    b,
    'place',
    any,
    async () => {
      await b.act({ do: 'append', path: 'f.txt', text: ' and mine' });
      const displaced = [...b.volume.find('.tidemark/staging').children.values()][0];
      assert.ok(displaced);
      const stamp = b.volume.stamp(b.volume.find('f.txt'));
      return [{ kind: 'placed', stamp, displaced: b.volume.stamp(displaced) }];
    },
    true,
  );
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs and mine' });
});

test('a folder that goes just before a file is placed in it: the file comes again', async (t) => {
  const both = await pair(t, { 'd/keep.txt': 'kept' });
  const { a, b } = both;
  both.once(b, 'place', 'd/new.txt', () => void b.act({ do: 'move', from: 'd', to: 'e' }));
  await both.act(a, { do: 'write', path: 'd/new.txt', text: 'new' });
  await both.agree({ 'e/keep.txt': 'kept', 'e/new.txt': 'new' });
});

test('a name that is taken just before a file is placed: both are kept', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  both.once(b, 'place', 'new.txt', () => void b.act({ do: 'link', path: 'new.txt', target: 'mine' }));
  await both.act(a, { do: 'write', path: 'new.txt', text: 'theirs' });
  await both.agree({ 'keep.txt': 'kept', 'new.txt': 'theirs', 'new (conflict - B*': { link: 'mine' } });
});

test('a pipe at the name of what comes is told, and the file comes when it is gone', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  b.volume.create(b.volume.root, 'new.txt', { kind: 'other' });
  b.volume.create(b.volume.root, 'dir', { kind: 'other' });
  await both.act(a, { do: 'write', path: 'new.txt', text: 'theirs' }, { do: 'mkdir', path: 'dir' });
  await both.run(20_000);
  const problems = await both.problems(b);
  assert.ok(
    problems.includes('in-the-way new.txt') && problems.includes('in-the-way dir'),
    problems.join(', '),
  );
  b.volume.remove(b.volume.find('new.txt'));
  b.volume.remove(b.volume.find('dir'));
  await both.agree({ 'keep.txt': 'kept', 'new.txt': 'theirs', dir: { folder: true } });
  assert.deepEqual(await both.problems(b), []);
});

test('what came out of an exchange and is still open elsewhere stays in staging until the disk lets it go', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  const writer = b.volume.find('f.txt');
  both.hold(b, 'place', any, async () => {
    writer.writers += 1;
    both.once(b, 'trash', /-/, () => 'denied');
  });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.run(2000);
  writer.writers -= 1;
  await both.agree({ 'f.txt': 'theirs' });
});

test('a download whose file moves there while it is placed stands where it moved to', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'd/keep.txt': 'kept' });
  const { a, b } = both;
  const node = both.nodeAt(a, 'f.txt');
  both.hold(b, 'place', any, async () => {
    await a.act({ do: 'move', from: 'f.txt', to: 'd/g.txt' });
    await both.until('B has heard of it', () => both.state(b).remote.get(node)?.name === 'g.txt');
  });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'd/g.txt': 'theirs', 'd/keep.txt': 'kept' });
});

test('what was staged before a kill is used when it is still wanted, and erased when it is not', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept', 'old.txt': 'old' });
  const { a, b } = both;
  b.network.goOffline();
  for (const name of ['one', 'two', 'three'])
    await both.act(a, { do: 'write', path: name, text: `text ${name}` });
  await both.act(a, { do: 'write', path: 'old.txt', text: 'new' });
  await both.world.settle([a]);
  both.hold(b, 'place', any, async () => {
    b.kill();
    await new Promise(() => undefined);
  });
  b.network.goOnline();
  await both.reach('B was killed', () => b.device === null);
  const staging = b.volume.find('.tidemark/staging');
  assert.equal(staging.children.size, 4);
  b.volume.create(staging, 'leftover', { kind: 'file', bytes: new Uint8Array(3) });
  await both.act(a, { do: 'remove', path: 'one' }, { do: 'write', path: 'two', text: 'other' });
  await both.world.settle([a]);
  b.start();
  await both.agree({ 'keep.txt': 'kept', 'old.txt': 'new', two: 'other', three: 'text three' });
  assert.equal(staging.children.size, 0);
});

test('an update that was staged before a kill is used at the next start', async (t) => {
  const both = await pair(t, { 'old.txt': 'old' });
  const { a, b } = both;
  both.hold(b, 'flushStaged', any, async () => {
    b.kill();
    await new Promise(() => undefined);
  });
  await both.act(a, { do: 'write', path: 'old.txt', text: 'new' });
  await both.reach('B was killed', () => b.device === null);
  assert.equal(b.volume.find('.tidemark/staging').children.size, 1);
  b.start();
  await both.agree({ 'old.txt': 'new' });
});

test('an exchange whose end nobody saw and that cannot be settled is settled before anything is staged again', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => void b.act({ do: 'append', path: 'f.txt', text: ' and mine' }));
  both.hold(b, 'place', any, async () => [{ kind: 'failed', trouble: 'input-output', detail: 'EIO' }], true);
  both.once(b, 'read', /-/, () => {
    both.once(b, 'trash', /-/, () => 'input-output');
    return 'input-output';
  });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.run(1500);
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs again' });
  await both.agree({ 'f.txt': 'theirs again' });
  assert.ok(trashTexts(b).includes('one and mine') || trashTexts(b).length === 0);
});

test('a save that can neither go back nor into the trash waits in staging until it can', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  both.once(b, 'place', 'f.txt', () => {
    void b.act({ do: 'append', path: 'f.txt', text: ' and mine' });
    both.once(b, 'place', 'f.txt', () => 'input-output');
    both.once(b, 'trash', /-/, () => 'input-output');
  });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs', 'f (conflict - B*': 'one and mine' });
});

test('staging that cannot be read when all is in step is looked at again', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  await b.stop();
  const failure = { kind: 'failed', trouble: 'input-output', detail: 'EIO' } as const;
  let looks = 0;
  const isSecond = (): boolean => {
    looks += 1;
    return looks === 2;
  };
  both.hold(b, 'listStaged', isSecond, () => Promise.reject(new ReservedUnreadable(failure)));
  b.start();
  await both.world.settle();
  b.volume.create(b.volume.find('.tidemark/staging'), 'leftover', { kind: 'file', bytes: new Uint8Array(3) });
  await both.act(a, { do: 'write', path: 'f.txt', text: 'theirs' });
  await both.agree({ 'f.txt': 'theirs' });
  assert.equal(b.volume.find('.tidemark/staging').children.size, 0);
});

test('a link that cannot be staged comes when it can', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  const heal = both.fail(b, 'stage', /-/, 'denied');
  await both.act(a, { do: 'link', path: 'l', target: 'keep.txt' });
  await both.run(3000);
  both.shows(b, { 'keep.txt': 'kept' });
  assert.deepEqual(await both.problems(b), ['no-access l']);
  heal();
  await both.agree({ 'keep.txt': 'kept', l: { link: 'keep.txt' } });
});

test('a file in a folder that lost its name a moment ago comes when the folder is found', async (t) => {
  const both = await pair(t, { 'd/e/keep.txt': 'kept' });
  const { a, b } = both;
  b.network.goOffline();
  await both.act(a, { do: 'write', path: 'd/e/new.txt', text: 'new' });
  await both.world.settle([a]);
  const node = both.nodeAt(a, 'd/e/new.txt');
  const { scanner } = both.device(b).engine;
  both.hold(b, 'readControl', any, async () => {
    await both.until('it is heard of', () => both.state(b).remote.get(node) !== null);
    const domain = both.world.time.domain('a moment');
    await domain.sleep(20);
    b.watchFaults.drop = 0;
    scanner.lookAt(ROOT_NODE, 'outside');
  });
  b.watchFaults.drop = 1;
  await both.act(b, { do: 'move', from: 'd', to: 'outside' }, { do: 'write', path: 'd', text: 'a file' });
  scanner.lookAt(ROOT_NODE, 'd');
  b.network.goOnline();
  await both.agree({ 'outside/e/keep.txt': 'kept', 'outside/e/new.txt': 'new', d: 'a file' });
});

test('a folder that loses its name while a file for it comes down: the file is placed where the folder is found', async (t) => {
  const both = await pair(t, { 'd/keep.txt': 'kept' });
  const { a, b } = both;
  const folder = both.nodeAt(b, 'd');
  const { scanner } = both.device(b).engine;
  both.hold(b, 'flushStaged', any, async () => {
    b.watchFaults.drop = 1;
    await b.act({ do: 'move', from: 'd', to: 'outside' });
    await b.act({ do: 'write', path: 'd', text: 'a file' });
    scanner.lookAt(ROOT_NODE, 'd');
    await both.until('it stands nowhere', () => both.state(b).pathOf(folder) === null);
    b.watchFaults.drop = 0;
    both.hold(b, 'readControl', any, async () => {
      scanner.lookAt(ROOT_NODE, 'outside');
      await both.until('it is found', () => both.state(b).pathOf(folder) === 'outside');
    });
  });
  await both.act(a, { do: 'write', path: 'd/new.txt', text: 'new' });
  await both.agree({ 'outside/keep.txt': 'kept', 'outside/new.txt': 'new', d: 'a file' });
});

test('a large file that waits for its turn and is deleted there is not fetched', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  const large = Array.from({ length: 5 }, (_, i) => `large ${i}`);
  b.network.goOffline();
  for (const name of large) await both.act(a, { do: 'write', path: name, text: name.repeat(720_000) });
  await both.world.settle([a]);
  const nodes = large.map((name) => both.nodeAt(a, name));
  for (let i = 0; i < 3; i += 1)
    both.hold(b, 'flushStaged', any, () =>
      both.until('they are dead', () => nodes.every((node) => both.hasDied(b, node))),
    );
  b.network.goOnline();
  await both.reach('B has heard of them', () =>
    nodes.every((node) => both.state(b).remote.get(node) !== null),
  );
  for (const name of large) await both.act(a, { do: 'remove', path: name });
  await both.agree({ 'keep.txt': 'kept' });
  assert.deepEqual(trashTexts(b), []);
});

test('what is staged when the engine stops is not placed any more, and stands after the next start', async (t) => {
  const both = await pair(t, { 'keep.txt': 'kept' });
  const { a, b } = both;
  both.once(b, 'stage', /-/, () => void both.device(b).engine.stop());
  await both.act(a, { do: 'write', path: 'new.txt', text: 'new' });
  await both.run(5000);
  both.shows(b, { 'keep.txt': 'kept' });
  b.kill();
  b.start();
  await both.agree({ 'keep.txt': 'kept', 'new.txt': 'new' });
});

test('an old version that the disk does not let go is erased as soon as it does, without a restart', async (t) => {
  const both = await pair(t, { 'f.txt': 'one' });
  const { a, b } = both;
  const heal = both.fail(b, 'erase', /-/, 'denied');
  await both.act(a, { do: 'write', path: 'f.txt', text: 'two' });
  await both.run(5000);
  const staging = b.volume.find('.tidemark/staging');
  assert.equal(staging.children.size, 1);
  both.shows(b, { 'f.txt': 'two' });
  heal();
  await both.run(3000);
  assert.equal(staging.children.size, 0);
  await both.agree({ 'f.txt': 'two' });
});
