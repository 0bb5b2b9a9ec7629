/** Verbs about the running engine: status, wait, pause, resume, stop, rescan. */
import { EXIT } from '../ipc/exit-codes.ts';
import { isAlive } from '../ipc/node-control-file.ts';
import type { Status, WaitResult } from '../ipc/status.ts';
import { ask, askOnce, told, withEngine } from './ask-engine.ts';
import { bytes, duration, plural, table, when } from './text.ts';
import { seconds } from './usage-error.ts';
import type { VerbRun } from './verbs.ts';

/** How long an engine may take to put everything down. */
const STOP_MS = 60_000;

function waiting(status: Status): string {
  const parts: string[] = [];
  if (status.pendingUploads > 0) parts.push(`${plural(status.pendingUploads, 'change')} to send`);
  if (status.pendingDownloads > 0) parts.push(`${plural(status.pendingDownloads, 'change')} to fetch`);
  if (parts.length === 0) return 'nothing';
  if (status.lagSeconds >= 5) parts.push(`the oldest for ${duration(status.lagSeconds)}`);
  return parts.join(', ');
}

function attention(status: Status): string[] {
  const lines: string[] = [];
  const { conflicts, review, problems, unseen } = status;
  if (status.halted !== null) lines.push(status.halted.sentence);
  if (conflicts > 0) lines.push(`${plural(conflicts, 'conflict')} to settle: tidemark conflicts list`);
  if (review > 0) lines.push(`${plural(review, 'large deletion')} held for your yes: tidemark review list`);
  if (unseen > 0) lines.push(`${plural(unseen, 'path')} could not be looked at`);
  for (const { sentence } of status.problemList) lines.push(sentence);
  if (problems > status.problemList.length) lines.push(`${plural(problems, 'file')} with a trouble in all`);
  return lines;
}

export function statusLines(status: Status): string[] {
  const server = status.connected ? '' : ', not reached';
  const lines = [
    status.sentence,
    ...table(
      [
        ['Folder', status.folder],
        ['Device', `${status.device}, user ${status.user}`],
        ['Server', `${status.server}${server}`],
        ['Waiting', waiting(status)],
        ['Last look', status.lastScanAt === null ? 'not yet' : when(status.lastScanAt)],
        ['Moved', `${bytes(status.bytesSent)} sent, ${bytes(status.bytesReceived)} fetched since the start`],
      ],
      '  ',
    ),
  ];
  const needs = attention(status);
  return needs.length === 0 ? lines : [...lines, '', ...needs];
}

const show: (name: 'status' | 'pause' | 'resume') => VerbRun = (name) => (input) =>
  askOnce(input, name, {}, (value) =>
    input.out.say(...(name === 'status' ? statusLines(value) : [value.sentence])),
  );

export const status = show('status');
export const pause = show('pause');
export const resume = show('resume');

function waitLines(result: WaitResult): string[] {
  const rows = result.missing.map(({ path, why }) => [path, why]);
  const more = result.missingTotal - result.missing.length;
  return [
    result.sentence,
    ...table(rows, '  '),
    ...(more > 0 ? [`  and ${plural(more, 'more', 'more')}`] : []),
  ];
}

export const wait: VerbRun = (input) => {
  const timeout = seconds(input.options['timeout'] ?? '', 'timeout', 7 * 86_400);
  return withEngine(input, async (client) => {
    const asked = await ask(input.out, client, 'wait', { timeout }, timeout * 1000 + 30_000);
    if (asked.kind === 'told') return asked.exit;
    input.out.result(asked.value);
    input.out.say(...waitLines(asked.value));
    return asked.value.done ? EXIT.ok : EXIT.no;
  });
};

export const rescan: VerbRun = (input) =>
  askOnce(input, 'rescan', {}, (result) => input.out.say(result.sentence));

/** Whether the process ended in time. */
async function ended(pid: number): Promise<boolean> {
  const until = performance.now() + STOP_MS;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

export const stop: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const { pid } = client;
    const outcome = await client.call('stop', {});
    client.close();
    // An engine that ended before its answer got out did what it was asked to.
    if (outcome.kind !== 'ok' && outcome.kind !== 'lost') return told(input.out, outcome).exit;
    if (!(await ended(pid))) {
      input.out.complain('no', `Tidemark (process ${pid}) is still putting its work down.`);
      return EXIT.no;
    }
    input.out.result({ stopped: true, pid });
    input.out.say('Stopped. Changes made from now on are noticed at the next start.');
    return EXIT.ok;
  });
