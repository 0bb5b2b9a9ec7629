/** sqlite3 at work for seconds in a synced folder. While it is open the other side may hold any state; closed, the last. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Desk, type ProgramCase, run } from './program-case.ts';

const ROUNDS = 30;
const EVERY_MS = 120;

/** One session that stays open, with a transaction now and then. */
async function write(desk: Desk, name: string, mode: 'WAL' | 'DELETE'): Promise<void> {
  const shell = spawn('sqlite3', [name], { cwd: desk.here.folder, stdio: ['pipe', 'ignore', 'pipe'] });
  const wrong: string[] = [];
  shell.stderr.setEncoding('utf8').on('data', (text: string) => wrong.push(text));
  const ended = new Promise((resolve) => shell.once('close', resolve));
  shell.stdin.write(`PRAGMA journal_mode=${mode};\nCREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB);\n`);
  for (let i = 0; i < ROUNDS; i += 1) {
    shell.stdin.write(
      'BEGIN; INSERT INTO t (x) SELECT randomblob(2000) FROM generate_series(1, 20); COMMIT;\n',
    );
    await sleep(EVERY_MS);
  }
  shell.stdin.end('.quit\n');
  await ended;
  assert.deepEqual(wrong, []);
}

function sqliteCase(mode: 'WAL' | 'DELETE'): ProgramCase {
  return {
    name: `sqlite3 (${mode}): written for seconds; closed, it is whole on both sides`,
    packages: ['sqlite3'],
    run: async (desk) => {
      const name = `ledger-${mode.toLowerCase()}.db`;
      await write(desk, name, mode);
      await desk.settled();
      for (const device of [desk.here, desk.there]) {
        assert.equal((await run(device.folder, 'sqlite3', name, 'PRAGMA integrity_check')).trim(), 'ok');
        const count = await run(device.folder, 'sqlite3', name, 'SELECT count(*) FROM t');
        assert.equal(Number(count), ROUNDS * 20);
      }
      await desk.settled();
    },
  };
}

export const DATABASES: readonly ProgramCase[] = [sqliteCase('WAL'), sqliteCase('DELETE')];
