import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./few-watches.ts', import.meta.url));

test('when the system allows no more watches it is said, and said again when it is over', (t) => {
  // A namespace of its own has limits of its own.
  const limit = 'echo 10 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"';
  const run = spawnSync('unshare', ['-U', '-r', 'sh', '-c', limit, process.execPath, SCRIPT], {
    encoding: 'utf8',
  });
  if (run.error !== undefined || run.status === 1 || /unshare|max_inotify/.test(run.stderr)) {
    t.diagnostic(`no namespace with limits of its own here: ${run.stderr}`);
    return;
  }
  assert.deepEqual(run.stdout.trim().split('\n'), ['false ENOSPC', 'hint true', 'true']);
});
