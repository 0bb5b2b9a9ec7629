/** Labels of versions, on a real server: who sees them, and that they stay with their version. */
import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { test } from 'node:test';
import { allHold, at, call, inStep, put, refusal, synced, value } from './stage.ts';

test('a version is named on one device and shown on the other, renamed and taken away there', async (t) => {
  const { a, b, devices } = await synced(t, ['A', 'B'], { 'poster.txt': 'draft' });
  put(a, 'poster.txt', 'final');
  await inStep(...devices);
  const said = value(
    await a.control.label({ path: 'poster.txt', version: 1, name: ' sent to the printer ' }, call),
  );
  assert.deepEqual([said.number, said.name], [1, 'sent to the printer']);
  const shown = async () => {
    const { nodes } = value(await b.control.history({ path: 'poster.txt' }, call));
    return nodes[0]?.versions.map(({ number, label, kept }) => [number, label?.name ?? null, kept?.why]);
  };
  assert.deepEqual(await shown(), [
    [2, null, 'current'],
    [1, 'sent to the printer', 'labelled'],
  ]);
  value(await b.control.label({ path: 'poster.txt', version: 1, name: 'first print' }, call));
  assert.deepEqual((await shown())?.[1], [1, 'first print', 'labelled']);
  value(await b.control.label({ path: 'poster.txt', version: 1, name: null }, call));
  assert.deepEqual((await shown())?.[1], [1, null, 'policy']);
  await allHold(devices, { 'poster.txt': 'final' });
});

test('a version of a deleted file can be named; what is no version or no name is refused', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one' });
  unlinkSync(at(a, 'f.txt'));
  await inStep(a);
  value(await a.control.label({ path: 'f.txt', version: 1, name: 'the only one' }, call));
  const { nodes } = value(await a.control.history({ path: 'f.txt' }, call));
  assert.deepEqual(
    nodes[0]?.versions.map((each) => [each.label?.name, each.label?.device]),
    [['the only one', 'A']],
  );
  assert.equal(
    refusal(await a.control.label({ path: 'f.txt', version: 7, name: 'x' }, call)),
    'unknown-version',
  );
  assert.equal(
    refusal(await a.control.label({ path: 'f.txt', version: 1, name: '  ' }, call)),
    'unprocessable',
  );
  assert.equal(refusal(await a.control.label({ path: 'never', version: 1, name: 'x' }, call)), 'not-found');
});
