/** The report to the makers: what is in it, that no name is, and never what lets anybody in. */
import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { at, call, inStep, put, synced, type TestDevice, value } from './stage.ts';

async function report(device: TestDevice, names: boolean) {
  const { parts, redacted } = value(await device.control.bundle({ names }, call));
  assert.equal(redacted, !names);
  return new Map(parts.map(({ name, text }) => [name, text]));
}

async function busyPair(t: Parameters<typeof synced>[0]): Promise<readonly [TestDevice, TestDevice]> {
  const { a, b } = await synced(t, ['Quillpad', 'Sandbox9'], { 'Zebrafolder/Walnut.final.pdf': 'one' });
  put(b, 'Zebrafolder/Walnut.final.pdf', 'two');
  await inStep(a, b);
  renameSync(at(a, 'Zebrafolder/Walnut.final.pdf'), at(a, 'Marmalade.pdf'));
  await inStep(a, b);
  rmSync(at(b, 'Zebrafolder'), { recursive: true });
  await inStep(a, b);
  for (const each of [a, b]) {
    const { state, parts } = each.engine;
    state.problems.put({
      subject: 'x',
      node: null,
      path: 'Orchid notes.txt',
      code: 'disk-error',
      facts: { detail: `EIO: i/o error, read '${each.root}/Orchid notes.txt'` },
      since: 1,
    });
    parts.env.log('warn', 'a file could not be placed', {
      path: 'Marmalade.pdf',
      detail: `EACCES: open '${each.root}/Marmalade.pdf'`,
    });
  }
  return [a, b];
}

test('without names: no file, person, device, server or folder is told, and the same name has the same mark', async (t) => {
  const [a, b] = await busyPair(t);
  value(
    await b.control['settings.set'](
      {
        settings: {
          up: 100,
          down: null,
          schedule: null,
          proxy: { kind: 'manual', url: 'http://ada:hunter2@proxy.example.org:3128' },
        },
      },
      call,
    ),
  );
  for (const device of [a, b]) {
    const parts = await report(device, false);
    assert.deepEqual([...parts.keys()].sort(), [
      'activity',
      'doctor',
      'ledger',
      'log',
      'problems',
      'program',
      'settings',
      'shares',
      'status',
    ]);
    const all = [...parts.values()].join('\n');
    const { user, serverUrl, folder } = device.engine.parts.account;
    const secret = [
      'Zebra',
      'Walnut',
      'Marmalade',
      'Orchid',
      'Quillpad',
      'Sandbox9',
      'hunter2',
      'proxy.example',
    ];
    for (const word of [
      ...secret,
      user,
      serverUrl,
      new URL(serverUrl).host,
      folder,
      device.engine.parts.token ?? '?',
    ])
      assert.ok(!all.includes(word), `${word} in ${all.split('\n').find((line) => line.includes(word))}`);
    const rows = (parts.get('activity') ?? '')
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const moved = rows.find((row) => row['activity'] === 'moved');
    const created = rows.filter((row) => row['activity'] === 'created').map((row) => row['path']);
    assert.ok(created.includes(moved?.['from']), 'where it came from is where it was made');
    assert.match(String(moved?.['path']), /^name-\d+\.pdf$/);
    const logged = (parts.get('log') ?? '').split('\n').find((line) => line.includes('could not be placed'));
    assert.ok(logged?.includes(`"path":"${String(moved?.['path'])}"`), logged);
  }
});

test('with names they are told, and still nothing that lets anybody in', async (t) => {
  const [a] = await busyPair(t);
  value(
    await a.control['settings.set'](
      {
        settings: {
          up: null,
          down: null,
          schedule: null,
          proxy: { kind: 'manual', url: 'http://ada:hunter2@proxy.example.org:3128' },
        },
      },
      call,
    ),
  );
  const all = [...(await report(a, true)).values()].join('\n');
  for (const word of ['Zebrafolder', 'Marmalade.pdf', 'Quillpad', 'Sandbox9', 'proxy.example.org'])
    assert.ok(all.includes(word), word);
  for (const word of ['hunter2', 'ada:', a.engine.parts.token ?? '?']) assert.ok(!all.includes(word), word);
});
