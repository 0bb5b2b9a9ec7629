import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunkingFor, encodeManifest } from '../../src/core/manifest/manifest.ts';
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import type { Workplace } from './disk-suite.ts';
import { good, goodAll, text, trouble } from './outcomes.ts';

const META = { executable: false, mtimeNs: 1_600_000_000_000_000_000n };

export function reservedSuite(here: () => Workplace): void {
  test('objects go to the trash with their stamp, and come back only onto a free name', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/f`, 'bytes');
    await user.write(`${at}/d/inside`, 'in');
    const before = good(await disk.look(`${at}/f`)).stamp;
    const outcomes = await disk.toTrash([
      { path: `${at}/f`, name: `${id}-f` },
      { path: `${at}/d`, name: `${id}-d` },
      { path: `${at}/none`, name: `${id}-x` },
    ]);
    assert.deepEqual(outcomes.map(trouble), ['found', 'found', 'gone']);
    const trashed = good(outcomes[0]).stamp;
    assert.deepEqual(
      [trashed.fileId, trashed.size, trashed.mtimeNs],
      [before.fileId, before.size, before.mtimeNs],
    );
    assert.deepEqual(await user.names(at), []);
    const kept = (await disk.listTrash()).filter(({ name }) => name?.startsWith(`${id}-`));
    assert.deepEqual(kept.map(({ name }) => name).toSorted(), [`${id}-d`, `${id}-f`]);
    await user.write(`${at}/f`, 'newer');
    assert.equal(trouble(await disk.fromTrash(`${id}-f`, `${at}/f`)), 'taken');
    good(await disk.fromTrash(`${id}-f`, `${at}/back`));
    assert.equal(await user.read(`${at}/back`), 'bytes');
    assert.equal(await user.read(`${at}/f`), 'newer');
    assert.equal(trouble(await disk.fromTrash(`${id}-f`, `${at}/again`)), 'gone');
    const [twice] = await disk.toTrash([{ path: `${at}/f`, name: `${id}-d` }]);
    assert.equal(trouble(twice), 'taken');
    assert.equal(await user.read(`${at}/f`), 'newer');
  });

  test('erasing the trash takes files, links and full folders, and follows nothing', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/safe/file`, 'outside the trash');
    await user.write(`${at}/d/one/two/deep`, 'x');
    await user.link(`${at}/d/out`, '../safe');
    await user.write(`${at}/d/one/f`, 'x');
    await user.write(`${at}/f`, 'x');
    goodAll(
      await disk.toTrash([
        { path: `${at}/d`, name: `${id}-d` },
        { path: `${at}/f`, name: `${id}-f` },
      ]),
    );
    await disk.eraseTrash([`${id}-d`, `${id}-f`, `${id}-none`]);
    assert.deepEqual(
      (await disk.listTrash()).filter(({ name }) => name?.startsWith(`${id}-`)),
      [],
    );
    assert.equal(await user.read(`${at}/safe/file`), 'outside the trash');
  });

  test('parked objects are out of sight and come back as the same object', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    await user.write(`${at}/a`, 'a');
    await user.write(`${at}/b`, 'b');
    const parked = good(await disk.park(`${at}/a`, id));
    assert.deepEqual(await user.names(at), ['b']);
    assert.equal((await disk.listParked()).filter(({ name }) => name === id).length, 1);
    goodAll(await disk.move([{ from: `${at}/b`, to: `${at}/a` }]));
    assert.equal(trouble(await disk.unpark(id, `${at}/a`)), 'taken');
    const back = good(await disk.unpark(id, `${at}/b`));
    assert.equal(back.stamp.fileId, parked.stamp.fileId);
    assert.equal(await user.read(`${at}/b`), 'a');
    assert.equal(await user.read(`${at}/a`), 'b');
    assert.equal(trouble(await disk.unpark(id, `${at}/c`)), 'gone');
  });

  test('a staged object can be kept in the trash instead of being erased', async () => {
    const { disk, fresh } = here();
    const { id } = await fresh();
    goodAll(await disk.stage([{ name: id, bytes: Buffer.from('precious'), meta: META }]));
    good(await disk.stagedToTrash(id, `${id}-kept`));
    const { file } = good(await disk.readReserved('trash', `${id}-kept`));
    assert.equal(text(good(await file.read(0, 100)).bytes), 'precious');
    await file.close();
    assert.equal(trouble(await disk.stagedToTrash(id, `${id}-more`)), 'gone');
    await disk.eraseTrash([`${id}-kept`]);
  });

  test('staged and trashed objects have fingerprints, small ones with their bytes', async () => {
    const { disk, user, fresh } = here();
    const { at, id } = await fresh();
    const large = Buffer.alloc(1_500_000, 'large file ');
    await user.write(`${at}/large`, large);
    goodAll(await disk.toTrash([{ path: `${at}/large`, name: id }]));
    goodAll(
      await disk.stage([
        { name: `${id}-s`, bytes: Buffer.from('small'), meta: META },
        { name: `${id}-e`, bytes: new Uint8Array(0), meta: META },
      ]),
    );
    const small = good(await disk.fingerprintReserved('staging', `${id}-s`));
    assert.equal(small.bytes === null ? null : text(small.bytes), 'small');
    assert.equal(small.manifest.size, 5);
    assert.equal(encodeManifest(small.manifest)[0], 1);
    const empty = good(await disk.fingerprintReserved('staging', `${id}-e`));
    assert.deepEqual([empty.manifest.chunks, empty.bytes?.length], [[], 0]);
    const trashed = good(await disk.fingerprintReserved('trash', id));
    assert.equal(trashed.bytes, null);
    assert.equal(trashed.manifest.size, large.length);
    assert.deepEqual(trashed.manifest.parameters, chunkingFor(large.length));
    assert.equal(trouble(await disk.fingerprintReserved('trash', `${id}-none`)), 'gone');
    await disk.eraseStaged([`${id}-s`, `${id}-e`]);
    await disk.eraseTrash([id]);
  });

  test('control files are absent, then as written, then as written again', async () => {
    const { disk, user, fresh } = here();
    const { id } = await fresh();
    assert.equal(await disk.readControl(id), null);
    good(await disk.writeControl(id, Buffer.from('a first and longer marker')));
    good(await disk.writeControl(id, Buffer.from('marker')));
    const read = await disk.readControl(id);
    assert.equal(read === null ? null : text(good(read).bytes), 'marker');
    assert.equal(await user.read(`${RESERVED_FOLDER}/${id}`), 'marker');
  });

  test('the reserved folder cannot be reached by a path', async () => {
    const { disk, fresh } = here();
    const { id } = await fresh();
    const path = `${RESERVED_FOLDER}/trash/${id}`;
    assert.equal(trouble(await disk.look(RESERVED_FOLDER)), 'name-refused');
    assert.equal(trouble(await disk.list(`${RESERVED_FOLDER}/staging`)), 'name-refused');
    assert.equal(trouble((await disk.makeFolders([path]))[0]), 'name-refused');
    goodAll(await disk.stage([{ name: id, bytes: Buffer.from('x'), meta: META }]));
    const [placed] = await disk.place([{ staged: id, path, mode: 'new' }]);
    assert.equal(trouble(placed), 'name-refused');
    const [moved] = await disk.move([{ from: RESERVED_FOLDER, to: 'mine' }]);
    assert.equal(trouble(moved), 'name-refused');
    await disk.eraseStaged([id]);
  });

  test('preparing again keeps what is in the reserved areas and leaves no probes', async () => {
    const { disk, abilities, fresh } = here();
    const { id } = await fresh();
    goodAll(await disk.stage([{ name: id, bytes: Buffer.from('kept'), meta: META }]));
    const again = good(await disk.prepare());
    assert.deepEqual(again.abilities, abilities);
    const names = (await disk.listStaged()).map(({ name }) => name);
    assert.equal(names.includes(id), true);
    assert.equal(
      names.some((name) => name?.includes('probe')),
      false,
    );
    await disk.eraseStaged([id]);
  });
}
