/** Metadata lags behind, and users think that files are lost. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../network/fault-proxy.ts';
import { until } from '../support/devices.ts';
import type { Drill } from './drill.ts';
import type { DrillStage } from './stage.ts';

const FILES = 300;
/** Shorter than a device waits for an answer: it lags, and is not offline. */
const HELD_MS = 25_000;
const LAG = 'tidemark_journal_lag_max';
const CLAIMS = 'tidemark_claims_total';
const JOURNAL = 'tidemark_request_duration_seconds_count{route="journal"}';
const NOTIFY = 'tidemark_request_duration_seconds_count{route="notify"}';
const nameOf = (number: number): string => `inbox/${number}.txt`;

export const LAG_DRILL: Drill = {
  chain: 4,
  title: 'metadata lags behind, and users think that files are lost',
  devices: ['Writer', 'Reader'],
  run: async (stage) => {
    const [writer, reader] = [stage.device('Writer'), stage.device('Reader')];
    await stage.save(writer, 'plan.txt', 'old plan\n');
    await stage.fleet.converge();
    const { isOver, release } = await lag(stage);
    await stage.switch('shed-background', true, 'devices lag: reads of the journal first');
    release();
    assert.equal(isOver(), true);
    await stage.fleet.converge(120_000);
    const wanted: Record<string, string> = {
      'plan.txt': 'new plan\n',
      'mine.txt': 'written while it lagged\n',
    };
    for (let number = 0; number < FILES; number += 1) wanted[nameOf(number)] = `mail ${number}\n`;
    await stage.settle(wanted);
    assert.deepEqual(await stage.versions(reader, 'plan.txt'), [1, 2]);
    const { serverHead } = await stage.inStep(writer);
    // Two of plan.txt, one folder with its files, one of Reader.
    assert.equal(serverHead, 2 + 1 + FILES + 1);
    stage.tell(
      'proved',
      `${serverHead} changes, each once: lag was not taken for absence, nothing was sent again`,
    );
    await stage.switch('shed-background', false, 'everybody is in step');
    await pushIsLost(stage);
  },
};

/** Pushes arrive, and the answers to what the device asks then do not. */
async function lag(
  stage: DrillStage,
): Promise<{ readonly isOver: () => boolean; readonly release: () => void }> {
  const [writer, reader] = [stage.device('Writer'), stage.device('Reader')];
  const gate = Promise.withResolvers<'open'>();
  let over = false;
  const held: Fault = async (exchange) => {
    const answer = await exchange.forward();
    const end = await Promise.race([gate.promise, sleep(HELD_MS, 'late', { ref: false })]);
    if (end === 'open') await exchange.reply(answer.raw);
    else exchange.cut('reset');
  };
  const before = await stage.figures();
  const rule = stage.lineOf('Reader').arm({ routes: ['/v1/journal'], fault: held });
  await stage.save(writer, 'plan.txt', 'new plan\n');
  await until('Reader asks for what is new', async () => (rule.strikes > 0 ? true : null));
  stage.tell(
    'done',
    'Writer saves plan.txt again; Reader is told, and the answer about the journal does not arrive',
  );
  assert.equal(String(await stage.bytesAt(reader, 'plan.txt')), 'old plan\n');
  stage.tell(
    'first',
    'two devices live at different times: Writer is done, Reader still has the old plan.txt',
  );
  const { sentence } = await stage.says(reader, 'says that it lags', ({ delayed }) => delayed);
  stage.tell('proved', `Reader does not call that up to date: "${sentence}"`);
  await ownEditGoesUp(stage);
  for (let number = 0; number < FILES; number += 1)
    await stage.save(writer, nameOf(number), `mail ${number}\n`);
  await stage.inStep(writer);
  stage.tell('done', `Writer saves ${FILES} more files`);
  await stage.signal(before, LAG, (now) => now >= FILES);
  await stage.signal(before, NOTIFY, (now, was) => now > was);
  await stage.signal(before, JOURNAL, (now, was) => now > was);
  const { stdout } = await stage.operator('admin', 'devices');
  const line = stdout.split('\n').find((each) => each.includes('Reader')) ?? '';
  const [, behind = '0'] = /([\d,]+) changes behind/.exec(line) ?? [];
  assert.ok(Number(behind.replaceAll(',', '')) >= FILES, line);
  stage.tell('signal', `tidemark admin devices: ${line.trim().replace(/ {2,}/g, ', ')}`);
  return {
    isOver: () => over && rule.strikes > 0,
    release: () => {
      over = true;
      rule.disarm();
      gate.resolve('open');
    },
  };
}

async function ownEditGoesUp(stage: DrillStage): Promise<void> {
  const reader = stage.device('Reader');
  const before = await stage.figures();
  await stage.save(reader, 'mine.txt', 'written while it lagged\n');
  const now = await stage.signal(before, CLAIMS, (value, was) => value > was);
  assert.equal(now, before.get(CLAIMS) + 1, 'one claim, and none about what Reader does not have yet');
  stage.tell(
    'proved',
    'what is written on Reader meanwhile goes up at once, alone: nothing is repaired by sending it again',
  );
}

/** A push that never comes costs time, and no change. */
async function pushIsLost(stage: DrillStage): Promise<void> {
  const [writer, reader] = [stage.device('Writer'), stage.device('Reader')];
  stage.lineOf('Reader').drop('reset');
  await stage.save(writer, 'plan.txt', 'newest plan\n');
  await stage.inStep(writer);
  await until('Reader has the newest plan', async () =>
    String(await stage.bytesAt(reader, 'plan.txt')) === 'newest plan\n' ? true : null,
  );
  stage.tell(
    'proved',
    'the connection that would have told Reader is cut: it learns of the change all the same',
  );
}
