/** A state database in a folder of its own. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openState } from '../../src/engine/state/database.ts';

export const MIGRATIONS = new URL('../../src/engine/state/migrations/', import.meta.url);
export const LATEST = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql')).length;

/** Removed when the test is over. */
export function folder(t: { after: (fn: () => void) => void }): string {
  const path = mkdtempSync(join(tmpdir(), 'tidemark-state-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function open(path: string) {
  const opened = openState(path);
  assert.ok(opened.kind === 'open', JSON.stringify(opened));
  return opened.db;
}
