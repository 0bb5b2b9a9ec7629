/**
 * How fast transfers are over loopback, the server in a process of its own. By hand, nothing is asserted:
 *   node test/remote/measure.ts [MiB of one large file] [number of 1 KiB files]
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNodeDisk } from '../../src/engine/local/node-disk.ts';
import { createServer } from '../../src/engine/remote/create-server.ts';
import { linkDevice } from '../../src/engine/remote/link.ts';
import { createNodeTransport } from '../../src/engine/remote/node-transport.ts';
import type { UploadItem } from '../../src/engine/remote/server.ts';
import { startTestServer } from '../support/server.ts';
import { Linked, REAL_CLOCK } from './linked.ts';
import { contentOf, HASHING, noise, Rig } from './rig.ts';

const MIB = 1024 * 1024;
const BATCH = 1000;

interface Address {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

async function serve(): Promise<void> {
  const far = await startTestServer();
  process.send?.({ url: far.url, user: far.user, password: far.password });
  process.on('message', () => process.send?.({ cpu: cpuSeconds() }));
  process.once('disconnect', () => void far.close());
}

async function measure(mib: number, files: number): Promise<void> {
  const child = fork(import.meta.filename, ['serve']);
  const far = await new Promise<Address>((resolve) =>
    child.once('message', (told) => resolve(told as Address)),
  );
  serverCpu = () =>
    new Promise((resolve) => {
      child.once('message', (told) => resolve((told as { cpu: number }).cpu));
      child.send('cpu');
    });
  try {
    const a = await device(far, 1);
    const b = await device(far, 2);
    await largeFile(a, b, mib);
    await smallFiles(a, b, files);
    for (const each of [a, b]) {
      await each.transport.close();
      await each.rig.disk.close();
      await rm(each.rig.root, { recursive: true });
    }
  } finally {
    child.disconnect();
  }
}

async function device(far: Address, number: number): Promise<Linked> {
  const root = await mkdtemp(join(tmpdir(), 'tidemark-measure-'));
  const disk = await openNodeDisk({ root });
  await disk.prepare();
  const connect = (serverUrl: string) => createNodeTransport({ serverUrl, env: {} });
  const instance = String(number).padStart(32, '0');
  const { url, user, password } = far;
  const request = { user, password, device: `d${number}`, os: 'linux', instance };
  const linked = await linkDevice({ clock: REAL_CLOCK, connect }, url, request);
  if (linked.kind !== 'linked') throw new Error(JSON.stringify(linked));
  const { serverId, token, deviceId } = linked.answer;
  const transport = connect(url);
  const server = createServer({
    transport,
    clock: REAL_CLOCK,
    random: { bytes: (count) => new Uint8Array(count), fraction: () => 0.1 },
    disk,
    hashing: HASHING,
    log: () => {},
    account: { serverUrl: url, serverId, token, instance, generation: 1, device: deviceId },
  });
  return new Linked(new Rig(root, disk), server, transport);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** CPU seconds of the server so far; a process that is measured among others says more by them than by the clock. */
let serverCpu: () => Promise<number> = () => Promise.resolve(0);

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const far = await serverCpu();
  const near = cpuSeconds();
  const began = performance.now();
  await work();
  const wall = (performance.now() - began) / 1000;
  const client = cpuSeconds() - near;
  const server = (await serverCpu()) - far;
  const facts = [`client CPU ${client.toFixed(2)} s`, `server CPU ${server.toFixed(2)} s`];
  console.log(`${what.padEnd(24)} ${wall.toFixed(2).padStart(7)} s, ${facts.join(', ')}`);
}

async function largeFile(a: Linked, b: Linked, mib: number): Promise<void> {
  const content = contentOf(noise(mib * MIB, 1));
  await a.rig.write('large', content.bytes);
  const item = await a.rig.upload('large', content);
  await timed(`${mib} MiB up`, async () => {
    const answer = await a.upload([item]);
    if (answer.outcomes[0]?.kind !== 'committed') throw new Error(JSON.stringify(answer));
  });
  const wanted = [...b.wanted(await b.pull()).values()];
  await timed(`${mib} MiB down`, async () => {
    const result = await b.server.download(wanted);
    if (result.kind !== 'ok' || result.value[0]?.kind !== 'staged') throw new Error('not staged');
  });
}

async function smallFiles(a: Linked, b: Linked, files: number): Promise<void> {
  const items: UploadItem[] = [];
  for (let i = 0; i < files; i += 1) {
    const content = contentOf(noise(1024, i + 10));
    const path = `small/${Math.floor(i / 1000)}/${i}`;
    await a.rig.write(path, content.bytes);
    items.push(await a.rig.upload(path, content, { inMemory: true }));
  }
  await timed(`${files} x 1 KiB up`, async () => {
    for (let at = 0; at < files; at += BATCH) await a.upload(items.slice(at, at + BATCH));
  });
  const wanted = [...b.wanted(await b.pull()).values()];
  await timed(`${files} x 1 KiB down`, async () => {
    let staged = 0;
    for (let at = 0; at < wanted.length; at += BATCH) {
      const result = await b.server.download(wanted.slice(at, at + BATCH));
      if (result.kind === 'ok') staged += result.value.filter((each) => each.kind === 'staged').length;
    }
    if (staged !== files) throw new Error(`${staged} staged`);
  });
}

if (process.argv[2] === 'serve') await serve();
else await measure(Number(process.argv[2] ?? 1024), Number(process.argv[3] ?? 50_000));
