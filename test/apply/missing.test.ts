/** What is missing while the disk fails, or while its folder is listed: believed once it can be seen, and not before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { type Pair, pair } from './pair.ts';

const any = (): boolean => true;
const START = { 'f.txt': 'one', 'keep.txt': 'kept' } as const;
const GONE = { 'keep.txt': 'kept' } as const;
const EIO = { kind: 'failed', trouble: 'input-output', detail: 'EIO' } as const;

test('a mark of the root that cannot be read for a moment is read again, and then the deletion is told', async (t) => {
  const both = await pair(t, START);
  both.hold(both.a, 'readControl', any, async () => EIO, true);
  await both.act(both.a, { do: 'remove', path: 'f.txt' });
  await both.run(10_000);
  both.shows(both.b, GONE);
  await both.agree(GONE);
});

/** Every look at `f.txt` fails, from the one on that would believe it gone. */
function failing(both: Pair): () => void {
  let heal = (): void => undefined;
  both.once(both.a, 'look', 'f.txt', () => {
    heal = both.fail(both.a, 'look', 'f.txt', 'input-output');
  });
  return () => heal();
}

test('a disk that does not say for a moment whether a file is there is asked again, and then the deletion is told', async (t) => {
  const both = await pair(t, START);
  const heal = failing(both);
  await both.act(both.a, { do: 'remove', path: 'f.txt' });
  await both.run(1500);
  both.shows(both.b, START);
  heal();
  await both.run(5000);
  both.shows(both.b, GONE);
  await both.agree(GONE);
});

test('a disk that never says whether a file is there is not asked for ever: the next full scan looks again', async (t) => {
  const both = await pair(t, START);
  const { a, b } = both;
  const { scanner } = both.device(a).engine;
  const heal = failing(both);
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await both.run(1000);
  assert.equal(scanner.busy, true);
  await both.run(20_000);
  assert.equal(scanner.busy, false);
  both.shows(b, START);
  heal();
  await both.run(20_000);
  both.shows(b, START);
  await both.do(both.device(a).command({ do: 'rescan' }));
  await both.agree(GONE);
});

test('a folder that a rule leaves out by the time it is listed is not listed', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a, b } = both;
  const folder = both.nodeAt(a, 'd');
  await both.act(a, { do: 'write', path: '.tidemarkignore.local', text: 'd/\n' });
  await both.world.settle();
  await both.act(a, { do: 'remove', path: 'd/f.txt' });
  both.device(a).engine.scanner.listFolder(folder);
  await both.run(5000);
  assert.ok(both.state(a).nodeAt('d/f.txt'), 'what is in it is nobody’s business');
  both.shows(b, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  await both.act(a, { do: 'write', path: 'd/f.txt', text: 'two' });
  await both.act(a, { do: 'remove', path: '.tidemarkignore.local' });
  await both.agree({ 'd/f.txt': 'two', 'keep.txt': 'kept' });
});

test('a folder that nobody knows any more when it cannot be listed leaves nothing behind', async (t) => {
  const both = await pair(t, { 'd/f.txt': 'one', 'keep.txt': 'kept' });
  const { a } = both;
  const folder = both.nodeAt(a, 'd');
  both.hold(
    a,
    'list',
    (path) => path === 'd',
    async () => {
      await a.act({ do: 'remove-all', path: 'd' });
      both.state(a).transaction(() => both.state(a).local.remove(folder));
      return EIO;
    },
    true,
  );
  both.device(a).engine.scanner.listFolder(folder);
  await both.agree(GONE);
  assert.deepEqual(await both.problems(a), []);
});

test('of two files that change names, only one of which was told, none is taken for an edit of the other', async (t) => {
  const both = await pair(t, { 'f.txt': 'one', 'g.txt': 'two' });
  const { a, b } = both;
  const [f, g] = [both.nodeAt(a, 'f.txt'), both.nodeAt(a, 'g.txt')];
  const { scanner } = both.device(a).engine;
  a.watchFaults.drop = 1;
  await both.act(a, { do: 'swap', a: 'f.txt', b: 'g.txt' });
  scanner.lookAt(ROOT_NODE, 'f.txt');
  await both.reach('the first was seen', () => both.state(a).nodeAt('f.txt') === g);
  scanner.lookAt(ROOT_NODE, 'g.txt');
  await both.agree({ 'f.txt': 'two', 'g.txt': 'one' });
  for (const machine of [a, b]) {
    assert.equal(both.nodeAt(machine, 'f.txt'), g);
    assert.equal(both.nodeAt(machine, 'g.txt'), f);
  }
});

const LEFT_OUT = '*.log\n';

for (const readable of [true, false])
  test(`what is moved over a name that a rule leaves out is gone from its own${readable ? '' : ', once that can be looked at'}`, async (t) => {
    const both = await pair(t, { 'd/f.txt': 'one', 'x.log': 'log', 'keep.txt': 'kept' });
    const { a, b } = both;
    await both.act(a, { do: 'write', path: '.tidemarkignore.local', text: LEFT_OUT });
    await both.world.settle();
    await both.act(a, { do: 'move', from: 'd/f.txt', to: 'x.log' });
    if (!readable) {
      await both.act(a, { do: 'permit', path: 'd', read: false });
      await both.run(5000);
      both.shows(b, { 'd/f.txt': 'one', 'x.log': 'log', 'keep.txt': 'kept' });
      await both.act(a, { do: 'permit', path: 'd', read: true });
    }
    await both.world.settle();
    both.shows(b, { d: { folder: true }, 'x.log': 'log', 'keep.txt': 'kept' });
    both.shows(a, {
      d: { folder: true },
      'x.log': 'one',
      'keep.txt': 'kept',
      '.tidemarkignore.local': LEFT_OUT,
    });
    await both.act(a, { do: 'remove', path: '.tidemarkignore.local' });
    await both.agree({ d: { folder: true }, 'x.log': 'one', 'keep.txt': 'kept' });
  });

test('a hint from deep below a folder that nobody knows yet finds it from the nearest one that is known', async (t) => {
  const both = await pair(t, { 'd/keep.txt': 'kept' });
  const { a } = both;
  a.watchFaults.drop = 1;
  await both.act(a, { do: 'mkdir', path: 'd/e/f' }, { do: 'write', path: 'd/e/f/new.txt', text: 'new' });
  both.device(a).engine.scanner.hint([{ kind: 'look', folder: 'd/e/f', child: 'new.txt' }]);
  await both.agree({ 'd/keep.txt': 'kept', 'd/e/f/new.txt': 'new' });
});

test('a root that cannot be listed for a moment tells nothing, and is listed when it can', async (t) => {
  const both = await pair(t, START);
  const { a, b } = both;
  const heal = both.fail(a, 'list', '', 'input-output');
  a.watchFaults.drop = 1;
  await both.act(a, { do: 'remove', path: 'f.txt' });
  both.device(a).engine.scanner.listFolder(ROOT_NODE);
  await both.run(5000);
  both.shows(b, START);
  assert.equal(both.device(a).engine.halted?.code, 'disk-error');
  heal();
  await both.agree(GONE);
});
