import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createControlServer } from '../../src/engine/control/node-control-server.ts';
import { METHODS, type Method, ok, refused } from '../../src/ipc/contract.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import {
  AT,
  type FakeEngine,
  fakeEngine,
  type Handlers,
  SAMPLE_RESULTS,
  SAMPLE_STATUS,
} from '../support/fake-control.ts';
import { type Said, typed } from '../support/typed.ts';

interface Device {
  readonly root: string;
  readonly state: string;
  readonly folder: string;
  readonly engine: FakeEngine;
  type(...words: readonly string[]): Promise<Said>;
}

/** A state folder and a synced folder, with a fake engine that answers for them. */
async function device(t: TestContext, handlers: Handlers = {}): Promise<Device> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tm-cli-')));
  t.after(() => rm(root, { recursive: true, force: true }));
  const [state, folder] = [join(root, 'state'), join(root, 'Tidemark')];
  await mkdir(folder);
  await mkdir(state);
  await writeFile(join(state, 'account.json'), '');
  const status = () => Promise.resolve(ok({ ...SAMPLE_STATUS, folder, stateFolder: state }));
  const engine = fakeEngine({ status, ...handlers });
  const outcome = await createControlServer(engine.control, { state, folder, log: () => {} });
  assert.equal(outcome.kind, 'listening');
  t.after(() => outcome.server.close());
  return {
    root,
    state,
    folder,
    engine,
    type: (...words) => typed([...words, '--state', state], { cwd: root }),
  };
}

const asked = ({ engine }: Device, method: Method) =>
  engine.calls.filter((call) => call.method === method).map(({ params }) => params);

/** Each verb as typed, and the method whose result `--json` prints. */
const JSON_CASES: readonly (readonly [Method, readonly string[]])[] = [
  ['status', ['status']],
  ['wait', ['wait', '--timeout', '1']],
  ['pause', ['pause']],
  ['resume', ['resume']],
  ['rescan', ['rescan']],
  ['conflicts.list', ['conflicts', 'list']],
  ['conflicts.show', ['conflicts', 'show', 'c1']],
  ['conflicts.resolve', ['conflicts', 'resolve', 'c1', '--keep', 'mine']],
  ['conflicts.undo', ['conflicts', 'undo', 'c1']],
  ['history', ['history', 'roadmap.xlsx']],
  ['label', ['label', 'roadmap.xlsx', '18', 'as sent']],
  ['retention.get', ['retention']],
  ['retention.set', ['retention', '--all', '2d', '--trash', '8w']],
  ['hold', ['hold', 'docs', '--why', 'a dispute']],
  ['cat', ['cat', 'roadmap.xlsx']],
  ['restore', ['restore', 'roadmap.xlsx', '--version', '18']],
  ['moment.plan', ['restore', 'docs', '--at', '2026-09-18 18:02', '--dry-run']],
  ['moment.restore', ['restore', 'docs', '--at', '3d', '--remove-newer']],
  ['trash.list', ['trash', 'list']],
  ['trash.restore', ['trash', 'restore', 't1']],
  ['review.list', ['review', 'list']],
  ['review.approve', ['review', 'approve', 'r1']],
  ['review.reject', ['review', 'reject', 'r1']],
  ['explain', ['explain', 'roadmap.xlsx']],
  ['repair', ['repair', '--replay']],
  ['activity.list', ['activity']],
  ['activity.undo', ['activity', 'undo', '12']],
  ['problems.list', ['problems']],
  ['settings.get', ['limits']],
  ['settings.set', ['limits', '--up', '500']],
  ['devices.list', ['devices']],
  ['devices.revoke', ['devices', 'revoke', 'd1']],
  ['bundle', ['bundle']],
];

for (const [method, words] of JSON_CASES) {
  test(`"tidemark ${words.join(' ')}": --json prints the method's result as one line, without it sentences`, async (t) => {
    const one = await device(t);
    const json = await one.type(...words, '--json');
    assert.equal(json.code, 0, json.stderr);
    assert.match(json.stdout, /^[^\n]+\n$/);
    const value: unknown = JSON.parse(json.stdout);
    assert.equal(parserOf(METHODS[method].result)(value).kind, 'ok');
    if (method !== 'status') assert.deepEqual(value, SAMPLE_RESULTS[method]);
    const human = await one.type(...words);
    assert.equal(human.code, 0);
    assert.equal(human.stderr, '');
    assert.ok(human.stdout.length > 0 && !human.stdout.startsWith('{'));
    for (const line of human.stdout.split('\n')) assert.equal(line, line.trimEnd());
  });

  test(`"tidemark ${words.join(' ')}": without an engine it is code 3 and says how to start one`, async (t) => {
    const root = await mkdtemp(join(tmpdir(), 'tm-cli-'));
    t.after(() => rm(root, { recursive: true, force: true }));
    const unlinked = await typed([...words, '--state', root, '--json']);
    assert.equal(unlinked.code, 3);
    assert.match(unlinked.stderr, /no linked device in .* Run "tidemark link" first/);
    await writeFile(join(root, 'account.json'), '');
    const stopped = await typed([...words, '--state', root, '--json']);
    assert.equal(stopped.code, 3);
    assert.match(stopped.stderr, /not running .* tidemark run --state/);
    const { error } = JSON.parse(stopped.stdout) as { error: { code: string } };
    assert.equal(error.code, 'not-running');
  });
}

test('status for people: the headline, a table, and what needs them', async (t) => {
  const one = await device(t, {
    status: () =>
      Promise.resolve(
        ok({
          ...SAMPLE_STATUS,
          state: 'needs-you',
          sentence: '1 conflict needs you',
          conflicts: 1,
          review: 2,
          unseen: 1,
          problems: 3,
          pendingUploads: 1,
          lagSeconds: 75,
          connected: false,
          problemList: [
            {
              path: 'a',
              code: 'file-busy',
              facts: { file: 'a' },
              sentence: 'a is in use by another program.',
              since: AT,
            },
          ],
          oldest: { path: 'docs/b.txt', since: AT },
        }),
      ),
  });
  const said = await one.type('status');
  assert.equal(said.code, 0);
  assert.equal(
    said.stdout.replace(/Last look.*/, 'Last look  (then)'),
    `1 conflict needs you
  Folder     /home/anna/Tidemark
  Device     Anna-MacBook, user anna
  Server     http://127.0.0.1:4800, not reached
  Waiting    1 change to send, the oldest (docs/b.txt) for 75 s
  Last look  (then)
  Moved      1.2 KiB sent, 5.5 KiB fetched since the start

1 conflict to settle: tidemark conflicts list
2 large changes held for your yes: tidemark review list
1 path could not be looked at
a is in use by another program.
3 files with a trouble in all
`,
  );
});

test('wait is code 1 when it was not reached, and says what is missing and why', async (t) => {
  const one = await device(t, {
    wait: () =>
      Promise.resolve(
        ok({
          done: false,
          reason: 'held',
          sentence: '1 file is held.',
          missing: [{ path: 'a.txt', why: 'It is in use by another program.' }],
          missingTotal: 3,
          seconds: 0.1,
          head: 5,
        }),
      ),
  });
  const said = await one.type('wait', '--timeout', '2.5');
  assert.equal(said.code, 1);
  assert.equal(said.stdout, '1 file is held.\n  a.txt  It is in use by another program.\n  and 2 more\n');
  assert.deepEqual(asked(one, 'wait'), [{ timeout: 2.5 }]);
  assert.equal((await one.type('wait', '--timeout', '2.5', '--json')).code, 1);
});

test('refusals end with the code of their kind', async (t) => {
  const cases = [
    ['unknown-version', 1],
    ['unreachable', 4],
    ['signed-out', 4],
    ['root-gone', 5],
    ['hostile-server', 5],
  ] as const;
  for (const [code, exit] of cases) {
    const one = await device(t, {
      restore: () => Promise.resolve(refused(code, { file: 'a', server: 's' })),
    });
    const said = await one.type('restore', 'a', '--version', '1', '--json');
    assert.equal(said.code, exit, code);
    const { error } = JSON.parse(said.stdout) as { error: { code: string; sentence: string } };
    assert.equal(error.code, code);
    assert.equal(`${error.sentence}\n`, said.stderr);
  }
});

test('a path is meant from where one stands, else from the synced folder', async (t) => {
  const one = await device(t);
  await mkdir(join(one.folder, 'docs'));
  const at = (cwd: string, path: string) => typed(['history', path, '--state', one.state], { cwd });
  await at(one.root, join(one.folder, 'docs/a.txt'));
  await at(join(one.folder, 'docs'), 'a.txt');
  await at(join(one.folder, 'docs'), '../b.txt');
  await at(one.root, 'Tidemark/c.txt');
  await at('/', 'docs/d.txt');
  assert.deepEqual(
    asked(one, 'history').map((params) => (params as { path: string }).path),
    ['docs/a.txt', 'docs/a.txt', 'b.txt', 'c.txt', 'docs/d.txt'],
  );
  assert.equal((await at('/', '/etc/passwd')).code, 2);
  assert.equal((await at('/', one.folder)).code, 2);
});

test('cat writes exactly the bytes, piece by piece, all of one version', async (t) => {
  const whole = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));
  const one = await device(t, {
    cat: ({ offset = 0, version }) => {
      const end = Math.min(whole.length, offset + 300);
      assert.equal(version, offset === 0 ? 2 : '0123456789ab.18');
      return Promise.resolve(
        ok({
          ...SAMPLE_RESULTS.cat,
          size: whole.length,
          offset,
          bytes: whole.subarray(offset, end).toString('base64'),
          next: end === whole.length ? null : end,
        }),
      );
    },
  });
  const said = await one.type('cat', 'a.bin', '--version', 'V2');
  assert.equal(said.code, 0);
  assert.deepEqual(said.bytes, whole);
  const json = await one.type('cat', 'a.bin', '--version', '2', '--json');
  const value = JSON.parse(json.stdout) as { bytes: string; size: number; next: null };
  assert.deepEqual(Buffer.from(value.bytes, 'base64'), whole);
  assert.equal(parserOf(METHODS.cat.result)(value).kind, 'ok');
});

test('long lists are fetched to their end', async (t) => {
  const row = SAMPLE_RESULTS['trash.list'].items[0];
  assert.ok(row);
  const one = await device(t, {
    'trash.list': ({ after }) =>
      Promise.resolve(
        ok({ items: [{ ...row, id: after ?? 'first' }], next: after === undefined ? 'second' : null }),
      ),
  });
  const { stdout } = await one.type('trash', 'list', '--json');
  const { items, next } = JSON.parse(stdout) as { items: { id: string }[]; next: null };
  assert.deepEqual([items.map(({ id }) => id), next], [['first', 'second'], null]);
});

test('empty lists say so', async (t) => {
  const one = await device(t, {
    'trash.list': () => Promise.resolve(ok({ items: [], next: null })),
    'conflicts.list': () => Promise.resolve(ok({ conflicts: [], next: null, total: 0 })),
    'review.list': () => Promise.resolve(ok({ batches: [], next: null })),
    history: (params) => Promise.resolve(ok({ path: 'path' in params ? params.path : '', nodes: [] })),
  });
  assert.equal((await one.type('trash', 'list')).stdout, 'The trash is empty.\n');
  assert.equal((await one.type('conflicts', 'list')).stdout, 'There are no conflicts.\n');
  assert.equal((await one.type('review', 'list')).stdout, 'Nothing is held.\n');
  const never = await one.type('history', 'x');
  assert.deepEqual([never.code, never.stdout], [1, 'Nothing was ever known at x.\n']);
});

test('names cannot steer the terminal', async (t) => {
  const row = SAMPLE_RESULTS['trash.list'].items[0];
  assert.ok(row);
  const one = await device(t, {
    'trash.list': () =>
      Promise.resolve(ok({ items: [{ ...row, path: 'a\u001b[2Jb\n\u202egpj.exe' }], next: null })),
  });
  const said = await one.type('trash', 'list');
  assert.ok(said.stdout.includes('a\\u001b[2Jb\\u000a\\u202egpj.exe'));
  assert.equal(said.stdout.split('\n').length, 2);
});

test('values that make no sense are code 2 before anybody is asked', async (t) => {
  const one = await device(t);
  const cases = [
    ['wait', '--timeout', 'soon'],
    ['wait', '--timeout', '99999999'],
    ['cat', 'a', '--version', 'newest'],
    ['restore', 'a', '--version', '0'],
    ['conflicts', 'resolve', 'c', '--keep', 'newest'],
    ['repair'],
    ['repair', '--replay', '--file', 'a'],
    ['conflicts', 'resolve', 'c', '--keep', 'mine', '--name', 'x'],
    ['conflicts', 'resolve', 'c', '--keep', 'merged'],
    ['conflicts', 'resolve', 'c', '--keep', 'theirs', '--from', 'a'],
    ['conflicts', 'resolve', 'c', '--keep', 'merged', '--from', 'no such file'],
    ['restore', 'a'],
    ['restore', 'a', '--version', '1', '--at', '3d'],
    ['restore', 'a', '--version', '1', '--dry-run'],
    ['restore', 'a', '--at', 'yesterday'],
    ['restore', 'a', '--at', '3d', '--as', 'x'],
    ['trash', 'restore'],
    ['trash', 'restore', 't1', '--batch', '5'],
  ];
  for (const words of cases) assert.equal((await one.type(...words)).code, 2, words.join(' '));
  assert.deepEqual(one.engine.calls, []);
});

test('bringing back and settling ask for exactly what was typed', async (t) => {
  const one = await device(t);
  await writeFile(join(one.folder, 'merged.txt'), 'both');
  await one.type('conflicts', 'resolve', 'c1', '--keep', 'both', '--name', 'theirs.txt');
  await one.type('conflicts', 'resolve', 'c1', '--keep', 'merged', '--from', join(one.folder, 'merged.txt'));
  await one.type('conflicts', 'list', '--resolved');
  await one.type('restore', 'a.txt', '--version', 'V3', '--as', 'a of then.txt');
  await one.type('restore', one.folder, '--at', '2026-09-18 18:02');
  await one.type('trash', 'restore', '--batch', '88');
  assert.deepEqual(asked(one, 'conflicts.resolve'), [
    { id: 'c1', keep: 'both', copyName: 'theirs.txt' },
    { id: 'c1', keep: 'merged', merged: Buffer.from('both').toString('base64') },
  ]);
  assert.deepEqual(asked(one, 'conflicts.list'), [{ status: 'resolved' }]);
  assert.deepEqual(asked(one, 'restore'), [{ path: 'a.txt', version: 3, asCopy: 'a of then.txt' }]);
  const at = new Date(2026, 8, 18, 18, 2).getTime();
  await one.type('restore', '/', '--at', '2026-09-18 18:02');
  const whole = { folder: '', at, removeNewer: false };
  assert.deepEqual(asked(one, 'moment.restore'), [whole, whole]);
  assert.deepEqual(asked(one, 'trash.restore'), [{ batch: '88' }]);
});

test('repair asks for exactly what was typed', async (t) => {
  const one = await device(t);
  await one.type('repair', '--replay');
  await one.type('repair', '--surface', one.folder);
  await one.type('repair', '--file', 'docs/a.txt');
  assert.deepEqual(asked(one, 'repair'), [{ replay: true }, { surface: '' }, { file: 'docs/a.txt' }]);
});

test('doctor looks at what it can without an engine, and at the rest with one', async (t) => {
  const one = await device(t);
  const healthy = await one.type('doctor', '--json');
  assert.equal(healthy.code, 0);
  const { ok: fine, checks } = JSON.parse(healthy.stdout) as { ok: boolean; checks: { name: string }[] };
  assert.equal(fine, true);
  assert.deepEqual(
    checks.map(({ name }) => name),
    ['Program', 'State folder', 'Engine', 'Folder'],
  );
  const nowhere = await typed(['doctor', '--state', join(one.root, 'nothing')]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stdout, /BAD {2,}State folder {2,}There is no folder/);
  assert.match(nowhere.stdout, /look {2,}Engine {2,}It is not running/);
});

test('an engine that answers nonsense is told as a fault, not as a success', async (t) => {
  const one = await device(t, { rescan: () => Promise.resolve(ok({ scheduled: 'yes' } as never)) });
  const said = await one.type('rescan', '--json');
  assert.equal(said.code, 1);
  assert.match(said.stderr, /makes no sense/);
});

test('the state comes from the environment when it is not typed', async (t) => {
  const one = await device(t);
  const said = await typed(['status', '--json'], { env: { TIDEMARK_STATE: one.state } });
  assert.equal(said.code, 0);
  const run = await typed(['run'], { env: { TIDEMARK_STATE: one.state } });
  assert.equal(run.code, 2);
});

test('a pause can end by itself, after a time or at one', async (t) => {
  const one = await device(t);
  const before = Date.now();
  assert.equal((await one.type('pause', '--for', '90m')).code, 0);
  assert.equal((await one.type('pause', '--until', '14:30')).code, 0);
  assert.equal((await one.type('pause')).code, 0);
  const [span, time, open] = asked(one, 'pause') as { until: number | null }[];
  assert.ok((span?.until ?? 0) >= before + 5_400_000 && (span?.until ?? 0) <= Date.now() + 5_400_000);
  const at = new Date(time?.until ?? 0);
  assert.deepEqual([at.getHours(), at.getMinutes(), at.getSeconds()], [14, 30, 0]);
  assert.ok(at.getTime() > before && at.getTime() <= before + 25 * 3_600_000);
  assert.equal(open?.until, null);
  for (const words of [
    ['--for', 'soon'],
    ['--until', '25:00'],
    ['--for', '1h', '--until', '14:30'],
  ])
    assert.equal((await one.type('pause', ...words)).code, 2, words.join(' '));
});

test('limits change only what is named', async (t) => {
  const one = await device(t);
  assert.match(
    (await one.type('limits')).stdout,
    /Send +at most 500 KiB\/s\nFetch +as fast as it goes\nProxy +system/,
  );
  assert.deepEqual(asked(one, 'settings.set'), []);
  await one.type(
    'limits',
    '--down',
    '100',
    '--from',
    '22:00',
    '--to',
    '06:00',
    '--days',
    'fri,sat',
    '--then-up',
    '10',
  );
  await one.type('limits', '--up', 'off', '--proxy', 'http://proxy.example.org:3128', '--always');
  assert.deepEqual(asked(one, 'settings.set'), [
    {
      settings: {
        up: 500,
        down: 100,
        schedule: { from: '22:00', to: '06:00', days: [5, 6], up: 10, down: null },
        proxy: { kind: 'system' },
      },
    },
    {
      settings: {
        up: null,
        down: null,
        schedule: null,
        proxy: { kind: 'manual', url: 'http://proxy.example.org:3128' },
      },
    },
  ]);
  for (const words of [
    ['--up', '0'],
    ['--from', '22:00'],
    ['--proxy', 'socks'],
    ['--days', 'someday'],
  ])
    assert.equal((await one.type('limits', ...words)).code, 2, words.join(' '));
});

test('what happened, what is wrong and who is there, for people', async (t) => {
  const one = await device(t);
  assert.match(
    (await one.type('activity')).stdout,
    /^12 +2026-09-18 .* {2}ben on Studio-PC changed roadmap\.xlsx \(V19\)\.\n$/,
  );
  await one.type('activity', join(one.folder, 'roadmap.xlsx'), '--limit', '3');
  assert.deepEqual(asked(one, 'activity.list').at(-1), { limit: 3, path: 'roadmap.xlsx' });
  assert.equal(
    (await one.type('problems')).stdout,
    '1 path (name-held)\n  what?.txt cannot exist under this name on this disk.\n',
  );
  assert.match((await one.type('devices')).stdout, /Studio-PC +windows +online now +3 changes behind\n$/);
  assert.equal((await one.type('bundle', '--names')).stdout, '== program\n{"tidemark":"0.1.0"}\n\n');
  assert.deepEqual(asked(one, 'bundle'), [{ names: true }]);
});
