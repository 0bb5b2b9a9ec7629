/**
 * An observer with a device of its own on the server: reads the journal as it grows, over a line that never fails, and
 * can fetch every version that was ever committed.
 */
import { createServer } from '../../src/engine/remote/create-server.ts';
import type { Server, ServerResult } from '../../src/engine/remote/server.ts';
import type { ManifestId } from '../../src/protocol/ids.ts';
import type { Cursor, SnapshotPage } from '../../src/protocol/journal.ts';
import type { ConflictsAnswer } from '../../src/protocol/routes.ts';
import type { SimTime } from './clock.ts';
import { nameOfBytes } from './ledger.ts';
import type { Linked } from './linking.ts';
import { Stream } from './random.ts';
import { type FoldedVersion, ServerFold } from './server-fold.ts';
import { SimDisk } from './sim-disk.ts';
import { fingerprintOf, SimHashing } from './sim-hashing.ts';
import { SimNetwork } from './sim-network.ts';
import type { SimServer } from './sim-server.ts';
import { SimTransport } from './sim-transport.ts';
import { Volume } from './volume.ts';

const LIMIT = 120_000;

export class Auditor {
  readonly fold = new ServerFold();
  readonly #time: SimTime;
  readonly #server: Server;
  #cursor: Cursor | null = null;

  constructor(time: SimTime, host: SimServer, linked: Linked) {
    this.#time = time;
    const domain = time.domain('auditor');
    const stream = new Stream(0, 'auditor');
    const disk = new SimDisk({
      volume: new Volume(time),
      domain,
      schedule: stream,
      fingerprint: fingerprintOf,
    });
    this.#server = createServer({
      transport: new SimTransport(host, new SimNetwork(stream), domain),
      clock: domain,
      random: stream,
      log: () => undefined,
      account: { ...linked, generation: 1, device: 'auditor' },
      disk,
      hashing: new SimHashing(disk),
    });
  }

  /** Reads whatever was committed since the last time. */
  async read(): Promise<void> {
    for (;;) {
      const page = await this.#ask('journal', () => this.#server.journal(this.#cursor, 2000));
      if (page.kind === 'resync') throw new Error(`the auditor's cursor was refused: ${page.why}`);
      for (const event of page.events) this.fold.apply(event);
      this.#cursor = page.next;
      if (!page.hasMore) return;
    }
  }

  async conflicts(): Promise<ConflictsAnswer['conflicts']> {
    return (await this.#ask('conflicts', () => this.#server.conflicts())).conflicts;
  }

  /** The namespace as a snapshot gives it; it must be the fold of the journal. */
  async compareSnapshot(): Promise<void> {
    const snapshot = new Map<string, boolean>();
    let continuation: string | null = null;
    do {
      const from: string | null = continuation;
      const page: SnapshotPage = await this.#ask('snapshot', () => this.#server.snapshot(from));
      for (const event of page.events) snapshot.set(event.node, event.entry.live);
      continuation = page.continuation;
    } while (continuation !== null);
    for (const node of this.fold.nodes.values()) {
      if (snapshot.get(node.node) !== node.live && node.live) {
        this.fold.faults.push(`I6 ${node.name} lives in the journal and not in the snapshot`);
      }
      if (snapshot.get(node.node) === true && !node.live) {
        this.fold.faults.push(`I6 ${node.name} lives in the snapshot and not in the journal`);
      }
    }
  }

  async bytesOf(version: FoldedVersion): Promise<Uint8Array> {
    const manifest = await this.#ask('manifest', () => this.#server.manifest(version.content as ManifestId));
    const want = [...new Set(manifest.chunks.map((chunk) => chunk.id))];
    const chunks = want.length === 0 ? new Map() : await this.#ask('chunks', () => this.#server.chunks(want));
    const parts = manifest.chunks.map((chunk) => chunks.get(chunk.id));
    if (parts.includes(undefined)) throw new Error(`I10 a chunk of ${version.id} is missing`);
    return new Uint8Array(Buffer.concat(parts));
  }

  /** Every version that was ever committed comes back bit for bit. */
  async checkRestores(): Promise<void> {
    const checked = new Set<string>();
    for (const version of this.fold.versions.values()) {
      if (version.content.startsWith('link:') || checked.has(version.content)) continue;
      checked.add(version.content);
      if (nameOfBytes(await this.bytesOf(version)) !== version.content) {
        this.fold.faults.push(`I10 version ${version.number} of ${version.node} comes back changed`);
      }
    }
  }

  /** A call that cannot fail on this line, but for a server that restarts meanwhile. */
  async #ask<T>(what: string, call: () => Promise<ServerResult<T>>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#time.drive(call(), LIMIT, `the auditor's ${what}`);
      if (result.kind === 'ok') return result.value;
      if (attempt >= 5) throw new Error(`the auditor's ${what} failed: ${result.code} ${result.detail}`);
    }
  }
}
