/** What an export writes can be read by anybody. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileOf, linkDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { typed } from '../support/typed.ts';

test('heads are plain files and folders, history is JSON lines, and a running server is not disturbed', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'export-'));
  const server = await startTestServer();
  const wire = new Wire(server.url);
  t.after(async () => {
    await wire.close();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password }, 'laptop');
  const large = randomBytes(3_000_000);
  await device.addFile('large.bin', large);
  const [folder] = await device.finalize(device.create('a folder', null));
  const one = fileOf(Buffer.from('one'), true);
  const [made] = await device.commit(
    one.frames,
    device.create('run.sh', one.content, folder!.events[0]!.node),
  );
  const two = fileOf(Buffer.from('two'), true);
  await device.commit(two.frames, device.edit(made!.events[0]!, two.content));
  await device.finalize(device.create('link', { kind: 'symlink', target: 'a folder/run.sh' }));
  const gone = await device.addFile('gone.txt', Buffer.from('gone'));
  await device.finalize(device.remove(gone, gone.seq));

  const to = join(root, 'to');
  const said = await typed(['server', 'export', TEST_USER.name, to, '--data', server.data, '--json']);
  assert.equal(said.code, 0, said.stderr);
  const { namespace, files, folders, versions } = JSON.parse(said.stdout);
  assert.deepEqual([namespace, files, folders, versions], [device.link.namespace, 3, 1, 5]);
  assert.deepEqual((await readdir(join(to, 'files'))).sort(), ['a folder', 'large.bin', 'link']);
  assert.deepEqual(await readFile(join(to, 'files/large.bin')), large);
  assert.equal(await readFile(join(to, 'files/a folder/run.sh'), 'utf8'), 'two');
  assert.equal((await stat(join(to, 'files/a folder/run.sh'))).mode & 0o100, 0o100);
  assert.equal(await readlink(join(to, 'files/link')), 'a folder/run.sh');
  const lines = (await readFile(join(to, 'history.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const told = lines.map(({ path, version, isCurrent, deleted, user }) => [
    path,
    version,
    isCurrent,
    deleted,
    user,
  ]);
  assert.deepEqual(told.sort(), [
    ['a folder/run.sh', 1, false, false, 'ada'],
    ['a folder/run.sh', 2, true, false, 'ada'],
    ['gone.txt', 1, false, true, 'ada'],
    ['large.bin', 1, true, false, 'ada'],
    ['link', 1, true, false, 'ada'],
  ]);
  await device.addFile('afterwards.txt', Buffer.from('the server goes on'));

  const again = await typed(['server', 'export', namespace, to, '--data', server.data]);
  assert.deepEqual([again.code, /is not empty/.test(again.stderr)], [1, true]);
  const nobody = await typed(['server', 'export', 'nobody', join(root, 'x'), '--data', server.data]);
  assert.deepEqual([nobody.code, /no user and no namespace "nobody"/.test(nobody.stderr)], [1, true]);
});
