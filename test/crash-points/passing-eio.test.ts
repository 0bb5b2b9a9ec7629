/** A disk that fails for a moment while the state is opened: a sound state never counts as a corrupt one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openState } from '../../src/engine/state/database.ts';
import { buildShim, type Kind, PointControl } from './point-shim.ts';

const shim = buildShim();
const OPENER = fileURLToPath(new URL('./state-opener.ts', import.meta.url));
const KINDS: readonly Kind[] = ['open', 'create', 'write', 'name', 'remove', 'meta', 'sync', 'read', 'look'];
const ROWS = 3000;
const FILES = ['', '-wal'] as const;

interface Said {
  readonly kind: string;
  readonly rows: number;
  readonly detail: string;
}

class Opener {
  readonly points: PointControl;
  readonly path: string;
  readonly #sound: string;
  readonly #ask: (path: string) => Promise<Said>;

  constructor(t: TestContext, shimFile: string) {
    const root = mkdtempSync(join(tmpdir(), 'tidemark-eio-'));
    const below = join(root, 'struck');
    mkdirSync(below);
    this.#sound = join(root, 'sound.db');
    this.path = join(below, 'state.db');
    this.points = new PointControl(shimFile, join(root, 'points'), below);
    this.#furnish(root);
    const child = spawn(process.execPath, [OPENER], {
      env: { ...process.env, ...this.points.env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#ask = async (path) => {
      child.stdin.write(`${path}\n`);
      const { value, done } = await lines.next();
      assert.ok(done !== true, 'the process has ended');
      return JSON.parse(value);
    };
    t.after(() => {
      child.kill();
      this.points.close();
      rmSync(root, { recursive: true, force: true });
    });
  }

  /** Half of it in the log, as a kill leaves it. */
  #furnish(root: string): void {
    const opened = openState(join(root, 'made.db'));
    assert.ok(opened.kind === 'open');
    const { db } = opened;
    const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
    const fill = (from: number, to: number): void =>
      db.transaction(() => {
        for (let i = from; i < to; i += 1) put.run(`row ${i}`, 'x'.repeat(40));
      })();
    fill(0, ROWS / 2);
    db.pragma('wal_checkpoint(TRUNCATE)');
    fill(ROWS / 2, ROWS);
    for (const suffix of FILES) copyFileSync(join(root, `made.db${suffix}`), this.#sound + suffix);
    db.close();
  }

  restore(): void {
    rmSync(`${this.path}-shm`, { force: true });
    for (const suffix of FILES) copyFileSync(this.#sound + suffix, this.path + suffix);
  }

  async open(): Promise<Said> {
    const said = await this.#ask(this.path);
    this.points.disarm();
    return said;
  }
}

for (const sticky of [false, true]) {
  const often = sticky ? 'and every one after it ' : '';
  test(`each call that opening a state makes fails ${often}with an I/O error: never corrupt, and all there afterwards`, async (t) => {
    if ('why' in shim) {
      t.skip(shim.why);
      return;
    }
    const opener = new Opener(t, shim.file);
    const kinds = new Set<string>();
    let at = 1;
    for (let isOver = false; !isOver; at += 1) {
      opener.restore();
      opener.points.arm({ kind: 'fail', errno: 'EIO', sticky }, at, KINDS);
      const said = await opener.open();
      isOver = opener.points.fired === 0;
      kinds.add(said.kind);
      assert.notEqual(said.kind, 'corrupt', `call ${at}: ${said.detail}`);
      assert.ok(said.kind !== 'open' || said.rows === ROWS || sticky, `call ${at}: ${said.rows} rows`);
      const after = await opener.open();
      assert.deepEqual([after.kind, after.rows], ['open', ROWS], `after call ${at}: ${after.detail}`);
    }
    assert.ok(at > 20, `${at} calls`);
    assert.deepEqual([...kinds].sort(), ['open', 'unusable']);
  });
}

test('a state that really is torn counts as corrupt, also when it is asked twice', async (t) => {
  if ('why' in shim) {
    t.skip(shim.why);
    return;
  }
  const opener = new Opener(t, shim.file);
  opener.restore();
  rmSync(`${opener.path}-wal`);
  truncateSync(opener.path, 40_960);
  assert.equal((await opener.open()).kind, 'corrupt');
});
