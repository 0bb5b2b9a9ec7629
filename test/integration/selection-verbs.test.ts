/** Ignore rules and folders by the command line, against a real engine and a real server. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from '../support/devices.ts';
import { Running } from '../support/processes.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';
import { type Said, typed } from '../support/typed.ts';

interface Place {
  readonly folder: string;
  type(words: readonly string[], stdin?: string): Promise<Said>;
  inStep(): Promise<void>;
}

async function place(t: TestContext): Promise<Place> {
  const server = await startTestServer();
  const root = await mkdtemp(join(tmpdir(), 'tidemark-selection-'));
  const [state, folder] = [join(root, 'state'), join(root, 'files')];
  t.after(async () => {
    await server.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const type = (words: readonly string[], stdin = '') =>
    typed([...words, '--state', state], { stdin, cwd: folder });
  mkdirSync(join(folder, 'photos/raw'), { recursive: true });
  for (const name of ['photos/a.jpg', 'photos/raw/a.dng', 'note.txt'])
    writeFileSync(join(folder, name), name);
  const who = ['--server', server.url, '--user', TEST_USER.name, '--password-file', '-'];
  const linked = await type(['link', ...who, '--device', 'D', '--folder', folder], TEST_USER.password);
  assert.equal(linked.code, 0, linked.stderr);
  const engine = new Running(['run', '--state', state], join(root, 'run.log'));
  t.after(() => engine.kill());
  const inStep = async () => {
    await until('in step', async () => ((await type(['wait', '--timeout', '10'])).code === 0 ? true : null));
  };
  await inStep();
  return { folder, type, inStep };
}

test('a folder is looked at, removed and brought back; rules are tried and set', {
  timeout: 100_000,
}, async (t) => {
  const { folder, type, inStep } = await place(t);
  const has = (path: string) => existsSync(join(folder, path));
  assert.match((await type(['folders'])).stdout, /^photos +on this computer +2 files/);
  const dry = await type(['folders', 'remove', 'photos', '--dry-run']);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /stays online: 2 files[\s\S]*dry run/);
  assert.ok(has('photos/a.jpg'));
  assert.equal((await type(['folders', 'remove', join(folder, 'photos')])).code, 0);
  await until('it has left', async () => (has('photos') ? null : true));
  assert.match((await type(['folders'])).stdout, /^photos +stays online/);
  const inner = await type(['folders', 'bring', 'photos/raw']);
  assert.equal(inner.code, 1);
  assert.match(inner.stderr, /photos\/raw is in photos, which stays online as a whole/);
  assert.match((await type(['folders', 'bring', 'photos'])).stdout, /comes down: 2 files/);
  await inStep();
  assert.equal(readFileSync(join(folder, 'photos/raw/a.dng'), 'utf8'), 'photos/raw/a.dng');

  const tried = await type(['ignore', 'test', '-'], '*.dng\n[a\n');
  assert.match(
    tried.stdout,
    /Line 2 \(shared\)[\s\S]*1 file .*no longer be synced[\s\S]*photos\/raw\/a\.dng/,
  );
  assert.ok(!has('.tidemarkignore'));
  assert.equal((await type(['ignore', 'set', '-', '--local', '--folder', 'photos'], '*.dng\n')).code, 0);
  const shown = JSON.parse((await type(['ignore', 'photos', '--json'])).stdout) as object;
  assert.deepEqual(shown, { shared: '', local: '*.dng\n' });
  assert.match((await type(['ignore', 'photos'])).stdout, /alone \(\.tidemarkignore\.local\):\n {2}\*\.dng/);
  assert.equal((await type(['ignore', 'set', 'none.txt'])).code, 2);
});
