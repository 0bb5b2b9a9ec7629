import assert from 'node:assert/strict';
import { copyFile, link, open, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Fleet, type TestDevice } from '../support/devices.ts';

/** How programs save: each leaves the same new text at the same path, by other means. */
interface SavePattern {
  readonly name: string;
  readonly save: (path: string, text: string) => Promise<void>;
  /** What it leaves beside the file on purpose. */
  readonly leaves: readonly string[];
}

const PATTERNS: readonly SavePattern[] = [
  { name: 'in place, shorter or longer', save: (path, text) => writeFile(path, text), leaves: [] },
  {
    name: 'in place, without truncating first',
    leaves: [],
    save: async (path, text) => {
      const file = await open(path, 'r+');
      await file.write(text, 0);
      await file.truncate(Buffer.byteLength(text));
      await file.sync();
      await file.close();
    },
  },
  {
    name: 'a temporary file renamed over it',
    leaves: [],
    save: async (path, text) => {
      await writeFile(`${path}.tmp~`, text);
      await rename(`${path}.tmp~`, path);
    },
  },
  {
    name: 'a temporary file that lives long enough to be noticed, renamed over it',
    leaves: [],
    save: async (path, text) => {
      await writeFile(`${path}.partial`, text);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await rename(`${path}.partial`, path);
    },
  },
  {
    name: 'the old file renamed away, a new one written, the old one deleted',
    leaves: [],
    save: async (path, text) => {
      await rename(path, `${path}.old`);
      await writeFile(path, text);
      await unlink(`${path}.old`);
    },
  },
  {
    name: 'the old file renamed to a backup that stays',
    leaves: ['~'],
    save: async (path, text) => {
      await rename(path, `${path}~`);
      await writeFile(path, text);
    },
  },
  {
    name: 'a backup copied beside it, then written in place',
    leaves: ['.bak'],
    save: async (path, text) => {
      await copyFile(path, `${path}.bak`);
      await writeFile(path, text);
    },
  },
  {
    name: 'a hard link as backup, then a temporary file renamed over it',
    leaves: [],
    save: async (path, text) => {
      await link(path, `${path}.lnk`);
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
      await unlink(`${path}.lnk`);
    },
  },
  {
    name: 'deleted and written again',
    leaves: [],
    save: async (path, text) => {
      await rm(path);
      await writeFile(path, text);
    },
  },
];

let fleet: Fleet;
let editor: TestDevice;
let reader: TestDevice;

before(
  async () => {
    fleet = await Fleet.open('Editor', 'Reader');
    [editor, reader] = fleet.devices as [TestDevice, TestDevice];
  },
  { timeout: 60_000 },
);
after(() => fleet?.close());

const DRAFTS = ['a draft\n', 'a draft, with more in it than before\n', 'short\n', 'and a last word\n'];

for (const [index, pattern] of PATTERNS.entries()) {
  test(`saved ${pattern.name}: the same file with one more version each time, and nothing left over`, async () => {
    const name = `saved-${index}.txt`;
    await writeFile(editor.path(name), DRAFTS[0] ?? '');
    await fleet.converge();
    for (const draft of DRAFTS.slice(1)) {
      await pattern.save(editor.path(name), draft);
      await fleet.converge();
      assert.equal(await readFile(reader.path(name), 'utf8'), draft);
    }
    const mine = (await readdir(reader.folder)).filter((entry) => entry.startsWith(`saved-${index}.`)).sort();
    assert.deepEqual(mine, [name, ...pattern.leaves.map((suffix) => name + suffix)]);
    const { nodes } = await reader.ask('history', { path: name });
    const [node] = nodes.filter(({ live }) => live);
    const newest = node?.versions[0];
    assert.ok(newest?.current);
    assert.equal(node?.versions.length, DRAFTS.length, JSON.stringify(nodes));
  });
}

test('saves in quick succession end with the last one, and without a conflict', async () => {
  const path = editor.path('quick.txt');
  for (let i = 0; i < 40; i += 1) {
    const pattern = PATTERNS[i % 3];
    await (i === 0 ? writeFile(path, 'save 0\n') : pattern?.save(path, `save ${i}\n`));
    await new Promise((resolve) => setTimeout(resolve, (i * 37) % 90));
  }
  await fleet.converge();
  assert.equal(await readFile(reader.path('quick.txt'), 'utf8'), 'save 39\n');
  const { conflicts } = await reader.ask('conflicts.list', {});
  assert.deepEqual(conflicts, []);
});

test('a save while a newer version arrives loses neither text', async () => {
  const name = 'both.txt';
  await writeFile(editor.path(name), 'start\n');
  await fleet.converge();
  for (let round = 0; round < 5; round += 1) {
    const [one, other] = [`editor ${round}\n`, `reader ${round}\n`];
    await writeFile(editor.path(name), one);
    await new Promise((resolve) => setTimeout(resolve, round * 40));
    await PATTERNS[2]?.save(reader.path(name), other);
    await fleet.converge();
    const texts = await Promise.all(
      (await readdir(editor.folder))
        .filter((entry) => entry.startsWith('both'))
        .map((entry) => readFile(editor.path(entry), 'utf8')),
    );
    const { nodes } = await editor.ask('history', { path: name });
    const versions = nodes.flatMap((node) => node.versions.map(({ version }) => version));
    for (const version of versions) {
      const { bytes } = await editor.ask('cat', { path: name, version });
      texts.push(Buffer.from(bytes, 'base64').toString());
    }
    for (const text of [one, other])
      assert.ok(texts.includes(text), `${JSON.stringify(text)} of round ${round}`);
  }
});
