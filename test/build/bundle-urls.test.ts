import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryPoints, rewriteUrls } from '../../src/bundle-urls.ts';

const ENTRIES = new Map([['/p/src/engine/local/hash-worker.ts', 'hash-worker']]);

const rewrite = (text: string, path = '/p/src/engine/local/a.ts') =>
  rewriteUrls({
    path,
    text,
    outFolder: '/p/out',
    entries: ENTRIES,
    readText: async (file) =>
      file.endsWith('/first.sql') ? "SELECT 'it''s', \"x\"\n-- `${end}`\n" : undefined,
  });

const rewritten = async (text: string): Promise<string> => {
  const { text: result, errors } = await rewrite(text);
  assert.deepEqual(errors, []);
  return result;
};

const troubles = async (text: string): Promise<readonly string[]> =>
  (await rewrite(text)).errors.map((e) => e.text);

test('SQL that is read beside the source becomes its text, whatever quotes it holds', async () => {
  const result = await rewritten(
    "const sql = readFileSync(new URL('./first.sql', import.meta.url), 'utf8');",
  );
  assert.equal(result, String.raw`const sql = "SELECT 'it''s', \"x\"\n-- ` + '`${end}`' + String.raw`\n";`);
});

test('a call over several lines leaves as many lines as it took', async () => {
  const text = "a;\nreadFileSync(\n  new URL('./first.sql', import.meta.url),\n  'utf-8',\n);\nb;";
  const result = await rewritten(text);
  assert.equal(result.split('\n').length, text.split('\n').length);
  assert.equal(result.split('\n').at(-1), 'b;');
});

test('the URL of a worker becomes that of its bundle', async () => {
  assert.equal(
    await rewritten("new Worker(new URL('./hash-worker.ts', import.meta.url));"),
    "new Worker(new URL('./hash-worker.js', import.meta.url));",
  );
});

test('the URL of any other file or folder points at the same place from the out folder', async () => {
  assert.equal(
    await rewritten('new URL("../../../native-helpers/disk/build/disk.node", import.meta.url)'),
    'new URL("../native-helpers/disk/build/disk.node", import.meta.url)',
  );
  assert.equal(await rewritten("new URL('../../../', import.meta.url)"), 'new URL("../", import.meta.url)');
  assert.equal(
    await rewritten("new URL('./web/', import.meta.url)"),
    'new URL("../src/engine/local/web/", import.meta.url)',
  );
});

test('what the bundle could not find is refused with the line it stands on', async () => {
  const { errors } = await rewrite('a;\nb;\nconst url = new URL(name, import.meta.url);');
  assert.deepEqual(
    errors.map(({ line }) => line),
    [3],
  );
  assert.match((await troubles('new URL(`./${n}.sql`, import.meta.url)'))[0] ?? '', /has to be a literal/);
  assert.match((await troubles("join(import.meta.dirname, 'x')"))[0] ?? '', /differs once bundled/);
  assert.match((await troubles("new URL('./b.ts', import.meta.url)"))[0] ?? '', /no entry point/);
  assert.match((await troubles("read(new URL('./first.sql', import.meta.url))"))[0] ?? '', /readFileSync/);
  const gone = "readFileSync(new URL('./gone.sql', import.meta.url), 'utf8')";
  assert.match((await troubles(gone))[0] ?? '', /cannot be read/);
});

test('uses of import.meta.url that hold in a bundle, and prose about the others, are left alone', async () => {
  const text = [
    'const require = createRequire(import.meta.url);',
    "const page = new URL('/status', base);",
    '// new URL(name, import.meta.url) is refused',
    ' * import.meta.dirname too',
  ].join('\n');
  assert.equal(await rewritten(text), text);
});

test('entry points are the three programs and every worker', () => {
  const files = [
    'src/cli/main.ts',
    'src/cli/a.ts',
    'src/main.ts',
    'server-stub/main.ts',
    'src/engine/local/hash-worker.ts',
  ];
  assert.deepEqual(
    [...entryPoints('/p', files)],
    [
      ['/p/src/cli/main.ts', 'cli'],
      ['/p/server-stub/main.ts', 'server'],
      ['/p/src/engine/local/hash-worker.ts', 'hash-worker'],
    ],
  );
});

test('two workers of one name are refused, because they would overwrite each other', () => {
  assert.throws(
    () => entryPoints('/p', ['src/a/x-worker.ts', 'src/b/x-worker.ts']),
    /both be bundled as x-worker/,
  );
});
