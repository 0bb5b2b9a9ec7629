/** The verbs of a running engine, asked as the command line asks: what they say, and what then is on disk and server. */
import assert from 'node:assert/strict';
import { renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Keep } from '../../src/ipc/conflicts.ts';
import { METHODS } from '../../src/ipc/contract.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import {
  allHold,
  apart,
  at,
  call,
  conflictsOf,
  faults,
  inStep,
  pause,
  put,
  refusal,
  serverTree,
  synced,
  type TestDevice,
  text,
  together,
  tree,
  until,
  value,
  versions,
} from './stage.ts';

test('history lists all versions, newest first, with who and when; also of a path that is gone', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  put(b, 'd/f.txt', 'two');
  await inStep(a, b);
  put(a, 'd/f.txt', 'three!');
  await inStep(a, b);
  const found = value(await b.control.history({ path: 'd/f.txt' }, call));
  const [node] = found.nodes;
  assert.equal(found.nodes.length, 1);
  assert.deepEqual(
    node?.versions.map((each) => [each.number, each.size, each.device, each.current]),
    [
      [3, 6, 'A', true],
      [2, 3, 'B', false],
      [1, 3, 'A', false],
    ],
  );
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(a, b);
  const gone = value(await b.control.history({ path: 'd/f.txt' }, call)).nodes[0];
  assert.equal(gone?.live, false);
  assert.equal(gone?.deleted?.device, 'A');
  assert.equal(gone?.versions.length, 3);
  assert.equal(refusal(await b.control.history({ path: 'never/was' }, call)), 'not-found');
});

test('cat reads any version, whole and in pieces, also of links and of paths that are gone', async (t) => {
  const big = Array.from({ length: 3_000_000 }, (_, i) =>
    String.fromCharCode(97 + ((i * 7 + (i >> 9)) % 26)),
  ).join('');
  const { a } = await synced(t, ['A'], { 'f.txt': 'one', 'big.txt': big });
  symlinkSync('f.txt', at(a, 'link'));
  put(a, 'f.txt', 'two');
  await inStep(a);
  const read = async (path: string, version?: number) => {
    let offset: number | null = 0;
    let bytes = '';
    while (offset !== null) {
      const piece: { bytes: string; next: number | null; size: number } = value(
        await a.control.cat({ path, ...(version === undefined ? {} : { version }), offset }, call),
      );
      bytes += Buffer.from(piece.bytes, 'base64').toString('latin1');
      offset = piece.next;
    }
    return bytes;
  };
  assert.equal(await read('f.txt'), 'two');
  assert.equal(await read('f.txt', 1), 'one');
  assert.equal(await read('link'), 'f.txt');
  assert.ok((await read('big.txt')) === big, 'the large file, piece by piece');
  unlinkSync(at(a, 'f.txt'));
  await inStep(a);
  assert.equal(await read('f.txt', 1), 'one');
  assert.equal(refusal(await a.control.cat({ path: 'f.txt', version: 9 }, call)), 'unknown-version');
  assert.equal(refusal(await a.control.cat({ path: 'nothing' }, call)), 'not-found');
});

test('restore puts an old version on top, for everybody, and can be undone by another', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  put(a, 'f.txt', 'two');
  await inStep(...devices);
  const said = value(await a.control.restore({ path: 'f.txt', version: 1 }, call));
  assert.equal(said.number, 3);
  await allHold(devices, { 'f.txt': 'one' });
  value(await a.control.restore({ path: 'f.txt', version: 2 }, call));
  await allHold(devices, { 'f.txt': 'two' });
  assert.deepEqual(await versions(a, 'f.txt'), ['two', 'one', 'two', 'one']);
  assert.equal(refusal(await a.control.restore({ path: 'f.txt', version: 17 }, call)), 'unknown-version');
});

test('restore writes nothing over a version that came after the one that was shown', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  put(a, 'f.txt', 'two');
  await inStep(...devices);
  const [shown] = value(await a.control.history({ path: 'f.txt' }, call)).nodes[0]?.versions ?? [];
  put(b, 'f.txt', 'three');
  await inStep(...devices);
  const answer = await a.control.restore({ path: 'f.txt', version: 1, seen: shown!.version }, call);
  assert.equal(refusal(answer), 'unprocessable');
  await allHold(devices, { 'f.txt': 'three' });
});

test('restore brings a deleted file back, in its folder, with the version that was asked for', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one', 'g.txt': 'g' });
  put(a, 'd/f.txt', 'two');
  await inStep(...devices);
  unlinkSync(at(a, 'd/f.txt'));
  await inStep(...devices);
  value(await a.control.restore({ path: 'd/f.txt', version: 1 }, call));
  await allHold(devices, { 'd/f.txt': 'one', 'g.txt': 'g' });
});

test('restore while the same file is edited here: nothing is lost', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  put(a, 'f.txt', 'two');
  await inStep(...devices);
  put(a, 'f.txt', 'three');
  await a.control.restore({ path: 'f.txt', version: 1 }, call);
  await inStep(...devices);
  const kept = [...Object.values(tree(a)), ...(await versions(a, 'f.txt'))];
  for (const each of ['one', 'two', 'three']) assert.ok(kept.includes(each), `${each} in ${kept}`);
  assert.deepEqual(tree(devices[1]!), tree(a));
});

test('trash: what was deleted is listed once per deletion, and comes back with all that was in it', async (t) => {
  const start = { 'd/e/f.txt': 'f', 'd/g.txt': 'g', 'h.txt': 'h' };
  const { devices, a, b } = await synced(t, ['A', 'B'], start);
  rmSync(at(a, 'd'), { recursive: true });
  await inStep(...devices);
  unlinkSync(at(b, 'h.txt'));
  await allHold(devices, {});
  const { items } = value(await b.control['trash.list']({}, call));
  const onServer = items.filter((each) => each.where === 'server');
  assert.deepEqual(onServer.map((each) => each.path).sort(), ['d', 'h.txt']);
  const folder = onServer.find((each) => each.path === 'd');
  assert.equal(folder?.below, 3);
  value(await b.control['trash.restore']({ id: folder?.id ?? '' }, call));
  await allHold(devices, { 'd/e/f.txt': 'f', 'd/g.txt': 'g' });
  const file = onServer.find((each) => each.path === 'h.txt');
  value(await b.control['trash.restore']({ id: file?.id ?? '' }, call));
  await allHold(devices, start);
  assert.equal(refusal(await b.control['trash.restore']({ id: 'nonsense' }, call)), 'not-found');
  assert.equal(refusal(await b.control['trash.restore']({ id: 'here:nonsense' }, call)), 'not-found');
});

test('trash: a place that is taken again: the restored file stands beside it', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'f.txt': 'old' });
  unlinkSync(at(a, 'f.txt'));
  await inStep(...devices);
  put(a, 'f.txt', 'new');
  await inStep(...devices);
  const [item] = value(await a.control['trash.list']({}, call)).items;
  value(await a.control['trash.restore']({ id: item?.id ?? '' }, call));
  await inStep(...devices);
  assert.deepEqual(Object.values(tree(a)).sort(), ['new', 'old']);
  assert.equal(text(a, 'f.txt'), 'new');
  assert.deepEqual(await serverTree(a), tree(a));
});

async function conflict(t: Parameters<typeof synced>[0]) {
  const found = await synced(t, ['A', 'B'], { 'd/f.txt': 'base' });
  apart(found.b);
  put(found.a, 'd/f.txt', 'from A');
  put(found.b, 'd/f.txt', 'from B');
  await inStep(found.a);
  together(found.b);
  await inStep(found.a, found.b);
  return found;
}

const RESOLUTIONS: readonly [on: 'A' | 'B', keep: Keep, left: readonly string[]][] = [
  ['A', 'both', ['from A', 'from B']],
  ['A', 'mine', ['from A']],
  ['A', 'theirs', ['from B']],
  ['B', 'both', ['from A', 'from B']],
  ['B', 'mine', ['from B']],
  ['B', 'theirs', ['from A']],
];

for (const [on, keep, left] of RESOLUTIONS)
  test(`conflicts: ${on} keeps ${keep}: everybody sees it, and nothing is lost`, async (t) => {
    const { devices, a, b } = await conflict(t);
    const device: TestDevice = on === 'A' ? a : b;
    const [row] = await conflictsOf(device);
    assert.ok(row);
    assert.equal(row.path, 'd/f.txt');
    assert.equal(row.mine.device, on);
    assert.match(row.copyPath ?? '', /^d\/f \(conflict - B, /);
    const shown = value(await device.control['conflicts.show']({ id: row.id }, call));
    assert.equal(shown.ancestor, 1);
    assert.ok(shown.lineage.length >= 3);
    value(await device.control['conflicts.resolve']({ id: row.id, keep }, call));
    await inStep(...devices);
    const files = Object.entries(tree(a)).filter(([path]) => path !== 'd/');
    assert.deepEqual(files.map(([, content]) => content).sort(), [...left].sort());
    if (left.length === 1)
      assert.deepEqual(
        files.map(([path]) => path),
        ['d/f.txt'],
      );
    assert.deepEqual(tree(b), tree(a));
    assert.deepEqual(await serverTree(b), tree(a));
    for (const each of devices) assert.deepEqual(await conflictsOf(each), []);
    const trash = value(await a.control['trash.list']({}, call)).items;
    const history = await versions(a, 'd/f.txt');
    for (const each of ['from A', 'from B'])
      assert.ok(
        files.some(([, content]) => content === each) || history.includes(each) || trash.length > 0,
        `${each} can still be had`,
      );
  });

test('conflicts: resolving twice, an unknown one, or one that was edited meanwhile is refused', async (t) => {
  const { devices, a, b } = await conflict(t);
  const [row] = await conflictsOf(a);
  const id = row?.id ?? '';
  assert.equal(refusal(await a.control['conflicts.show']({ id: 'nonsense' }, call)), 'not-found');
  apart(b);
  put(a, 'd/f.txt', 'edited while deciding');
  await inStep(a);
  together(b);
  await until('B is connected', () => b.status().connected);
  value(await a.control['conflicts.resolve']({ id, keep: 'both' }, call));
  await inStep(...devices);
  const again = await b.control['conflicts.resolve']({ id, keep: 'mine' }, call);
  await inStep(...devices);
  assert.ok(Object.values(tree(a)).includes('edited while deciding'));
  assert.ok(again.kind === 'refused' || (await conflictsOf(b)).length === 0);
});

test('a renamed conflict copy is still the conflict', async (t) => {
  const { devices, a } = await conflict(t);
  const [row] = await conflictsOf(a);
  renameSync(at(a, row?.copyPath ?? ''), at(a, 'd/mine.txt'));
  await inStep(...devices);
  const [renamed] = await conflictsOf(a);
  assert.equal(renamed?.id, row?.id);
  assert.equal(renamed?.copyPath, 'd/mine.txt');
});

test('explain tells the three nodes, the lineage, the rule and what happened', async (t) => {
  const { a, b } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one' });
  put(b, 'd/f.txt', 'two');
  await inStep(a, b);
  const said = value(await a.control.explain({ path: 'd/f.txt' }, call));
  assert.equal(said.local?.node, said.remote?.node);
  assert.equal(said.synced?.node, said.remote?.node);
  assert.equal(said.local?.manifest, said.remote?.manifest);
  assert.equal(said.lineage.length, 2);
  assert.ok(said.rule.sentence.length > 0);
  assert.ok(said.events.length >= 2);
  unlinkSync(at(b, 'd/f.txt'));
  await inStep(a, b);
  const gone = value(await a.control.explain({ path: 'd/f.txt' }, call));
  assert.equal(gone.local, null);
  assert.equal(gone.remote?.state, 'deleted');
  assert.ok(gone.events.some((each) => each.sentence.includes('d/f.txt')));
  assert.equal(refusal(await a.control.explain({ path: 'never/was' }, call)), 'not-found');
});

test('explain answers while the file is on its way, held, and in trouble', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one' });
  apart(a);
  put(a, 'f.txt', 'two');
  put(a, 'new.txt', 'new');
  await a.engine.scanner.scanAll();
  for (const path of ['f.txt', 'new.txt']) {
    const said = value(await a.control.explain({ path }, call));
    assert.ok(said.pending.length > 0, path);
  }
  together(a);
});

test('repair --replay reads the server anew and mends a remote tree that went wrong', async (t) => {
  const { devices, a } = await synced(t, ['A', 'B'], { 'd/f.txt': 'one', 'g.txt': 'g' });
  const before = tree(a);
  a.db.prepare("DELETE FROM remote WHERE name = 'g.txt'").run();
  a.db.prepare("UPDATE remote SET name = 'wrong' WHERE name = 'f.txt'").run();
  a.engine.state.forgetRows();
  const said = value(await a.control.repair({ replay: true }, call));
  assert.equal(said.kind, 'replay');
  await allHold(devices, { 'd/f.txt': 'one', 'g.txt': 'g' });
  assert.deepEqual(tree(a), before);
  assert.equal(a.status().review, 0);
});

test('repair --surface lists one folder again; --file reads one file again', async (t) => {
  const { a, b } = await synced(
    t,
    ['A', 'B'],
    { 'd/f.txt': 'one', 'e/g.txt': 'g' },
    {
      environment: (env) => ({ ...env, watch: { ...env.watch, start: () => Promise.resolve() } }),
    },
  );
  put(a, 'd/new.txt', 'new');
  const said = value(await a.control.repair({ surface: 'd' }, call));
  assert.equal(said.kind, 'surface');
  assert.ok(said.found >= 1);
  await until('it went up', async () => (await serverTree(b))['d/new.txt'] === 'new');
  assert.equal(value(await a.control.repair({ file: 'e/g.txt' }, call)).checked, 1);
  await inStep(a, b);
  assert.equal((await versions(a, 'e/g.txt')).length, 1);
  assert.equal(refusal(await a.control.repair({ file: 'no/such' }, call)), 'not-found');
  assert.equal(refusal(await a.control.repair({ surface: 'no/such' }, call)), 'not-found');
});

test('doctor finds nothing wrong in a healthy engine, and says what is wrong in an ill one', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one' });
  const well = value(await a.control.doctor({}, call));
  const failed = well.checks.filter((each) => each.result === 'failed');
  assert.deepEqual(failed, []);
  const undo = faults.add({ fault: { kind: 'cut-connection' } });
  t.after(undo);
  apart(a);
  await pause(30);
  const ill = value(await a.control.doctor({}, call));
  assert.equal(ill.checks.find((each) => each.name === 'server')?.result, 'warning');
  assert.equal(ill.ok, false);
});

test('pause, resume and rescan: nothing moves while paused, all of it moves afterwards', async (t) => {
  const { devices, a, b } = await synced(t, ['A', 'B'], { 'f.txt': 'one' });
  const paused = value(await a.control.pause({}, call));
  assert.equal(paused.state, 'paused');
  put(a, 'f.txt', 'two');
  put(b, 'g.txt', 'g');
  await inStep(b);
  await pause(300);
  assert.deepEqual(tree(b), { 'f.txt': 'one', 'g.txt': 'g' });
  assert.deepEqual(tree(a), { 'f.txt': 'two' });
  value(await a.control.resume({}, call));
  value(await a.control.rescan({}, call));
  await allHold(devices, { 'f.txt': 'two', 'g.txt': 'g' });
});

test('every verb answers in the shape of the contract, ready or halted, online or offline', async (t) => {
  const { stage, a } = await synced(t, ['A'], { 'f.txt': 'one' });
  const check = async (device: TestDevice) => {
    for (const method of [
      'status',
      'wait',
      'conflicts.list',
      'trash.list',
      'review.list',
      'doctor',
      'rescan',
    ] as const) {
      const params = method === 'wait' ? { timeout: 0.2 } : {};
      const answer = await (
        device.control[method] as (p: object, c: typeof call) => Promise<{ kind: string; value?: unknown }>
      )(params, call);
      if (answer.kind !== 'ok') continue;
      const parsed = parserOf(METHODS[method].result)(answer.value);
      assert.equal(parsed.kind, 'ok', `${method}: ${JSON.stringify(parsed)}`);
    }
    for (const path of ['f.txt', 'nothing']) {
      for (const method of ['history', 'cat', 'explain'] as const)
        await device.control[method]({ path }, call);
      await device.control.restore({ path, version: 1 }, call);
    }
  };
  await check(a);
  const undo = faults.add({ fault: { kind: 'cut-connection' } });
  t.after(undo);
  await check(a);
  undo();
  await stage.stop(a);
  renameSync(a.root, `${a.root}-away`);
  const halted = await stage.restart(a);
  await check(halted);
  assert.equal(halted.status().state, 'error');
  writeFileSync(`${a.root}-away/x`, '');
});
