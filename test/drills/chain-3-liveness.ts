/** Deduplication saves space, and corrupts what deletion and retention mean. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { pause, type TestDevice, until } from '../support/devices.ts';
import type { Drill } from './drill.ts';
import type { Figures } from './figures.ts';
import { type DrillStage, hashOf } from './stage.ts';

const FILE = 'ledger.bin';
const TWIN = 'twin.bin';
const QUARANTINED = 'tidemark_chunk_bytes{tier="quarantined"}';
const decided = (decision: string) => `tidemark_job_decisions_total{job="collection",decision="${decision}"}`;
/** Longer than chunks are in quarantine on this server. */
const BEYOND_QUARANTINE_MS = 20_000;
const LET_GO_MS = 120_000;

/** Most chunks are common to all of them: each is found again by its hash, and stored once. */
const common = randomBytes(6 * 1024 * 1024);
const versionOf = (number: number): Buffer =>
  Buffer.concat([common, Buffer.from(`version ${number}\n`.repeat(100_000))]);

export const LIVENESS: Drill = {
  chain: 3,
  title: 'deduplication saves space, and corrupts what deletion and retention mean',
  devices: ['Writer', 'Reader'],
  hasShortHours: true,
  run: async (stage) => {
    const writer = stage.device('Writer');
    const before = await stage.figures();
    await history(stage, writer);
    await quarantineGrows(stage, before);
    await held(stage, writer);
    await released(stage, writer);
    await stage.settle({ [FILE]: versionOf(1), [TWIN]: versionOf(2) });
  },
};

async function history(stage: DrillStage, writer: TestDevice): Promise<void> {
  for (const number of [1, 2, 3, 4]) {
    await stage.save(writer, FILE, versionOf(number));
    await stage.inStep(writer);
    if (number === 1) await writer.ask('label', { path: FILE, version: 1, name: 'for the auditor' });
  }
  await until(
    'V2 and V3 are let go',
    async () => (String(await stage.versions(writer, FILE)) === '1,4' ? true : null),
    LET_GO_MS,
  );
  stage.tell(
    'done',
    `${FILE}: four versions that share most of their chunks; V1 is labelled, retention let V2 and V3 go`,
  );
}

async function quarantineGrows(stage: DrillStage, before: Figures): Promise<void> {
  await stage.signal(before, decided('idle'), (now) => now > 0);
  const bytes = await stage.signal(before, QUARANTINED, (now) => now > 0);
  assert.ok(bytes < common.length, 'what V1 and V4 share is not among it');
  stage.tell(
    'first',
    'which chunks are wanted: a count would be off by now; here it is read from V1 and V4 themselves',
  );
}

async function held(stage: DrillStage, writer: TestDevice): Promise<void> {
  await stage.switch('stop-destructive-gc', true, 'a restore of an old version failed');
  await stage.switch('widen-holds', true, 'until the audit is over');
  const erased = (await stage.figures()).get(decided('erased'));
  await stage.fleet.server.kill();
  await stage.fleet.server.start();
  await stage.save(writer, TWIN, versionOf(2));
  await stage.inStep(writer);
  stage.tell(
    'done',
    'the collector is killed (kill -9) and goes on; somebody saves the bytes of V2 again, as another file',
  );
  const before = await stage.figures();
  await pause(BEYOND_QUARANTINE_MS);
  const after = await stage.figures();
  assert.equal(after.get(decided('erased')), 0, 'counters begin at nothing with every start');
  assert.ok(after.get(QUARANTINED) > 0, 'V3 alone is in quarantine');
  assert.equal(after.get(QUARANTINED), before.get(QUARANTINED));
  stage.tell(
    'proved',
    `nothing more is erased (${erased} before) although its time is over; ${after.get(QUARANTINED)} bytes stay readable in quarantine`,
  );
  await stage.save(writer, FILE, versionOf(5));
  await stage.inStep(writer);
  await pause(2000);
  assert.deepEqual(await stage.versions(writer, FILE), [1, 4, 5]);
  stage.tell('proved', 'V4 is kept while holds are widened, also with V5 on top of it');
  await allRestorable(stage, [1, 4, 5]);
}

async function released(stage: DrillStage, writer: TestDevice): Promise<void> {
  const before = await stage.figures();
  await stage.switch('stop-destructive-gc', false, 'the audit found every wanted chunk');
  await stage.signal(before, decided('erased'), (now, was) => now > was);
  await allRestorable(stage, [1, 4, 5]);
  await writer.ask('restore', { path: FILE, version: 1 });
  await stage.switch('widen-holds', false, 'the audit is over');
  await until('V1 stands there again', async () => {
    const bytes = await stage.bytesAt(stage.device('Reader'), FILE);
    return bytes !== null && hashOf(bytes) === hashOf(versionOf(1)) ? true : null;
  });
  stage.tell('proved', 'V1 is restored from the label, bit for bit, on both devices');
}

async function allRestorable(stage: DrillStage, numbers: readonly number[]): Promise<void> {
  for (const number of numbers)
    assert.equal(
      hashOf(await content(stage.device('Reader'), number)),
      hashOf(versionOf(number)),
      `V${number}`,
    );
  stage.tell('proved', `${numbers.map((number) => `V${number}`).join(', ')} read back bit for bit`);
}

async function content(device: TestDevice, version: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let offset: number | null = 0; offset !== null; ) {
    const piece: { readonly bytes: string; readonly next: number | null } = await device.ask('cat', {
      path: FILE,
      version,
      offset,
    });
    pieces.push(Buffer.from(piece.bytes, 'base64'));
    offset = piece.next;
  }
  return Buffer.concat(pieces);
}
