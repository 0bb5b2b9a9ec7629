/** Verbs about the running engine: status, wait, pause, resume, stop, rescan. */
import { EXIT } from '../ipc/exit.ts';
import { checkReply } from '../ipc/node-control-client.ts';
import { isAlive } from '../ipc/node-control-file.ts';
import type { WaitResult } from '../ipc/status.ts';
import { ask, askOnce, told, withEngine } from './ask-engine.ts';
import { pauseEnd } from './pause-end.ts';
import { readStatus, statusLines } from './status-lines.ts';
import { plural, table } from './text.ts';
import { seconds } from './usage-error.ts';
import type { VerbRun } from './verbs.ts';

/** How long an engine may take to put everything down. */
const STOP_MS = 60_000;

export const status: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const reply = await client.callUnchecked('status', {});
    const view = reply.kind === 'result' ? readStatus(reply.result) : null;
    if (reply.kind !== 'result' || view === null) {
      const outcome = await checkReply('status', reply);
      if (outcome.kind !== 'ok') return (await told(input.out, outcome)).exit;
      throw new Error('a status that fits the contract has everything that is shown of it');
    }
    input.out.result(reply.result);
    input.out.say(...statusLines(view));
    return EXIT.ok;
  });

export const pause: VerbRun = (input) => {
  const until = pauseEnd(input.options['for'], input.options['until'], Date.now());
  return askOnce(input, 'pause', { until }, (value) => input.out.say(value.sentence));
};

export const resume: VerbRun = (input) =>
  askOnce(input, 'resume', {}, (value) => input.out.say(value.sentence));

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
    if (outcome.kind !== 'ok' && outcome.kind !== 'lost') return (await told(input.out, outcome)).exit;
    if (!(await ended(pid))) {
      input.out.complain('no', `Tidemark (process ${pid}) is still putting its work down.`);
      return EXIT.no;
    }
    input.out.result({ stopped: true, pid });
    input.out.say('Stopped. Changes made from now on are noticed at the next start.');
    return EXIT.ok;
  });
