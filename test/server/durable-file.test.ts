/** Small files of the server that are replaced as one step. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { replaceFile } from '../../server-stub/chunks/folder/durable-file.ts';

test('a replacement that cannot take its place leaves nothing beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-durable-'));
  try {
    const inTheWay = join(folder, 'marks.json');
    mkdirSync(inTheWay);
    writeFileSync(join(inTheWay, 'kept'), 'kept');
    await assert.rejects(replaceFile(inTheWay, 'new'));
    assert.deepEqual(readdirSync(folder), ['marks.json']);
    assert.deepEqual(readdirSync(inTheWay), ['kept']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
