import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isAlive } from '../../src/ipc/node-control-file.ts';
import { until } from '../support/devices.ts';
import { command, Running } from '../support/processes.ts';

interface Started {
  readonly url: string;
  readonly folder: string;
  readonly pids: { readonly server: number; readonly engine: number };
}

interface Home {
  readonly root: string;
  readonly words: readonly string[];
  start(): { readonly process: Running; readonly started: Promise<Started> };
}

async function home(t: TestContext): Promise<Home> {
  const root = await mkdtemp(join(tmpdir(), 'tidemark-start-'));
  const words = ['start', '--home', join(root, 'home'), '--folder', join(root, 'Tidemark'), '--port', '0'];
  const pids = new Set<number>();
  t.after(async () => {
    for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  let count = 0;
  return {
    root,
    words,
    start() {
      count += 1;
      const running = new Running([...words, '--json'], join(root, `start-${count}.log`));
      const started = until('start tells what it started', async () => {
        const line = running.log().split('\n')[0] ?? '';
        assert.ok(running.alive || line.startsWith('{"running"'), running.log());
        return line.startsWith('{') && line.endsWith('}') ? (JSON.parse(line) as Started) : null;
      }).then((value) => {
        for (const pid of Object.values(value.pids)) pids.add(pid);
        return value;
      });
      return { process: running, started };
    },
  };
}

async function inStep({ root }: Home): Promise<void> {
  const state = join(root, 'home/this-computer');
  const waited = await command(['wait', '--state', state, '--timeout', '20']);
  assert.equal(waited.code, 0, waited.stdout + waited.stderr);
}

test('start brings up server and device, a second start goes on with them, and Ctrl-C ends both', {
  timeout: 60_000,
}, async (t) => {
  const place = await home(t);
  const first = place.start();
  const one = await first.started;
  assert.equal((await stat(join(place.root, 'home/password'))).mode & 0o777, 0o600);
  await writeFile(join(one.folder, 'hello.txt'), 'hello\n');
  await inStep(place);

  const beside = await command([...place.words, '--json']);
  assert.equal(beside.code, 0);
  assert.equal((JSON.parse(beside.stdout) as { pid: number }).pid, first.process.pid);

  first.process.child.kill('SIGINT');
  assert.equal(await first.process.ended, 0);
  assert.deepEqual([isAlive(one.pids.server), isAlive(one.pids.engine)], [false, false]);

  const second = place.start();
  const two = await second.started;
  assert.equal(two.url, one.url, 'devices know the server by its address');
  await inStep(place);
  assert.equal(await readFile(join(two.folder, 'hello.txt'), 'utf8'), 'hello\n');
  assert.equal(await second.process.stop(), 0);
});

test('a start that was killed is taken over by the next one', { timeout: 60_000 }, async (t) => {
  const place = await home(t);
  const first = place.start();
  const one = await first.started;
  await first.process.kill();
  assert.deepEqual([isAlive(one.pids.server), isAlive(one.pids.engine)], [true, true]);
  const second = place.start();
  assert.deepEqual((await second.started).pids, one.pids);
  assert.equal(await second.process.stop(), 0);
  assert.deepEqual([isAlive(one.pids.server), isAlive(one.pids.engine)], [false, false]);
});

test('the demo tells its story, every step equal on both sides, and leaves nothing behind', {
  timeout: 90_000,
}, async () => {
  const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('tidemark-demo-'));
  const before = await left();
  const demo = await command(['demo', '--json']);
  assert.equal(demo.code, 0, demo.stderr);
  const { ok, steps } = JSON.parse(demo.stdout) as { ok: boolean; steps: unknown[] };
  assert.equal(ok, true);
  assert.ok(steps.length >= 12);
  assert.deepEqual(await left(), before);
});
