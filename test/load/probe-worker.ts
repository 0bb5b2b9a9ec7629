/** Reads one head after the other, in a thread of its own: how long each took is not held up by the crowd's own work. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Type } from 'typebox';
import { parserOf, record } from '../../src/protocol/schema.ts';
import { DeviceLine } from './device-line.ts';

const EVERY_MS = 20;
const parseData = parserOf(record({ port: Type.Integer(), token: Type.String() }));
const data = parseData(workerData);
if (data.kind !== 'ok' || parentPort === null) throw new Error('a probe needs a port and a token');
const { port, token } = data.value;

const took: number[] = [];
let failed = 0;
parentPort.on('message', () => parentPort?.postMessage({ took: took.splice(0), failed }));

for (;;) {
  const line = new DeviceLine(port, token);
  try {
    await line.open();
    for (;;) {
      const began = performance.now();
      await line.head();
      took.push(performance.now() - began);
      await pause(EVERY_MS);
    }
  } catch {
    failed += 1;
    line.cut();
    await pause(50);
  }
}
