/**
 * Another process swaps folders of the root for links to folders elsewhere while the engine applies thousands of
 * changes below them: not one byte outside is written, read or deleted, and nothing of it reaches the server.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadHelper } from '../../src/engine/local/node-helper.ts';
import { parseChunkId, toHex } from '../../src/protocol/ids.ts';
import {
  at,
  has,
  inStep,
  pause,
  put,
  Stage,
  serverTree,
  type TestDevice,
  tree,
  until,
  withoutHints,
} from '../engine/stage.ts';
import { hashBytes } from '../server/metadata-world.ts';

const FOLDERS = 4;
const FILES = 200;
const SECRET = 'a secret that nobody gave to anybody';

const name = (folder: number, file: number): string => `d${folder}/f${file}.txt`;

/** Folders of the same names, with files of the same names, that are none of the engine's business. */
function plantVictim(victim: string): void {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    mkdirSync(join(victim, `d${folder}`), { recursive: true });
    for (let file = 0; file < FILES; file += 1) {
      const path = join(victim, name(folder, file));
      writeFileSync(path, `${SECRET} ${folder} ${file}`);
      // Older than its own last change: the next read moves it, where the mount keeps such times at all.
      utimesSync(path, 1_000_000_000, 1_100_000_000);
    }
  }
}

/** To the nanosecond: names, inodes, all four times, sizes, and then the bytes. */
function stateOf(victim: string): readonly string[] {
  const found: string[] = [];
  const paths = readdirSync(victim, { recursive: true }).map(String).sort();
  for (const path of paths) {
    const { ino, mode, size, nlink, mtimeNs, ctimeNs, atimeNs } = lstatSync(join(victim, path), {
      bigint: true,
    });
    const isFile = path.endsWith('.txt');
    found.push([path, ino, mode, size, nlink, mtimeNs, ctimeNs, isFile ? atimeNs : ''].join(' '));
  }
  return found;
}

function bytesOf(victim: string): readonly string[] {
  const files = readdirSync(victim, { recursive: true }).map(String).sort();
  return files
    .filter((path) => path.endsWith('.txt'))
    .map((path) => readFileSync(join(victim, path), 'utf8'));
}

function startSwapper(root: string, victim: string) {
  const script = join(import.meta.dirname, 'folder-swapper.ts');
  const child = spawn(process.execPath, [script, root, victim, String(FOLDERS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return async (): Promise<number> => {
    const ended = once(child, 'exit');
    child.stdin.end();
    const [code] = await ended;
    assert.equal(code, 0);
    return Number(said);
  };
}

/** In the first round all of it comes, in the second a third is edited and a third deleted. */
async function change(there: TestDevice, here: TestDevice, round: number): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder += 1)
    for (let file = 0; file < FILES; file += 1) {
      if (round === 1 || file % 3 === 0)
        put(there, name(folder, file), `round ${round} of ${folder} ${file}`);
      else if (file % 3 === 1) rmSync(at(there, name(folder, file)), { force: true });
    }
  await there.engine.scanner.scanAll();
  for (let i = 0; i < 10; i += 1) {
    await here.engine.scanner.scanAll();
    await pause(100);
  }
}

/** Changes may still be on their way to it: what goes while it is looked through is looked through again. */
function shown(device: TestDevice): Record<string, string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return tree(device);
    } catch (error) {
      if (tries === 100 || !(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
        throw error;
    }
  }
}

test('folders swapped for links by a racing process: nothing outside is written, read or deleted', {
  skip:
    loadHelper().kind !== 'loaded' &&
    'plain Node cannot ask the kernel to refuse links on the way: known narrower',
}, async (t) => {
  const stage = await Stage.open(t);
  const there = await stage.device('there', { environment: withoutHints });
  const here = await stage.device('here', { environment: withoutHints });
  for (let folder = 0; folder < FOLDERS; folder += 1) put(there, `d${folder}/first.txt`, 'first');
  await there.engine.scanner.scanAll();
  await inStep(there, here);
  const victim = join(stage.base, 'victim');
  plantVictim(victim);
  const before = stateOf(victim);
  const stopSwapping = startSwapper(here.root, victim);
  for (const round of [1, 2]) await change(there, here, round);
  // By the state: whoever looks through the folder now may follow a link himself.
  const hasArrivals = (): boolean => here.engine.state.synced.countFiles() > FOLDERS;
  await until('something is applied while folders are swapped', hasArrivals, 60_000);
  const turns = await stopSwapping();
  const arrived = Object.values(shown(here)).filter((text) => text.startsWith('round ')).length;
  t.diagnostic(`${turns} swaps, ${arrived} files arrived meanwhile`);
  assert.ok(turns > 300, 'the racer hardly raced');
  assert.deepEqual(stateOf(victim), before);
  const expected = Array.from({ length: FOLDERS * FILES }, () => SECRET);
  assert.deepEqual(
    bytesOf(victim).map((text) => text.slice(0, SECRET.length)),
    expected,
  );
  assert.ok(!has(at(here, '.tidemark'), 'hidden-d0'));
  assert.equal((await chunksOnServer(there, ['first'])).length, 1);
  assert.deepEqual(await chunksOnServer(there, bytesOf(victim)), []);
  for (const [path, text] of Object.entries({ ...shown(there), ...(await serverTree(there)) }))
    assert.ok(!text.includes(SECRET), path);
});

/** Which of these contents the server has, in whatever version of whatever file. */
async function chunksOnServer(device: TestDevice, texts: readonly string[]): Promise<readonly string[]> {
  const ids = texts.map((text) => parseChunkId(toHex(hashBytes(Buffer.from(text)))));
  const found: string[] = [];
  for (let from = 0; from < ids.length; from += 100) {
    const answer = await device.engine.server.chunks(ids.slice(from, from + 100));
    assert(answer.kind === 'ok', JSON.stringify(answer));
    found.push(...answer.value.keys());
  }
  return found;
}
