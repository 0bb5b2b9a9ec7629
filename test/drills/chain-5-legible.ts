/** Conflict handling is technically correct, and nobody understands it. */
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { pause, type TestDevice, until } from '../support/devices.ts';
import type { Drill } from './drill.ts';
import type { DrillStage } from './stage.ts';

/** A little longer than what counts as offline, and not as at the same time. */
const AWAY_MS = 65_000;
const FILE = 'budget.xlsx';
const COPY = /^budget \(conflict - Tablet, anna, \d{4}-\d\d-\d\d \d\d\.\d\d, v1\)\.xlsx$/;
const RENAMED = 'budget of Friday.xlsx';
const OPEN = 'tidemark_conflicts_open';
const TOTAL = 'tidemark_conflicts_total';
const HELD = 'tidemark_stale_bases_total{outcome="held"}';

export const LEGIBLE: Drill = {
  chain: 5,
  title: 'conflict handling is technically correct, and nobody understands it',
  devices: ['Desktop', 'Tablet', 'Phone'],
  run: async (stage) => {
    const [desktop, tablet] = [stage.device('Desktop'), stage.device('Tablet')];
    await stage.save(desktop, FILE, 'budget V1\n');
    await stage.fleet.converge();
    const copy = await clash(stage);
    const id = await explained(stage, copy);
    await rename(desktop.path(copy), desktop.path(RENAMED));
    await until('Phone knows the new name of the copy', async () =>
      (await conflictOn(stage.device('Phone')))?.copyPath === RENAMED ? true : null,
    );
    stage.tell('proved', `Desktop renames the copy to "${RENAMED}": it is the same conflict for everybody`);
    await noMoreCopies(stage);
    await settled(stage, id);
    await stage.settle({ [FILE]: 'budget of Tablet\n' });
    const numbers = await stage.versions(tablet, FILE);
    assert.ok(numbers.length >= 3, String(numbers));
    stage.tell('proved', `what was not kept is in the history: V${numbers.join(', V')}`);
  },
};

async function clash(stage: DrillStage): Promise<string> {
  const [desktop, tablet] = [stage.device('Desktop'), stage.device('Tablet')];
  const before = await stage.figures();
  await tablet.stop();
  await stage.save(tablet, FILE, 'budget of Tablet\n');
  await stage.save(desktop, FILE, 'budget of Desktop\n');
  await stage.inStep(desktop);
  await pause(AWAY_MS);
  await tablet.start();
  stage.tell('done', `Tablet edits ${FILE} offline, from V1; Desktop commits V2; Tablet returns`);
  await stage.signal(before, TOTAL, (now, was) => now === was + 1);
  await stage.signal(before, OPEN, (now, was) => now === was + 1);
  const picture = await stage.fleet.converge();
  const [copy] = [...picture.keys()].filter((name) => COPY.test(name));
  assert.ok(copy !== undefined, [...picture.keys()].join('\n'));
  stage.tell('first', `two files that look alike: ${FILE} and "${copy}"`);
  for (const device of stage.fleet.devices) {
    assert.equal(String(await stage.bytesAt(device, FILE)), 'budget of Desktop\n');
    assert.equal(String(await stage.bytesAt(device, copy)), 'budget of Tablet\n');
  }
  stage.tell('proved', 'three devices agree which is which; its name says device, author, time and ancestor');
  return copy;
}

async function conflictOn(device: TestDevice) {
  const { conflicts } = await device.ask('conflicts.list', {});
  return conflicts[0];
}

async function explained(stage: DrillStage, copy: string): Promise<string> {
  const rows = await Promise.all(stage.fleet.devices.map(conflictOn));
  const [row] = rows;
  assert.ok(row);
  for (const each of rows) {
    assert.deepEqual([each?.id, each?.path, each?.copyPath, each?.ancestor], [row.id, FILE, copy, 1]);
    assert.equal(each?.cause, 'offline');
  }
  stage.tell('proved', `every device tells the same: "${row.sentence}"`);
  const { lineage } = await stage.device('Phone').ask('conflicts.show', { id: row.id });
  const graph = lineage.map(({ side, version }) => `${side} V${version.number} by ${version.device}`);
  assert.equal(lineage.length, 3, graph.join(', '));
  stage.tell('proved', `tidemark conflicts show: ${graph.join(', ')}`);
  const { stdout } = await stage.operator('admin', 'conflicts');
  assert.match(stdout, /budget\.xlsx/);
  const line = stdout.split('\n').find((each) => each.includes(row.id)) ?? '';
  assert.match(line, /anna .*offline .*Tablet/);
  stage.tell('signal', `tidemark admin conflicts: ${line.trim().replace(/ {2,}/g, ', ')}`);
  return row.id;
}

async function noMoreCopies(stage: DrillStage): Promise<void> {
  const [desktop, phone] = [stage.device('Desktop'), stage.device('Phone')];
  await stage.switch('reject-late-edits', true, 'users drown in copies');
  await stage.inStep(phone);
  await phone.stop();
  await stage.save(phone, FILE, 'budget of Phone\n');
  await stage.save(desktop, FILE, 'budget V3\n');
  await stage.inStep(desktop);
  const before = await stage.figures();
  await phone.start();
  await stage.signal(before, HELD, (now, was) => now > was);
  assert.equal((await stage.figures()).get(TOTAL), before.get(TOTAL));
  await stage.save(phone, FILE, 'budget V3\n');
  await stage.says(
    phone,
    'has nothing that waits',
    ({ problems, state }) => problems === 0 && state !== 'syncing',
  );
  await stage.switch('reject-late-edits', false, 'told everybody');
  await stage.fleet.converge();
  assert.equal((await stage.figures()).get(OPEN), before.get(OPEN));
  stage.tell('proved', 'Phone takes what stands there: the late edit is settled before it was a copy');
}

async function settled(stage: DrillStage, id: string): Promise<void> {
  const tablet = stage.device('Tablet');
  const open = await stage.figures();
  const type = async (...words: readonly string[]) => {
    const ran = await tablet.type(...words);
    assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stdout}${ran.stderr}`);
    stage.tell('done', `Tablet: tidemark ${words.map((word) => (word === id ? 'ID' : word)).join(' ')}`);
  };
  await type('conflicts', 'resolve', id, '--keep', 'mine');
  await stage.signal(open, OPEN, (now, was) => now === was - 1);
  await type('conflicts', 'undo', id);
  const undone = await stage.figures();
  assert.equal(undone.get(OPEN), open.get(OPEN));
  stage.tell('proved', 'the settlement is undone: both sides stand again, everywhere');
  await stage.fleet.converge();
  await type('conflicts', 'resolve', id, '--keep', 'mine');
  await stage.signal(undone, OPEN, (now, was) => now === was - 1);
}
