import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workplace } from './disk-suite.ts';
import { good, goodAll, text, trouble } from './outcomes.ts';

// Half a second is exact also where times pass through a floating-point number.
const MTIME = 1_600_000_000_500_000_000n;
const PLAIN = { executable: false, mtimeNs: MTIME };
const SCRIPT = { executable: true, mtimeNs: MTIME };

export function applySuite(here: () => Workplace): void {
  test('staged files carry bytes, execute bit and time, and nothing shows in the root yet', async () => {
    const { disk, user, fresh, executable } = here();
    const { at, id } = await fresh();
    const staged = goodAll(
      await disk.stage([
        { name: `${id}-a`, bytes: Buffer.from('aaa'), meta: PLAIN },
        { name: `${id}-b`, bytes: Buffer.from('#!'), meta: SCRIPT },
        { name: `${id}-c`, bytes: new Uint8Array(0), meta: PLAIN },
      ]),
    );
    assert.deepEqual(
      staged.map(({ stamp }) => [stamp.size, stamp.executable, stamp.mtimeNs]),
      [
        [3, false, MTIME],
        [2, executable, MTIME],
        [0, false, MTIME],
      ],
    );
    assert.deepEqual(await user.names(at), []);
    const listed = (await disk.listStaged()).filter(({ name }) => name?.startsWith(`${id}-`));
    assert.deepEqual(listed.map(({ name }) => name).toSorted(), [`${id}-a`, `${id}-b`, `${id}-c`]);
    good(await disk.flushStaged([`${id}-a`, `${id}-b`]));
    await disk.eraseStaged([`${id}-a`, `${id}-b`, `${id}-c`, `${id}-never-was`]);
    assert.equal((await disk.listStaged()).filter(({ name }) => name?.startsWith(`${id}-`)).length, 0);
  });

  test('staging again under a name replaces the leftover', async () => {
    const { disk, fresh } = here();
    const { id } = await fresh();
    goodAll(await disk.stage([{ name: id, bytes: Buffer.from('a long leftover'), meta: SCRIPT }]));
    goodAll(await disk.stage([{ name: id, bytes: Buffer.from('new'), meta: PLAIN }]));
    const { file } = good(await disk.readReserved('staging', id));
    assert.equal(text(good(await file.read(0, 100)).bytes), 'new');
    assert.equal(good(await file.stamp()).stamp.executable, false);
    await file.close();
    await disk.eraseStaged([id]);
  });

  test('a staged file takes a free name, and never one that is in use', async () => {
    const { disk, user, fresh, executable } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/taken`, 'user');
    await user.folder(`${at}/folder`);
    await user.link(`${at}/link`, 'taken');
    const [staged] = goodAll(await disk.stage([{ name: id, bytes: Buffer.from('ours'), meta: SCRIPT }]));
    for (const name of ['taken', 'folder', 'link']) {
      const [outcome] = await disk.place([{ staged: id, path: `${at}/${name}`, mode: 'new' }]);
      assert.equal(trouble(outcome), 'taken', name);
    }
    const [placed] = goodAll(await disk.place([{ staged: id, path: `${at}/free`, mode: 'new' }]));
    assert.equal(placed?.stamp.fileId, staged?.stamp.fileId);
    assert.equal(placed?.displaced, null);
    assert.equal(placed?.stamp.mtimeNs, MTIME);
    assert.equal(placed?.stamp.executable, executable);
    assert.equal(await user.read(`${at}/free`), 'ours');
    assert.equal(await user.read(`${at}/taken`), 'user');
    good(await disk.flushFolders([at, '']));
    const [again] = await disk.place([{ staged: id, path: `${at}/other`, mode: 'new' }]);
    assert.equal(trouble(again), 'gone');
  });

  test('an exchange puts our file at the path and the displaced one, untouched, into staging', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/f`, 'the old bytes');
    const old = good(await disk.look(`${at}/f`)).stamp;
    const [staged] = goodAll(await disk.stage([{ name: id, bytes: Buffer.from('new'), meta: PLAIN }]));
    const [placed] = goodAll(await disk.place([{ staged: id, path: `${at}/f`, mode: 'exchange' }]));
    assert.equal(placed?.stamp.fileId, staged?.stamp.fileId);
    assert.equal(placed?.displaced?.fileId, old.fileId);
    assert.equal(placed?.displaced?.size, old.size);
    assert.equal(placed?.displaced?.mtimeNs, old.mtimeNs);
    assert.deepEqual(good(await disk.look(`${at}/f`)).stamp, placed?.stamp);
    assert.equal(await user.read(`${at}/f`), 'new');
    assert.deepEqual(
      (await disk.listStaged()).flatMap(({ name, stamp }) => (name === id ? [stamp] : [])),
      [placed?.displaced],
    );
    const { file } = good(await disk.readReserved('staging', id));
    assert.equal(text(good(await file.read(0, 100)).bytes), 'the old bytes');
    await file.close();
    await disk.eraseStaged([id]);
  });

  test('an exchange with a name that is gone, or that a folder took, changes nothing', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/folder/inside`, 'kept');
    goodAll(await disk.stage([{ name: id, bytes: Buffer.from('ours'), meta: PLAIN }]));
    const outcomes = await disk.place([
      { staged: id, path: `${at}/none`, mode: 'exchange' },
      { staged: id, path: `${at}/folder`, mode: 'exchange' },
    ]);
    assert.deepEqual(outcomes.map(trouble), ['gone', 'taken']);
    assert.deepEqual(await user.names(at), ['folder']);
    assert.equal(await user.read(`${at}/folder/inside`), 'kept');
    const { file } = good(await disk.readReserved('staging', id));
    assert.equal(text(good(await file.read(0, 10)).bytes), 'ours');
    await file.close();
    await disk.eraseStaged([id]);
  });

  test('links are staged, placed and exchanged as links', async () => {
    const { disk, user, fresh, abilities } = here();
    if (!abilities.symlinks) return;
    const { at, id } = await fresh();
    const staged = good(await disk.stageLink(id, '../some where'));
    assert.equal(staged.stamp.kind, 'symlink');
    goodAll(await disk.place([{ staged: id, path: `${at}/link`, mode: 'new' }]));
    assert.equal(good(await disk.readLink(`${at}/link`)).target, '../some where');
    good(await disk.stageLink(id, 'other'));
    const [placed] = goodAll(await disk.place([{ staged: id, path: `${at}/link`, mode: 'exchange' }]));
    assert.equal(placed?.displaced?.kind, 'symlink');
    assert.equal(good(await disk.readLink(`${at}/link`)).target, 'other');
    await user.write(`${at}/file`, 'x');
    const [over] = goodAll(await disk.place([{ staged: id, path: `${at}/file`, mode: 'exchange' }]));
    assert.equal(over?.stamp.kind, 'symlink');
    assert.equal(over?.displaced?.kind, 'file');
    await disk.eraseStaged([id]);
    assert.equal((await disk.stageLink(`${id}-bad`, '')).kind, 'failed');
  });

  test('a large file is assembled in any order, from bytes and from ranges of other files', async () => {
    const { disk, user, fresh, executable } = here();
    const { at, id } = await fresh();
    const source = Buffer.alloc(300_000, 'abcdefghij');
    await user.write(`${at}/source`, source);
    const { writer } = good(await disk.stageOpen(id));
    good(await writer.write(200_000, Buffer.from('tail')));
    good(await writer.copyFrom(`${at}/source`, 100_000, 0, 200_000));
    assert.equal(text(good(await writer.read(199_998, 6)).bytes), 'ijtail');
    assert.equal(trouble(await writer.copyFrom(`${at}/source`, 299_000, 0, 5000)), 'gone');
    assert.equal(trouble(await writer.copyFrom(`${at}/none`, 0, 0, 1)), 'gone');
    await writer.abandon();
    const { writer: resumed } = good(await disk.stageOpen(id));
    assert.equal(text(good(await resumed.read(200_000, 10)).bytes), 'tail');
    good(await resumed.write(0, source.subarray(0, 1)));
    const done = good(await resumed.finish(200_003, SCRIPT));
    assert.deepEqual(
      [done.stamp.size, done.stamp.executable, done.stamp.mtimeNs],
      [200_003, executable, MTIME],
    );
    assert.equal((await resumed.write(0, source)).kind, 'failed');
    good(await disk.flushStaged([id]));
    goodAll(await disk.place([{ staged: id, path: `${at}/made`, mode: 'new' }]));
    const made = await user.read(`${at}/made`);
    assert.equal(made.length, 200_003);
    assert.equal(made, `a${source.subarray(100_001, 300_000).toString()}tai`);
  });

  test('moves never replace, keep the object, and run in order', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/a`, 'a');
    await user.write(`${at}/b`, 'b');
    await user.write(`${at}/d/inside`, 'in');
    const a = good(await disk.look(`${at}/a`)).stamp.fileId;
    const outcomes = await disk.move([
      { from: `${at}/a`, to: `${at}/b` },
      { from: `${at}/a`, to: `${at}/c` },
      { from: `${at}/c`, to: `${at}/d/c` },
      { from: `${at}/d`, to: `${at}/e` },
      { from: `${at}/e/c`, to: `${at}/a` },
      { from: `${at}/none`, to: `${at}/f` },
      { from: `${at}/b`, to: `${at}/e` },
    ]);
    assert.deepEqual(outcomes.map(trouble), ['taken', 'found', 'found', 'found', 'found', 'gone', 'taken']);
    assert.equal(good(outcomes[4]).stamp.fileId, a);
    assert.deepEqual(await user.names(at), ['a', 'b', 'e']);
    assert.equal(await user.read(`${at}/e/inside`), 'in');
    assert.equal(await user.read(`${at}/b`), 'b');
    const below = await disk.move([{ from: `${at}/e`, to: `${at}/e/self` }]);
    assert.equal(below[0]?.kind, 'failed');
    assert.equal(await user.read(`${at}/e/inside`), 'in');
  });

  test('another spelling of a name is a rename like any other, and never eats a twin', async () => {
    const { disk, user, fresh, abilities, lists } = here();
    const { at } = await fresh();
    await user.write(`${at}/Read me`, 'text');
    const before = good(await disk.look(`${at}/Read me`)).stamp.fileId;
    const [moved] = goodAll(await disk.move([{ from: `${at}/Read me`, to: `${at}/READ ME` }]));
    assert.equal(moved?.stamp.fileId, before);
    assert.deepEqual(await user.names(at), [lists('READ ME')]);
    if (abilities.foldsCase) return;
    await user.write(`${at}/read me`, 'twin');
    const [refused] = await disk.move([{ from: `${at}/READ ME`, to: `${at}/read me` }]);
    assert.equal(trouble(refused), 'taken');
    assert.equal(await user.read(`${at}/read me`), 'twin');
  });

  test('folders are made one below the other, and removed only when empty', async () => {
    const { disk, user, fresh } = here();
    const { at } = await fresh();
    await user.write(`${at}/file`, 'x');
    const outcomes = await disk.makeFolders([
      `${at}/a`,
      `${at}/a/b`,
      `${at}/a`,
      `${at}/file/c`,
      `${at}/no/d`,
    ]);
    assert.deepEqual(outcomes.map(trouble), ['found', 'found', 'taken', 'not-folder', 'gone']);
    assert.equal(good(outcomes[1]).stamp.kind, 'folder');
    assert.equal(trouble(await disk.removeFolder(`${at}/a`)), 'not-empty');
    good(await disk.removeFolder(`${at}/a/b`));
    good(await disk.removeFolder(`${at}/a`));
    assert.equal(trouble(await disk.removeFolder(`${at}/a`)), 'gone');
    assert.equal(trouble(await disk.removeFolder(`${at}/file`)), 'not-folder');
    assert.deepEqual(await user.names(at), ['file']);
  });

  test('flushes work for one, for many, for what is gone, and for links', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    const names = Array.from({ length: 40 }, (_, index) => `${at}/f${index}`);
    for (const name of names) await user.write(name, 'x');
    await user.link(`${at}/link`, 'f1');
    good(await disk.flushFiles([`${at}/f1`, `${at}/link`]));
    assert.equal(trouble(await disk.flushFiles([`${at}/f1`, `${at}/none`])), 'gone');
    good(await disk.flushFiles(names));
    good(await disk.flushFolders([at]));
    good(await disk.flushFolders([]));
    assert.equal(trouble(await disk.flushStaged([`${id}-none`])), 'gone');
  });
}
