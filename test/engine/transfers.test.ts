/** What moves right now, on real devices whose line is held by the test: bytes done, what others send, and quiet again. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Environment } from '../../src/engine/environment/environment.ts';
import type { TransportRequest } from '../../src/engine/environment/transport.ts';
import type { Transfers, TransfersChanged } from '../../src/ipc/events.ts';
import { allHold, call, inStep, put, Stage, type TestDevice, tree, until, value } from './stage.ts';

/** A line on which requests that `holds` names wait until it is opened. */
class HeldLine {
  private readonly waiting: (() => void)[] = [];
  private holds: (request: TransportRequest) => boolean = () => false;

  readonly environment = (env: Environment): Environment => {
    const { transport } = env;
    return {
      ...env,
      transport: {
        get bytesSent() {
          return transport.bytesSent;
        },
        get bytesReceived() {
          return transport.bytesReceived;
        },
        close: () => transport.close(),
        exchange: async (request) => {
          if (this.holds(request)) await new Promise<void>((resolve) => this.waiting.push(resolve));
          return transport.exchange(request);
        },
      },
    };
  };

  hold(holds: (request: TransportRequest) => boolean): void {
    this.holds = holds;
  }

  open(): void {
    this.holds = () => false;
    for (const go of this.waiting.splice(0)) go();
  }
}

const moving = async (device: TestDevice): Promise<Transfers> =>
  value(await device.control.transfers({}, call));

test('a file on its way up and down is told with its bytes, to those who send and those who wait', async (t) => {
  const stage = await Stage.open(t);
  const [upLine, downLine] = [new HeldLine(), new HeldLine()];
  const a = await stage.device('A', { environment: upLine.environment });
  const b = await stage.device('B', { environment: downLine.environment });
  await inStep(a, b);
  const events: TransfersChanged[] = [];
  t.after(a.control.onEvent((event) => event.kind === 'transfers' && events.push(event)));
  let puts = 0;
  upLine.hold(({ path }) => path === '/v1/chunks' && ++puts > 2);
  downLine.hold(({ path }) => path === '/v1/chunks/get');
  const size = 14 * 1024 * 1024;
  put(a, 'd/film.bin', randomBytes(size));
  await until('two chunks are there', async () => ((await moving(a)).files[0]?.bytesDone ?? 0) > 0);
  const up = await moving(a);
  assert.deepEqual(
    up.files.map(({ path, direction, bytesTotal }) => [path, direction, bytesTotal]),
    [['d/film.bin', 'up', size]],
  );
  assert.ok((up.files[0]?.bytesDone ?? 0) < size);
  assert.deepEqual([up.more, up.secondsLeft, up.peers], [0, null, []]);
  await until('B hears of it', async () => (await moving(b)).peers.length > 0);
  assert.deepEqual(
    (await moving(b)).peers.map(({ device, files }) => [device, files]),
    [['A', 1]],
  );
  await until('B hears which file it is, and how far', async () => {
    const [peer] = (await moving(b)).peers;
    return peer?.now[0]?.path === 'd/film.bin' && peer.now[0].bytes === size && peer.now[0].sent > 0;
  });
  await until('an event', () => events.length > 0);
  assert.equal(events[0]?.transfers.files[0]?.path, 'd/film.bin');
  upLine.open();
  await until('B is at it', async () => (await moving(b)).files.length > 0);
  const down = await moving(b);
  assert.deepEqual(
    down.files.map(({ path, direction, bytesDone, bytesTotal }) => [path, direction, bytesDone, bytesTotal]),
    [['d/film.bin', 'down', 0, size]],
  );
  await until('nobody sends any more', async () => (await moving(b)).peers.length === 0);
  downLine.open();
  await allHold([a, b], tree(a));
  for (const each of [a, b]) {
    const { files, more, upRate, downRate, secondsLeft } = await moving(each);
    assert.deepEqual([files, more, upRate, downRate, secondsLeft], [[], 0, 0, 0, null]);
  }
  await until('the last event', () => events.at(-1)?.transfers.files.length === 0);
});

test('a small file is under way from its first byte to its answer', async (t) => {
  const stage = await Stage.open(t);
  const line = new HeldLine();
  const a = await stage.device('A', { environment: line.environment });
  await inStep(a);
  line.hold(({ path }) => path.startsWith('/v1/chunks') || path === '/v1/commit');
  put(a, 'f.txt', 'some');
  await until('it is under way', () => a.engine.transfers.count === 1);
  line.open();
  await inStep(a);
  assert.equal(a.engine.transfers.count, 0);
});
