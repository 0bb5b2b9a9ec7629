import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import type { Workplace } from './disk-suite.ts';
import { good, goodAll, text, trouble } from './outcomes.ts';

export function observeSuite(here: () => Workplace): void {
  test('a listing tells every child with its kind, and leaves out the reserved folder', async () => {
    const { disk, user, fresh, executable } = here();
    const { at } = await fresh();
    await user.write(`${at}/file`, 'four');
    await user.write(`${at}/script`, '#!', true);
    await user.folder(`${at}/folder`);
    await user.link(`${at}/link`, 'file');
    const listing = good(await disk.list(at));
    const seen = new Map(listing.entries.map(({ name, stamp }) => [name, stamp]));
    assert.deepEqual([...seen.keys()].sort(), ['file', 'folder', 'link', 'script']);
    assert.deepEqual(
      ['file', 'folder', 'link', 'script'].map((name) => seen.get(name)?.kind),
      ['file', 'folder', 'symlink', 'file'],
    );
    assert.equal(seen.get('file')?.size, 4);
    assert.equal(seen.get('file')?.executable, false);
    assert.equal(seen.get('script')?.executable, executable);
    assert.equal(listing.folder.kind, 'folder');
    const root = good(await disk.list(''));
    assert.equal(
      root.entries.some(({ name }) => name === RESERVED_FOLDER),
      false,
    );
    assert.equal(
      root.entries.some(({ name }) => name === at),
      true,
    );
  });

  test('an empty folder has an empty listing, and names of many scripts come back as they were written', async () => {
    const { disk, user, fresh, lists } = here();
    const { at } = await fresh();
    assert.deepEqual(good(await disk.list(at)).entries, []);
    const names = ['Ünïcödé', 'e\u0301', '日本語.txt', '🙂', ' lead', 'a b', '-rf', "quote'", 'new\nline'];
    for (const name of names) if (lists(name) !== null) await user.write(`${at}/${name}`, name);
    const listed = good(await disk.list(at)).entries.map(({ name }) => name);
    assert.deepEqual(listed.toSorted(), names.flatMap((name) => lists(name) ?? []).toSorted());
  });

  test('what cannot be listed is a failure with its reason, never an empty listing', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/file`, 'x');
    await user.link(`${at}/link`, '.');
    assert.equal(trouble(await disk.list(`${at}/none`)), 'gone');
    assert.equal(trouble(await disk.list(`${at}/file`)), 'not-folder');
    assert.equal(trouble(await disk.list(`${at}/link`)), 'not-folder');
    assert.equal(trouble(await disk.list(`${at}/file/below`)), 'not-folder');
  });

  test('a look and a listing give the same stamp, and a look never follows a link', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/target`, 'content');
    await user.link(`${at}/link`, 'target');
    const listing = good(await disk.list(at));
    for (const { name, stamp } of listing.entries) {
      assert.deepEqual(good(await disk.look(`${at}/${name}`)).stamp, stamp);
    }
    assert.equal(good(await disk.look(`${at}/link`)).stamp.kind, 'symlink');
    assert.equal(good(await disk.look('')).stamp.kind, 'folder');
    assert.equal(good(await disk.look('')).stamp.fileId, good(await disk.list('')).folder.fileId);
  });

  test('many looks answer in the order they were asked, each with its own outcome', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/a`, 'a');
    await user.write(`${at}/b`, 'bb');
    const outcomes = await disk.lookMany([`${at}/b`, `${at}/none`, `${at}/a`, `${at}/a/below`]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.kind === 'failed' ? outcome.trouble : outcome.stamp.size)),
      [2, 'gone', 1, 'not-folder'],
    );
    assert.deepEqual(await disk.lookMany([]), []);
  });

  test('a path through a link is refused by every method that takes a path', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/real/file`, 'mine');
    await user.link(`${at}/way`, 'real');
    const path = `${at}/way/file`;
    assert.equal(trouble(await disk.look(path)), 'not-folder');
    assert.equal(trouble(await disk.open(path)), 'not-folder');
    assert.equal(trouble((await disk.readSmall([path], 100))[0]), 'not-folder');
    assert.equal(trouble((await disk.makeFolders([`${at}/way/new`]))[0]), 'not-folder');
    assert.equal(trouble((await disk.move([{ from: path, to: `${at}/out` }]))[0]), 'not-folder');
    assert.equal(
      trouble((await disk.move([{ from: `${at}/real/file`, to: `${at}/way/in` }]))[0]),
      'not-folder',
    );
    assert.equal(trouble((await disk.toTrash([{ path, name: `${id}-t` }]))[0]), 'not-folder');
    assert.equal(await user.read(`${at}/real/file`), 'mine');
    assert.deepEqual(await user.names(`${at}/real`), ['file']);
  });

  test('an edit moves the stamp and keeps the file id; another file under the name has another id', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/f`, 'one');
    const first = good(await disk.look(`${at}/f`)).stamp;
    await user.write(`${at}/f`, 'other');
    const second = good(await disk.look(`${at}/f`)).stamp;
    assert.equal(second.fileId, first.fileId);
    assert.notDeepEqual(second, first);
    await user.rename(`${at}/f`, `${at}/g`);
    assert.equal(good(await disk.look(`${at}/g`)).stamp.fileId, first.fileId);
    await user.write(`${at}/f`, 'new');
    assert.notEqual(good(await disk.look(`${at}/f`)).stamp.fileId, first.fileId);
  });

  test('a link is read as its target and stamp, and only links are', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.link(`${at}/link`, '../../elsewhere/ü');
    await user.write(`${at}/file`, 'x');
    const read = good(await disk.readLink(`${at}/link`));
    assert.equal(read.target, '../../elsewhere/ü');
    assert.deepEqual(read.stamp, good(await disk.look(`${at}/link`)).stamp);
    assert.notEqual(trouble(await disk.readLink(`${at}/file`)), 'link');
    assert.equal(trouble(await disk.readLink(`${at}/none`)), 'gone');
  });

  test('small files are read whole, each with the stamp that its bytes belong to', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    const contents = ['', 'a', 'b'.repeat(5000), 'c'.repeat(100_000)];
    for (const [index, content] of contents.entries()) await user.write(`${at}/${index}`, content);
    await user.folder(`${at}/folder`);
    const paths = [...contents.keys()].map((index) => `${at}/${index}`);
    const read = goodAll(await disk.readSmall(paths, 1 << 20));
    assert.deepEqual(
      read.map(({ bytes }) => text(bytes)),
      contents,
    );
    for (const [index, { stamp }] of read.entries()) {
      assert.deepEqual(stamp, good(await disk.look(paths[index]!)).stamp);
    }
    const others = await disk.readSmall([`${at}/none`, `${at}/folder`, `${at}/3`, `${at}/1`], 10);
    assert.deepEqual(others.map(trouble), ['gone', 'busy', 'busy', 'read']);
  });

  test('an open file is read in ranges and goes on showing the object that was opened', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/f`, '0123456789');
    const { file } = good(await disk.open(`${at}/f`));
    assert.equal(text(good(await file.read(3, 4)).bytes), '3456');
    assert.equal(text(good(await file.read(8, 10)).bytes), '89');
    assert.equal(good(await file.read(50, 1)).bytes.length, 0);
    assert.deepEqual(good(await file.stamp()).stamp, good(await disk.look(`${at}/f`)).stamp);
    const before = good(await file.stamp()).stamp;
    await user.write(`${at}/new`, 'replaced');
    await user.rename(`${at}/new`, `${at}/f`);
    assert.equal(text(good(await file.read(0, 3)).bytes), '012');
    assert.equal(good(await file.stamp()).stamp.fileId, before.fileId);
    await file.close();
    await file.close();
    assert.equal((await file.read(0, 1)).kind, 'failed');
  });

  test('only regular files can be opened', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.folder(`${at}/folder`);
    await user.write(`${at}/file`, 'x');
    await user.link(`${at}/link`, 'file');
    assert.equal(trouble(await disk.open(`${at}/folder`)), 'busy');
    assert.equal(trouble(await disk.open(`${at}/link`)), 'busy');
    assert.equal(trouble(await disk.open(`${at}/none`)), 'gone');
  });

  test('a file that somebody has open for writing is known as such until it is closed; readers do not count', async () => {
    const { disk, user, fresh, abilities } = here();
    const { at } = await fresh();
    for (const name of ['read', 'written', 'both', 'closed']) await user.write(`${at}/${name}`, name);
    await user.folder(`${at}/folder`);
    await user.link(`${at}/link`, 'written');
    const names = ['read', 'written', 'none', 'both', 'closed', 'folder', 'link', 'written/below'];
    const ask = async (): Promise<readonly string[]> => {
      const written = await disk.beingWritten([...names.map((name) => `${at}/${name}`), '']);
      assert.equal(written.length, names.length + 1);
      return names.filter((_name, index) => written[index] === true);
    };
    assert.deepEqual(await ask(), []);
    const closers = [
      await user.hold(`${at}/read`, 'reading'),
      await user.hold(`${at}/both`, 'reading'),
      await user.hold(`${at}/both`, 'writing'),
      await user.hold(`${at}/written`, 'writing'),
    ];
    // Plain Node cannot ask, and does not claim to know.
    const knows = abilities.helper === 'native';
    assert.deepEqual(await ask(), knows ? ['written', 'both'] : []);
    await user.rename(`${at}/written`, `${at}/closed`);
    assert.deepEqual(await ask(), knows ? ['both', 'closed'] : []);
    for (const close of closers) await close();
    assert.deepEqual(await ask(), []);
    assert.deepEqual(await disk.beingWritten([]), []);
  });

  test('whoever is being asked about can go on: nothing is left behind on the file', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/f`, 'one');
    const before = good(await disk.look(`${at}/f`)).stamp;
    const close = await user.hold(`${at}/f`, 'reading');
    assert.deepEqual(await disk.beingWritten([`${at}/f`, `${at}/f`]), [false, false]);
    assert.deepEqual(good(await disk.look(`${at}/f`)).stamp, before);
    await user.write(`${at}/f`, 'two');
    assert.equal(await user.read(`${at}/f`), 'two');
    await close();
  });

  test('free space is a number of bytes', async () => {
    assert.ok((await here().disk.freeBytes()) > 0);
  });
}
