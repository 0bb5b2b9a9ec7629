/** Offline edits reconnect into incompatible histories. */
import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { cutAnswer } from '../network/faults.ts';
import { until } from '../support/devices.ts';
import type { Drill } from './drill.ts';
import type { DrillStage } from './stage.ts';

const OLD = 'team/roadmap.xlsx';
const NEW = 'team 2026/roadmap.xlsx';
const COPY = /^team 2026\/roadmap \(conflict - (\w+), anna, [\d-]+ [\d.]+, v(\d+)\)\.xlsx$/;
const FORKED = 'tidemark_stale_bases_total{outcome="forked"}';
const HELD = 'tidemark_stale_bases_total{outcome="held"}';
const CONFLICTS = 'tidemark_conflicts_total';
const AGAIN = 'tidemark_repeated_claims_total';

export const HISTORIES: Drill = {
  chain: 1,
  title: 'offline edits reconnect into incompatible histories',
  devices: ['Desktop', 'Phone', 'Tablet', 'Laptop'],
  run: async (stage) => {
    await apart(stage);
    await tabletReturns(stage);
    await phoneIsHeld(stage);
    await laptopReturns(stage);
    const [desktop] = stage.fleet.devices;
    assert.ok(desktop);
    const names = [...(await desktop.picture())].flatMap(([path, { kind }]) =>
      kind === 'file' ? [path] : [],
    );
    const copies = names.filter((path) => COPY.test(path)).sort();
    assert.deepEqual(
      copies.map((path) => COPY.exec(path)?.slice(1)),
      [
        ['Phone', '19'],
        ['Tablet', '18'],
      ],
      names.join('\n'),
    );
    const [phone = '', tablet = ''] = copies;
    await stage.settle({
      [NEW]: 'V20 of Desktop\n',
      [phone]: 'edited on Phone after V19\n',
      [tablet]: 'edited on Tablet after V18\n',
      [OLD]: 'edited on Laptop after V18\n',
    });
    stage.tell(
      'proved',
      `each edit once, and who made it from what: ${copies.join(' · ')} · ${OLD} (a new device)`,
    );
    const numbers = await stage.versions(desktop, NEW);
    assert.deepEqual(
      numbers,
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    for (const path of [...copies, OLD]) assert.deepEqual(await stage.versions(desktop, path), [1]);
    stage.tell('proved', `V1 … V20 stand in one line, and every other history has 1 version`);
  },
};

/** Friday to Monday: who is away, and what the others do meanwhile. */
async function apart(stage: DrillStage): Promise<void> {
  const [desktop, phone] = [stage.device('Desktop'), stage.device('Phone')];
  for (let version = 1; version <= 18; version += 1) {
    await stage.save(desktop, OLD, `V${version} of Desktop\n`);
    await stage.inStep(desktop);
  }
  await stage.fleet.converge();
  stage.tell('done', `${OLD} stands at V18 on four devices; Tablet and Laptop go offline`);
  for (const name of ['Tablet', 'Laptop']) {
    await stage.device(name).stop();
    await stage.save(stage.device(name), OLD, `edited on ${name} after V18\n`);
  }
  await stage.save(desktop, OLD, 'V19 of Desktop\n');
  await stage.inStep(desktop);
  await until('Phone has V19', async () =>
    String(await stage.bytesAt(phone, OLD)) === 'V19 of Desktop\n' ? true : null,
  );
  await rename(phone.path('team'), phone.path('team 2026'));
  await stage.inStep(phone);
  await stage.says(desktop, 'follows the rename', ({ state }) => state === 'up-to-date');
  await until('Desktop has the new name', async () => ((await stage.bytesAt(desktop, NEW)) ? true : null));
  stage.tell('done', 'Desktop commits V19; Phone renames team to team 2026; both offline devices edit V18');
}

async function tabletReturns(stage: DrillStage): Promise<void> {
  const before = await stage.figures();
  const tablet = stage.device('Tablet');
  const lost = stage.lineOf('Tablet').arm({
    routes: ['/v1/commit', '/v1/finalize'],
    times: 1,
    fault: cutAnswer('before the first byte', 'reset'),
  });
  const process = tablet.begin();
  await until('the answer is lost', async () => (lost.strikes > 0 ? true : null));
  await process.kill();
  await tablet.start();
  stage.tell(
    'done',
    'Tablet returns; the answer to its finalize is lost, and it is killed (kill -9) before it asks again',
  );
  await stage.signal(before, FORKED, (now, was) => now > was);
  await stage.signal(before, CONFLICTS, (now, was) => now === was + 1);
  await stage.inStep(tablet);
  await stage.signal(before, AGAIN, (now) => now >= 0);
  stage.tell('first', 'the line has two ends now: what Tablet made of V18 has no place in V1 … V19');
}

async function phoneIsHeld(stage: DrillStage): Promise<void> {
  const [desktop, phone] = [stage.device('Desktop'), stage.device('Phone')];
  await stage.inStep(phone);
  await phone.stop();
  await stage.save(phone, NEW, 'edited on Phone after V19\n');
  await stage.save(desktop, NEW, 'V20 of Desktop\n');
  await stage.inStep(desktop);
  await stage.switch('reject-late-edits', true, 'conflict copies pile up');
  await stage.switch('shed-background', true, 'reconnects first');
  const before = await stage.figures();
  await phone.start();
  await stage.signal(before, HELD, (now, was) => now > was);
  const { problemList } = await stage.says(phone, 'tells of it', (now) => now.problems > 0);
  const [problem] = problemList;
  assert.equal(problem?.code, 'late-edit');
  assert.equal((await stage.figures()).get(CONFLICTS), before.get(CONFLICTS));
  assert.equal(String(await stage.bytesAt(phone, NEW)), 'edited on Phone after V19\n');
  stage.tell('proved', `no further copy is made; Phone keeps its edit and says: "${problem?.sentence}"`);
  await stage.switch('reject-late-edits', false, 'reconnects are through');
  await stage.switch('shed-background', false, 'reconnects are through');
  await stage.signal(before, CONFLICTS, (now, was) => now === was + 1);
  await stage.says(phone, 'has no problem any more', ({ problems }) => problems === 0);
}

/** It lost its state: a new device that finds files. What it edited it cannot have an ancestor of. */
async function laptopReturns(stage: DrillStage): Promise<void> {
  const laptop = stage.device('Laptop');
  await rm(laptop.state, { recursive: true });
  await rm(laptop.path('.tidemark'), { recursive: true });
  const index = stage.fleet.devices.indexOf(laptop);
  stage.fleet.devices.splice(index, 1);
  const again = await stage.fleet.link('Laptop');
  await again.start();
  await stage.inStep(again);
  stage.tell(
    'done',
    'Laptop was reinstalled: it comes back as a new device with the edited file in its folder',
  );
}
