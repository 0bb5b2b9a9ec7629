/**
 * A real server and two real devices, each behind a proxy of its own, and a ledger of what was done: in the end both
 * folders hold exactly that, and the server has counted exactly so many changes.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '../../src/ipc/status.ts';
import { Fleet, pause, type TestDevice, until } from '../support/devices.ts';
import { type ArmedRule, FaultProxy } from './fault-proxy.ts';

/** More than goes into one request, so that an upload has every step. */
const BIG_BYTES = 4_400_000;
const SMALL = 'small.txt';
const BIG = 'big.bin';
const SETTLE_MS = 240_000;

interface Entry {
  readonly hash: string;
  readonly versions: number;
}

export class NetworkRig {
  readonly fleet: Fleet;
  readonly writer: TestDevice;
  readonly reader: TestDevice;
  readonly writerLine: FaultProxy;
  readonly readerLine: FaultProxy;
  /** What both folders have to hold. */
  readonly #ledger = new Map<string, Entry>();
  /** How many changes the server must have counted. */
  #changes = 0;
  #round = 0;

  private constructor(fleet: Fleet, lines: readonly [FaultProxy, FaultProxy]) {
    this.fleet = fleet;
    [this.writerLine, this.readerLine] = lines;
    const [writer, reader] = fleet.devices;
    assert.ok(writer && reader);
    this.writer = writer;
    this.reader = reader;
  }

  static async open(): Promise<NetworkRig> {
    const fleet = await Fleet.open();
    const port = Number(new URL(fleet.server.url).port);
    const lines = [await FaultProxy.open(port), await FaultProxy.open(port)] as const;
    try {
      fleet.addresses.set('Writer', lines[0].url);
      fleet.addresses.set('Reader', lines[1].url);
      for (const name of fleet.addresses.keys()) await (await fleet.link(name)).start();
      const rig = new NetworkRig(fleet, lines);
      await rig.#furnish();
      return rig;
    } catch (error) {
      await fleet.close();
      for (const line of lines) await line.close();
      throw error;
    }
  }

  async #furnish(): Promise<void> {
    await mkdir(this.writer.path('moved'));
    await writeFile(this.writer.path('moved/0.txt'), 'goes from name to name\n');
    await this.#enter('moved/0.txt', 2);
    await this.settled();
    await this.work();
    await this.settled();
  }

  async close(): Promise<void> {
    await this.fleet.close();
    await Promise.all([this.writerLine.close(), this.readerLine.close()]);
  }

  heal(): void {
    this.writerLine.heal();
    this.readerLine.heal();
  }

  /** One small edit, one large, one move: every kind of request there is in daily work. */
  async work(): Promise<void> {
    await this.smallEdit();
    await this.bigEdit();
    this.#round += 1;
    const [from, to] = [`moved/${this.#round - 1}.txt`, `moved/${this.#round}.txt`];
    await rename(this.writer.path(from), this.writer.path(to));
    const entry = this.#ledger.get(from);
    assert.ok(entry);
    this.#ledger.delete(from);
    this.#ledger.set(to, entry);
    this.#changes += 1;
  }

  async smallEdit(): Promise<void> {
    const before = await readFile(this.writer.path(SMALL)).catch(() => Buffer.alloc(0));
    await this.#save(SMALL, Buffer.concat([before, Buffer.from(`${randomBytes(16).toString('hex')}\n`)]));
  }

  bigEdit(bytes = BIG_BYTES): Promise<void> {
    return this.#save(BIG, randomBytes(bytes));
  }

  /** Put there in one piece: a slow machine may take longer over a write than a file needs to count as saved. */
  async #save(path: string, bytes: Buffer): Promise<void> {
    const aside = join(this.fleet.root, 'saved');
    await writeFile(aside, bytes);
    await rename(aside, this.writer.path(path));
    await this.#enter(path, 1);
  }

  async #enter(path: string, changes: number): Promise<void> {
    const hash = hashOf(await readFile(this.writer.path(path)));
    this.#ledger.set(path, { hash, versions: (this.#ledger.get(path)?.versions ?? 0) + 1 });
    this.#changes += changes;
  }

  /** Everything arrived once, nothing else did, and both devices say so. */
  async settled(ms = SETTLE_MS): Promise<void> {
    const picture = await this.fleet.converge(ms);
    const found = new Map<string, string>();
    for (const [path, thing] of picture) if (thing.kind === 'file') found.set(path, thing.hash);
    const wanted = new Map([...this.#ledger].map(([path, { hash }]) => [path, hash]));
    assert.deepEqual(new Map([...found].sort()), new Map([...wanted].sort()), 'what the folders hold');
    for (const [path, { versions }] of this.#ledger) {
      const { nodes } = await this.reader.ask('history', { path });
      const found = nodes.filter(({ live }) => live).map((node) => node.versions);
      const latest = JSON.stringify(found.map((rows) => rows.slice(0, 4)));
      assert.deepEqual(
        found.map((rows) => rows.length),
        [versions],
        `versions of ${path}, the latest: ${latest}`,
      );
    }
    for (const device of this.fleet.devices) {
      const status = await until(`${device.name} is up to date`, async () => {
        const now = await device.status();
        return now.state === 'up-to-date' ? now : null;
      });
      assert.equal(status.serverHead, this.#changes, 'changes that the server has counted');
      assert.deepEqual([status.conflicts, status.problems, status.review], [0, 0, 0], status.sentence);
    }
  }

  /** Waits until a device's own words fit; answers with them. */
  says(device: TestDevice, what: RegExp, ms = 30_000): Promise<Status> {
    let last = '';
    return until(
      `${device.name} says ${what}`,
      async () => {
        const status = await device.status();
        last = status.sentence;
        return what.test(last) ? status : null;
      },
      ms,
    ).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}; it says: ${last}`);
    });
  }

  /** As `settled`, on a line that is bad but not broken: nobody says meanwhile what is not so. */
  async settledSaying(never: RegExp, ms = SETTLE_MS): Promise<void> {
    const heard = new Set<string>();
    let over = false;
    const listening = (async () => {
      for (; !over; await pause(200))
        for (const device of this.fleet.devices) heard.add((await device.status()).sentence);
    })();
    try {
      await this.settled(ms);
    } finally {
      over = true;
      await listening;
    }
    assert.deepEqual(
      [...heard].filter((sentence) => never.test(sentence)),
      [],
    );
  }

  /** The last small edit stands in the reader's folder. */
  async smallArrived(): Promise<void> {
    const wanted = this.#ledger.get(SMALL)?.hash;
    await until(
      'the small edit arrives',
      async () => {
        const bytes = await readFile(this.reader.path(SMALL)).catch(() => null);
        return bytes !== null && hashOf(bytes) === wanted ? true : null;
      },
      120_000,
    );
  }

  async struck(rule: ArmedRule, count = 1): Promise<void> {
    const enough = () => Promise.resolve(rule.strikes >= count ? true : null);
    await until(`${count} strikes of ${rule.routes?.join(', ')}`, enough, 60_000);
  }
}

export { pause };

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
