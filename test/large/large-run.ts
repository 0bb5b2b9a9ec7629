/** One large file, up and down, with client and server killed on the way. */
import assert from 'node:assert/strict';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { familyOf, rssOf } from '../bench/process-files.ts';
import { Fleet, type TestDevice, until } from '../support/devices.ts';
import { CountingLine, type Way } from './counting-line.ts';

const NAME = 'large.bin';
const PIECE = 1024 * 1024;

export interface Leg {
  readonly seconds: number;
  /** All that went over the line, headers included. */
  readonly bytes: number;
  /** Beyond the size of the file. */
  readonly resent: number;
}

export interface LargeFigures {
  readonly size: number;
  readonly up: Leg;
  readonly down: Leg;
  readonly engineRss: number;
  readonly serverRss: number;
}

/** Bytes of chance, so that nothing is saved by packing, and none of them twice. Answers their hash. */
async function writeRandom(path: string, size: number): Promise<string> {
  const stream = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  const zeros = Buffer.alloc(PIECE);
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    for (let at = 0; at < size; at += PIECE) {
      const piece = stream.update(zeros.subarray(0, Math.min(PIECE, size - at)));
      hash.update(piece);
      await file.write(piece);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: PIECE })) hash.update(piece);
  return hash.digest('hex');
}

class Run {
  readonly fleet: Fleet;
  readonly size: number;
  readonly #patienceMs: number;
  engineRss = 0;
  serverRss = 0;
  readonly #sampling: NodeJS.Timeout;

  constructor(fleet: Fleet, size: number) {
    this.fleet = fleet;
    this.size = size;
    this.#patienceMs = 60_000 + size / 5_000;
    this.#sampling = setInterval(() => this.#sample(), 100);
  }

  stop(): void {
    clearInterval(this.#sampling);
  }

  #sample(): void {
    const sum = (pid: number) => familyOf(pid).reduce((bytes, each) => bytes + rssOf(each), 0);
    for (const { pid } of this.fleet.devices) this.engineRss = Math.max(this.engineRss, sum(pid));
    this.serverRss = Math.max(this.serverRss, sum(this.fleet.server.pid));
  }

  /** One way, with the device killed at a third and the server at two thirds of the bytes. */
  async leg(way: Way, device: TestDevice, line: CountingLine, isDone: () => Promise<boolean>): Promise<Leg> {
    const { server } = this.fleet;
    const began = performance.now();
    await this.#reached(line, way, this.size / 3);
    await device.kill();
    line.goOn();
    await device.start();
    await this.#reached(line, way, (this.size * 2) / 3);
    await server.kill();
    line.goOn();
    await server.start();
    const look = async () => ((await isDone()) ? true : null);
    await until(`${NAME} is through`, look, this.#patienceMs);
    const bytes = line.count(way);
    return { seconds: (performance.now() - began) / 1000, bytes, resent: bytes - this.size };
  }

  async #reached(line: CountingLine, way: Way, bytes: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`only ${line.count(way)} of ${bytes} bytes went ${way}`)),
        this.#patienceMs,
      );
    });
    await Promise.race([line.standsAt(way, bytes), late]).finally(() => clearTimeout(timer));
  }
}

/** Throws when a byte is not what it was. */
export async function largeRun(size: number): Promise<LargeFigures> {
  const fleet = await Fleet.open();
  const port = () => Number(new URL(fleet.server.url).port);
  const [up, down] = [await CountingLine.open(port), await CountingLine.open(port)];
  const run = new Run(fleet, size);
  try {
    fleet.addresses.set('a', up.url);
    fleet.addresses.set('b', down.url);
    const a = await fleet.link('a');
    const hash = await writeRandom(a.path(NAME), size);
    const going = a.start();
    const sent = async () => (await a.ask('wait', { timeout: 2 }, 60_000)).done;
    const [upLeg] = await Promise.all([run.leg('up', a, up, sent), going]);
    const b = await fleet.link('b');
    const starting = b.start();
    const there = async () => (await stat(b.path(NAME)).catch(() => null))?.size === size;
    const [downLeg] = await Promise.all([run.leg('down', b, down, there), starting]);
    assert.equal(await hashOf(b.path(NAME)), hash, 'every byte arrived');
    const { engineRss, serverRss } = run;
    return { size, up: upLeg, down: downLeg, engineRss, serverRss };
  } finally {
    run.stop();
    await Promise.all([up.close(), down.close()]);
    await fleet.close();
  }
}
