import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadHelper } from '../../src/engine/local/node-helper.ts';

const SCRIPT = fileURLToPath(new URL('../../native-helpers/build.mjs', import.meta.url));

function build(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout };
}

test('without a compiler the build says one line, succeeds, and leaves an earlier build as it was', () => {
  const before = loadHelper().kind;
  const { status, stdout } = build(['--force'], { CXX: '/no/such/compiler' });
  assert.equal(status, 0);
  assert.equal(stdout.trim().split('\n').length, 1);
  assert.match(stdout, /plain JavaScript disk is used/);
  assert.equal(build(['--force', '--require'], { CXX: '/no/such/compiler' }).status, 1);
  assert.equal(loadHelper().kind, before);
});

test('a build that is up to date does nothing and says nothing', () => {
  if (loadHelper().kind === 'missing') return;
  const { status, stdout } = build(['--require'], { CXX: '/no/such/compiler' });
  assert.deepEqual([status, stdout], [0, '']);
});
