/** Counting is only worth something if nothing is missed: the system's own tracer is the witness. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pause, until } from '../support/devices.ts';
import { DeviceStage } from './device-stage.ts';
import { OPERATIONS } from './operations.ts';
import { buildShim } from './point-shim.ts';
import type { Stage } from './stage.ts';

/** How the tracer calls what the shim counts. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ openat: 'open', open: 'open', creat: 'open', write: 'write', pwrite64: 'pwrite', writev: 'writev' },
  ...{ pwritev: 'pwritev', copy_file_range: 'copy_file_range', sendfile: 'sendfile', fallocate: 'fallocate' },
  ...{ rename: 'rename', renameat: 'rename', renameat2: 'rename', mkdir: 'mkdir', mkdirat: 'mkdir' },
  ...{ link: 'link', linkat: 'link', symlink: 'symlink', symlinkat: 'symlink', unlink: 'unlink' },
  ...{ unlinkat: 'unlink', rmdir: 'rmdir', ftruncate: 'ftruncate', truncate: 'ftruncate', chmod: 'chmod' },
  ...{ fchmod: 'chmod', fchmodat: 'chmod', fchmodat2: 'chmod', fchown: 'chown', utimensat: 'utimensat' },
  ...{ fsync: 'fsync', fdatasync: 'fdatasync', syncfs: 'syncfs' },
};

const shim = buildShim();
const hasTracer = spawnSync('strace', ['-V']).status === 0;

test('the shim counts every call that changes a file, as the tracer of the system saw them', async (t) => {
  if ('why' in shim || !hasTracer) {
    t.diagnostic(`not run: ${'why' in shim ? shim.why : 'strace is not installed'}`);
    return;
  }
  const stage = await DeviceStage.open();
  try {
    for (const operation of OPERATIONS.filter(({ name }) =>
      /^(?:download|swap there|upload, edit)/.test(name),
    )) {
      const at = await stage.prepared(operation);
      const tracer = await trace(stage);
      stage.points.arm({ kind: 'count' }, 0);
      await operation.act(stage, at);
      assert.ok(await stage.rest());
      await stage.quiet();
      stage.points.disarm();
      const seen = await tracer.stop();
      const counted = stage.points.points().map(({ call }) => (call === 'pwrite-commit' ? 'pwrite' : call));
      assert.ok(counted.length > 20, operation.name);
      assert.deepEqual(tally(counted), tally(seen), operation.name);
    }
  } finally {
    await stage.close();
  }
});

/** Watches the process under test from outside. */
async function trace(stage: Stage): Promise<{ stop(): Promise<readonly string[]> }> {
  const file = join(stage.base, 'trace');
  // A question mark: a tracer or a machine that does not know the call has none of it.
  const calls = `trace=${Object.keys(NAMES)
    .map((name) => `?${name}`)
    .join(',')}`;
  const words = ['-f', '-qq', '-y', '-s', '0', '-o', file, '-e', calls, '-p', String(stage.pid)];
  const tracer = spawn('strace', words, { stdio: 'ignore' });
  const status = () => readFileSync(`/proc/${stage.pid}/status`, 'utf8');
  await until('the tracer is attached', async () => (/^TracerPid:\t0$/m.test(status()) ? null : true));
  // Each thread is attached by itself.
  await pause(300);
  return {
    stop: async () => {
      const ended = new Promise((resolve) => tracer.once('exit', resolve));
      tracer.kill('SIGINT');
      await ended;
      const below = join(stage.base, 'tested');
      return readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => named(line, below) ?? []);
    },
  };
}

/** The call of a line that changes something below the folder, in the shim's word for it. */
function named(line: string, below: string): string | null {
  const [, call = '', rest = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
  const name = NAMES[call];
  if (name === undefined || !rest.includes(`${below}/`) || /^[012]</.test(rest)) return null;
  if (name === 'open' && !/O_CREAT|O_TRUNC/.test(rest)) return null;
  return call === 'unlinkat' && rest.includes('AT_REMOVEDIR') ? 'rmdir' : name;
}

function tally(calls: readonly string[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const call of [...calls].sort()) sums[call] = (sums[call] ?? 0) + 1;
  return sums;
}
