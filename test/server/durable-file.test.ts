/** Small files of the server that are replaced as one step. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { replaceFile } from '../../server-stub/chunks/folder/durable-file.ts';
import { HighWater } from '../../server-stub/high-water.ts';

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

test('RULES 25: a mark that the disk did not take is written once it does, though nobody commits any more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-marks-'));
  try {
    const path = join(folder, 'marks.json');
    const said: string[] = [];
    const water = await HighWater.open(path, (_level, message) => said.push(message));
    mkdirSync(path);
    writeFileSync(join(path, 'in the way'), '');
    const namespace = '0199b5f8-0000-7000-8000-000000000001';
    water.note({ namespace, epoch: '0123456789ab', seq: 7 });
    await water.flush();
    assert.deepEqual(said, ['the high-water mark could not be written']);
    rmSync(path, { recursive: true });
    while (!statSync(path, { throwIfNoEntry: false })?.isFile()) await pause(20);
    assert.match(readFileSync(path, 'utf8'), /"seq":7/);
    assert.deepEqual(readdirSync(folder), ['marks.json']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
