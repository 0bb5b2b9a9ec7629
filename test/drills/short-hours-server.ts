/**
 * The server as it is, with hours of a sixth of a second: what waits for hours and days in it is over within a drill. It
 * takes the words that `tidemark server` takes.
 */
import { parseArgs } from 'node:util';
import { startServer } from '../../server-stub/main.ts';

const HOUR_MS = 150;
const NEVER_HOURS = 1_000_000;
const MINUTE_MS = 60_000;

const { values } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string' }, port: { type: 'string' }, 'ready-file': { type: 'string' } },
});
const { data, port, 'ready-file': readyFile } = values;
if (data === undefined || readyFile === undefined) throw new Error('--data and --ready-file are missing');

const server = await startServer({
  data,
  port: Number(port ?? 0),
  readyFile,
  limits: {
    waits: {
      hourMs: HOUR_MS,
      releaseHours: 4,
      idleHours: 8,
      quarantineHours: 120,
      orphanHours: 80,
      deviceHours: NEVER_HOURS,
      journalHours: NEVER_HOURS,
      journalRows: NEVER_HOURS,
      collectionHours: 1,
      coldHours: 720,
    },
    // What is neither the newest nor labelled may go at once.
    retention: { allMs: 0, dailyMs: 0, weeklyMs: 0, monthlyMs: 0, trashMs: MINUTE_MS, held: false },
  },
  log: (level, message, facts) => {
    console.error(JSON.stringify({ level, message, ...facts }));
  },
});
let isStopping = false;
const stop = (): void => {
  isStopping = true;
};
process.once('SIGTERM', stop);
while (!isStopping) {
  await server.core.jobs.runDue();
  await new Promise((resolve) => setTimeout(resolve, HOUR_MS / 3));
}
await server.close();
