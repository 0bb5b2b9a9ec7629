/** Chunk storage succeeds, and the metadata is stale, duplicated or wrong. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cutAnswer, page } from '../network/faults.ts';
import { until } from '../support/devices.ts';
import type { Drill } from './drill.ts';
import type { DrillStage } from './stage.ts';

/** Some dozen chunks: more than goes into one request, so that bytes and claim travel apart. */
const BYTES = 16 * 1024 * 1024;
const FILE = 'film.bin';
const PUT = 'tidemark_request_duration_seconds_count{route="putChunks"}';
const COMMITTED = 'tidemark_claims_total{outcome="committed"}';
const OPEN = 'tidemark_upload_sessions_open';
const AGAIN = 'tidemark_repeated_claims_total';

export const COMMIT: Drill = {
  chain: 2,
  title: 'chunk storage succeeds, and the metadata is stale, duplicated or wrong',
  devices: ['Writer', 'Reader'],
  run: async (stage) => {
    const bytes = randomBytes(BYTES);
    await bytesWithoutCommit(stage, bytes);
    await stage.switch('quarantine-sessions', true, 'bytes come in and nothing is committed');
    await stage.switch('stop-destructive-gc', true, 'nobody knows yet what those bytes belong to');
    await serverDies(stage);
    await answerIsLost(stage);
    await stage.settle({ [FILE]: bytes });
    const [writer, reader] = [stage.device('Writer'), stage.device('Reader')];
    assert.deepEqual(await stage.versions(reader, FILE), [1]);
    const { serverHead } = await stage.inStep(writer);
    assert.equal(serverHead, 1, 'changes that the server has counted');
    stage.tell('proved', 'one save, three attempts, a killed server: 1 version, 1 row of the journal');
    assert.equal((await stage.figures()).get(OPEN), 0);
    stage.tell('proved', 'no upload is left open');
    await stage.switch('quarantine-sessions', false, 'the line is mended');
    await stage.switch('stop-destructive-gc', false, 'the books fit together');
  },
};

async function bytesWithoutCommit(stage: DrillStage, bytes: Buffer): Promise<void> {
  const [writer, reader] = [stage.device('Writer'), stage.device('Reader')];
  const before = await stage.figures();
  const line = stage.lineOf('Writer');
  line.arm({ routes: ['/v1/finalize'], fault: page('503 Service Unavailable', 'try later') });
  await stage.save(writer, FILE, bytes);
  stage.tell(
    'done',
    `Writer saves ${FILE} (${BYTES / 2 ** 20} MiB); every finalize is answered 503 on the way`,
  );
  await stage.signal(before, PUT, (now, was) => now > was);
  await stage.signal(before, OPEN, (now, was) => now > was);
  await until('a finalize was sent', async () => ((line.seen.get('/v1/finalize') ?? 0) > 0 ? true : null));
  const now = await stage.figures();
  assert.equal(now.get(COMMITTED), before.get(COMMITTED));
  stage.tell('first', `bytes arrive, and no version: ${COMMITTED} stays ${now.get(COMMITTED)}`);
  const { state, sentence } = await writer.status();
  assert.notEqual(state, 'up-to-date');
  stage.tell('proved', `Writer says nothing is done yet: "${sentence}"`);
  assert.equal(await stage.bytesAt(reader, FILE), null);
  assert.equal((await reader.type('history', FILE)).code, 1, 'no history of a file that is none');
  stage.tell('proved', 'Reader sees no half-made file: chunks present are no version');
}

/** The claim is on its way when the server is killed: it may have been committed, or not. */
async function serverDies(stage: DrillStage): Promise<void> {
  const line = stage.lineOf('Writer');
  line.heal();
  const deadly = line.arm({
    routes: ['/v1/finalize'],
    times: 1,
    fault: async (exchange) => {
      const answer = exchange.forward();
      await Promise.all([stage.fleet.server.kill(), answer.catch(() => null)]);
      exchange.cut('reset');
    },
  });
  await until('a finalize is under way', async () => (deadly.strikes > 0 ? true : null), 120_000);
  line.arm({
    routes: ['/v1/finalize', '/v1/commit'],
    times: 1,
    fault: cutAnswer('before the first byte', 'reset'),
  });
  await stage.fleet.server.start();
  stage.tell('done', 'finalize is sent on, and the server is killed (kill -9) over it; it starts again');
}

async function answerIsLost(stage: DrillStage): Promise<void> {
  const writer = stage.device('Writer');
  await stage.says(writer, 'is in step', ({ state }) => state === 'up-to-date');
  stage.tell(
    'done',
    'the answer to the next attempt is lost on the way; Writer asks again under the same key',
  );
  const again = (await stage.figures()).get(AGAIN);
  assert.ok(again >= 1, `${AGAIN} is ${again}`);
  stage.tell('signal', `${AGAIN}: 0 → ${again}`);
}
