/** A real server process over loopback: commits, the journal, and heads under a collection of all that was committed. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Claim } from '../../src/protocol/claims.ts';
import { encodeFrames, type Frame } from '../../src/protocol/frames.ts';
import type { Cursor } from '../../src/protocol/journal.ts';
import { JournalAnswer } from '../../src/protocol/routes.ts';
import { Figures } from '../drills/figures.ts';
import { makeCrowd } from '../load/crowd.ts';
import { Probe } from '../load/probe.ts';
import { fileOf, linkDevice, parsedAs, type WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { TestServer } from '../support/devices.ts';
import { command } from '../support/processes.ts';
import { type Figure, perSecond, timed } from './figure.ts';

const BATCH = 500;
const FILE_BYTES = 300;
/** Devices that send one version each at a time. */
const SINGLES = 16;
const IDLE_MS = 6000;
const ME = { user: 'anna', password: 'a password for figures' };

export async function commits(scale: number): Promise<readonly Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'tidemark-figures-'));
  const server = new TestServer(root);
  try {
    const [token = ''] = await makeCrowd(server.data, 1);
    await server.start();
    await writeFile(join(root, 'password'), `${ME.password}\n`);
    const who = ['--name', ME.user, '--password-file', join(root, 'password')];
    const added = await command(['user', 'add', '--data', server.data, ...who]);
    assert.equal(added.code, 0, added.stderr);
    const wire = new Wire(server.url);
    const devices: WireDevice[] = [];
    for (let number = 0; number < SINGLES; number += 1)
      devices.push(await linkDevice(wire, ME, `device ${number}`));
    const figures = [
      await batched(devices[0]!, Math.ceil(60 * scale)),
      await unbatched(devices, Math.ceil(250 * scale)),
      await journalRead(devices[0]!),
    ];
    await wire.close();
    return [...figures, ...(await underCollection(server, token))];
  } finally {
    await server.kill();
    await rm(root, { recursive: true, force: true });
  }
}

/** A request of so many small new files, put together before the clock runs. */
function requestOf(device: WireDevice, count: number): Uint8Array {
  const frames: Frame[] = [];
  const claims: Claim[] = [];
  for (let number = 0; number < count; number += 1) {
    const file = fileOf(randomBytes(FILE_BYTES));
    frames.push(...file.frames);
    claims.push(device.create(`${device.name} ${device.key}.txt`, file.content));
  }
  return encodeFrames({ json: { claims, settledBelow: 0, cursor: null }, frames });
}

async function send(device: WireDevice, body: Uint8Array, count: number): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream', ...device.headers() };
  const answer = await device.wire.send('POST', '/v1/commit', body, { headers });
  const committed = answer.body.toString('latin1').split('"kind":"committed"').length - 1;
  assert.equal(committed, count, answer.body.toString('utf8').slice(0, 300));
}

async function batched(device: WireDevice, batches: number): Promise<Figure> {
  const bodies = Array.from({ length: batches }, () => requestOf(device, BATCH));
  await send(device, requestOf(device, BATCH), BATCH);
  const { ms } = await timed(async () => {
    for (const body of bodies) await send(device, body, BATCH);
  });
  return {
    what: `small versions committed, ${BATCH} in a request, one device`,
    value: perSecond(batches * BATCH, ms),
    aim: '≥ 5,000/s',
  };
}

async function unbatched(devices: readonly WireDevice[], each: number): Promise<Figure> {
  const bodies = devices.map((device) => Array.from({ length: each }, () => requestOf(device, 1)));
  const { ms } = await timed(() =>
    Promise.all(
      devices.map(async (device, index) => {
        for (const body of bodies[index] ?? []) await send(device, body, 1);
      }),
    ),
  );
  return {
    what: `small versions committed, one in a request, ${devices.length} devices`,
    value: perSecond(devices.length * each, ms),
    aim: '≥ 1,000/s',
  };
}

async function journalRead(device: WireDevice): Promise<Figure> {
  const { value, ms } = await timed(async () => {
    let count = 0;
    for (let cursor: Cursor | null = null; ; ) {
      const headers = { 'content-type': 'application/json', ...device.headers() };
      const asked = JSON.stringify({ cursor, limit: 2000 });
      const answer = await device.wire.send('POST', '/v1/journal', asked, { headers });
      // Only the end of a page is read here: what a reader does with its rows is not the server's time.
      const text = answer.body.toString('latin1');
      const page: { readonly next: Cursor; readonly hasMore: boolean } = tailOf(text);
      count += text.split('"cause":').length - 1;
      cursor = page.next;
      if (!page.hasMore) return count;
    }
  });
  return {
    what: 'events of the journal read, 2,000 in a page',
    value: perSecond(value, ms),
    aim: '≥ 100,000/s',
  };
}

/** Everything of a page but its events, which come before. */
function tailOf(text: string): { readonly next: Cursor; readonly hasMore: boolean } {
  const at = text.lastIndexOf('"next":');
  const answer = JSON.parse(`{"kind":"page","events":[],${text.slice(at)}`) as unknown;
  const parsed = parsedAs(JournalAnswer, {
    status: 200,
    headers: {},
    body: Buffer.from(JSON.stringify(answer)),
  });
  assert.equal(parsed.kind, 'page');
  return parsed;
}

async function underCollection(server: TestServer, token: string): Promise<readonly Figure[]> {
  await server.stop();
  const db = new Database(join(server.data, 'metadata.sqlite'));
  db.exec("DELETE FROM job_rounds WHERE job = 'collection'");
  db.close();
  await server.start();
  const probe = new Probe(Number(new URL(server.url).port), token);
  const { ms } = await timed(async () => {
    for (;;) {
      const figures = await Figures.of(server.url);
      if (figures.get('tidemark_job_last_end_seconds{job="collection"}') > 0) return;
      await pause(500);
    }
  });
  const busy = await probe.times();
  await pause(IDLE_MS);
  const idle = await probe.times();
  await probe.close();
  return [
    {
      what: `p99 of heads read while all is collected (${Math.round(ms / 1000)} s, ${busy.count} reads)`,
      value: `${busy.p99.toFixed(1)} ms, ${(busy.p99 / idle.p99).toFixed(1)} x idle (${idle.p99.toFixed(1)} ms)`,
      aim: '≤ 3 x idle',
    },
  ];
}
