import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { MergeToolState } from '../../src/ipc/window.ts';
import { createMergeTools, type MergeTools } from '../../src/main/merge-tool.ts';
import { openVersionCopies } from '../../src/main/version-content.ts';
import { SAMPLE_RESULTS } from '../support/fake-control.ts';

const base = mkdtempSync(join(tmpdir(), 'tidemark-merge-'));
after(() => rm(base, { recursive: true, force: true }));

const SAMPLE = SAMPLE_RESULTS['conflicts.show'];
const CONFLICT = {
  ...SAMPLE,
  mine: { ...SAMPLE.mine, version: '0123456789ab.21' },
  theirs: { ...SAMPLE.theirs, version: '0123456789ab.20' },
};
const CONTENTS = new Map([
  [CONFLICT.mine.version, 'mine'],
  [CONFLICT.theirs.version, 'theirs'],
  [CONFLICT.base?.version.version ?? null, 'base'],
]);

/** A test that fails leaves no tool and no watch behind, or the run would never end. */
const opened: MergeTools[] = [];
after(() => Promise.all(opened.map((tools) => tools.close())));

interface Scene {
  readonly tools: MergeTools;
  readonly root: string;
  readonly told: readonly MergeToolState[];
  stage(wanted: MergeToolState['stage']): Promise<void>;
}

function scene(script: string): Scene {
  const root = mkdtempSync(join(base, 'v-'));
  const told: MergeToolState[] = [];
  const copies = openVersionCopies(root, async ({ node = '', version = '', offset = 0 }) => {
    // In two pieces, as a large file comes.
    const bytes = Buffer.from(CONTENTS.get(String(version)) ?? '');
    const half = Math.ceil(bytes.length / 2);
    const piece = offset === 0 ? bytes.subarray(0, half) : bytes.subarray(half);
    const next = offset === 0 && half < bytes.length ? half : null;
    const about = {
      path: 'work/roadmap.xlsx',
      node,
      version: String(version),
      number: 1,
      kind: 'file' as const,
    };
    return {
      kind: 'ok',
      value: { ...about, size: bytes.length, offset, bytes: piece.toString('base64'), next },
    };
  });
  const tools = createMergeTools({
    tool: () => ({ command: '/bin/sh', args: ['-c', script, 'sh', 'BASE', 'LEFT', 'RIGHT', 'OUT'] }),
    conflict: async () => ({ kind: 'ok', value: CONFLICT }),
    copies,
    tell: (state) => told.push(state),
  });
  opened.push(tools);
  const stage = async (wanted: MergeToolState['stage']): Promise<void> => {
    for (const end = Date.now() + 10_000; Date.now() < end; ) {
      if (told.some(({ stage: is }) => is === wanted)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.fail(`it was never "${wanted}": ${JSON.stringify(told)}`);
  };
  return { tools, root, told, stage };
}

test('the tool gets all three sides, and what it saves is offered and taken', async () => {
  const { tools, root, stage } = scene('cat "$1" "$2" "$3" > "$4.new" && mv "$4.new" "$4"');
  assert.deepEqual(await tools.open('c1'), { kind: 'done' });
  await stage('closed');
  await stage('changed');
  const taken = await tools.take('c1');
  assert.equal(taken.kind === 'text' && Buffer.from(taken.bytes, 'base64').toString(), 'basetheirsmine');
  const [folder = ''] = readdirSync(root);
  for (const name of ['base', 'left', 'right'])
    assert.equal(statSync(join(root, folder, `${name}.xlsx`)).mode & 0o222, 0, `${name} is read-only`);
  await tools.close();
  assert.ok(!existsSync(join(root, folder)), 'the copies are gone');
});

test('a tool that saves nothing leaves my side in OUT and is only closed', async () => {
  const { tools, told, stage } = scene('exit 3');
  await tools.open('c1');
  await stage('closed');
  assert.deepEqual(
    told.map((state) => state.stage),
    ['opened', 'closed'],
  );
  assert.equal(told.at(-1)?.detail, '3');
  await tools.close();
});

test('a program that is not there is said, and its copies go', async () => {
  const root = mkdtempSync(join(base, 'v-'));
  const told: MergeToolState[] = [];
  const tools = createMergeTools({
    tool: () => ({ command: join(base, 'no such program'), args: [] }),
    conflict: async () => ({ kind: 'ok', value: { ...CONFLICT, base: null } }),
    copies: openVersionCopies(root, async () => ({
      kind: 'ok',
      value: {
        path: 'a',
        node: 'n',
        version: 'v',
        number: 1,
        kind: 'file',
        size: 0,
        offset: 0,
        bytes: '',
        next: null,
      },
    })),
    tell: (state) => told.push(state),
  });
  await tools.open('c1');
  for (let tries = 0; told.length === 0 && tries < 200; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(told[0]?.stage, 'failed');
  assert.equal((await tools.take('c1')).kind, 'refused');
});

test('without a tool there is a refusal that says where to choose one', async () => {
  const tools = createMergeTools({
    tool: () => null,
    conflict: () => assert.fail('nothing is asked'),
    copies: openVersionCopies(base, () => assert.fail('nothing is fetched')),
    tell: () => assert.fail('nothing is told'),
  });
  assert.deepEqual(await tools.open('c1'), { kind: 'refused', code: 'no-merge-tool', facts: {} });
});
