/** Lines that are slow, dead or interrupted, and servers that come and go. */
import assert from 'node:assert/strict';
import { drippingAnswer, drippingRequest, meanwhile } from './faults.ts';
import type { NetworkCase } from './network-case.ts';
import { type NetworkRig, pause } from './rig.ts';

/** The engine's own patience with one call is half a minute, with a parked poll a minute: dead lines are noticed by it. */
const NOTICED_MS = 90_000;
const OFFLINE = /^Offline: the server at http:\/\/127\.0\.0\.1:\d+ cannot be reached\. /;
const BEHIND = /^(Sync delayed, the oldest change has waited for \d+ s\. )?Syncing( \d+ of \d+)?\./;

async function restart(rig: NetworkRig, end: 'stop' | 'kill'): Promise<void> {
  await rig.fleet.server[end]();
  await rig.fleet.server.start();
}

const RESTART_AT = [
  ['/v1/sessions', 'after'],
  ['/v1/chunks', 'before'],
  ['/v1/chunks', 'after'],
  ['/v1/finalize', 'before'],
  ['/v1/finalize', 'after'],
  ['/v1/commit', 'before'],
  ['/v1/commit', 'after'],
] as const;

const RESTARTS: readonly NetworkCase[] = (['stop', 'kill'] as const).flatMap((end) =>
  RESTART_AT.map(([path, when]) => ({
    name: `the server is ended (${end}) and started again ${when} it has ${path}`,
    run: async (rig) => {
      const again = { done: Promise.resolve() };
      const act = async (): Promise<void> => {
        again.done = restart(rig, end);
        if (end === 'kill' || when === 'before') await again.done;
      };
      const rule = rig.writerLine.arm({ routes: [path], times: 1, fault: meanwhile(when, act) });
      await rig.work();
      await rig.struck(rule);
      await again.done;
    },
  })),
);

const SLOW: readonly NetworkCase[] = [
  {
    name: 'a line of 300 ms each way',
    run: async (rig) => {
      for (const line of [rig.writerLine, rig.readerLine]) line.shape({ latencyMs: 300 });
      await rig.work();
      await rig.settledSaying(/^Offline/);
    },
  },
  {
    name: 'a line of 400 KB/s: small edits overtake the large one',
    run: async (rig) => {
      for (const line of [rig.writerLine, rig.readerLine]) line.shape({ bytesPerSecond: 400_000 });
      await rig.bigEdit(24_000_000);
      await rig.says(rig.writer, /^(Sync delayed.*)?Syncing/);
      await pause(2000);
      const began = performance.now();
      await rig.smallEdit();
      await rig.smallArrived();
      const seconds = (performance.now() - began) / 1000;
      assert.ok(seconds < 30, `the small edit took ${seconds.toFixed(1)} s`);
      await rig.settledSaying(/^Offline/);
    },
  },
  {
    name: 'a line of 48 KB/s up: a large file arrives without one call given up',
    run: async (rig) => {
      rig.writerLine.shape({ bytesPerSecond: 48_000 });
      const before = rig.writerLine.bytesUp;
      await rig.bigEdit(8_000_000);
      // Three minutes, were the line never idle; what is asserted is that nothing was sent twice.
      await rig.settledSaying(/^Offline/, 600_000);
      const sent = rig.writerLine.bytesUp - before;
      assert.ok(sent < 8_400_000, `${sent} bytes sent`);
    },
  },
];

const DRIPS: readonly NetworkCase[] = (['/v1/commit', '/v1/journal', '/v1/chunks/get'] as const).map(
  (path) => ({
    name: `the answer to ${path} comes byte by byte and never ends`,
    run: async (rig) => {
      const line = path === '/v1/commit' ? rig.writerLine : rig.readerLine;
      const device = path === '/v1/commit' ? rig.writer : rig.reader;
      const rule = line.arm({ routes: [path], times: 1, fault: drippingAnswer(1, 1000) });
      await rig.work();
      await rig.struck(rule);
      // Of what the journal would tell nothing is known yet, so there is nothing to say of it.
      if (path !== '/v1/journal') await rig.says(device, BEHIND);
      await rig.settled(NOTICED_MS);
    },
  }),
);

const DRIPPED_REQUEST: NetworkCase = {
  name: 'a request reaches the server byte by byte and never whole',
  run: async (rig) => {
    const rule = rig.writerLine.arm({ routes: ['/v1/commit'], times: 1, fault: drippingRequest(1, 1000) });
    await rig.work();
    await rig.struck(rule);
    await rig.says(rig.writer, BEHIND);
    await rig.settled(NOTICED_MS);
  },
};

const DEAD: readonly NetworkCase[] = [
  {
    name: 'the connections of the writer die silently; new ones work',
    run: async (rig) => {
      rig.writerLine.vanish(false);
      await rig.work();
      await rig.settled(NOTICED_MS);
    },
  },
  {
    name: 'the connections of the reader die silently; new ones work',
    run: async (rig) => {
      rig.readerLine.vanish(false);
      await rig.work();
      await rig.settled(NOTICED_MS);
    },
  },
  {
    name: 'the line of both dies silently and stays dead until they say so',
    run: async (rig) => {
      for (const line of [rig.writerLine, rig.readerLine]) line.vanish(true);
      await rig.work();
      await rig.says(rig.writer, /^Sync delayed, the oldest change has waited for \d+ s\./);
      await rig.says(rig.writer, OFFLINE, NOTICED_MS);
      await rig.says(rig.reader, OFFLINE, NOTICED_MS);
    },
  },
  {
    name: 'every connection is cut again and again',
    run: async (rig) => {
      for (let round = 0; round < 12; round += 1) {
        await rig.smallEdit();
        rig.writerLine.drop();
        rig.readerLine.drop('closed');
        await rig.smallArrived();
      }
      await rig.work();
    },
  },
  {
    name: 'nobody is at the address for a while',
    run: async (rig) => {
      await rig.fleet.server.kill();
      await rig.work();
      const { pendingUploads } = await rig.says(rig.writer, OFFLINE);
      assert.ok(pendingUploads > 0);
      await rig.says(rig.reader, OFFLINE);
      await rig.fleet.server.start();
    },
  },
];

export const LINES: readonly NetworkCase[] = [...RESTARTS, ...SLOW, ...DRIPS, DRIPPED_REQUEST, ...DEAD];
