/**
 * An observer with a device of its own on the server: reads the journal as it grows, over a line that never fails, and
 * can fetch every version that was ever committed.
 */
import { createServer } from '../../src/engine/remote/create-server.ts';
import type { Server, ServerResult } from '../../src/engine/remote/server.ts';
import { createShareCalls, type ShareCalls } from '../../src/engine/remote/share-calls.ts';
import {
  type Epoch,
  type ManifestId,
  type NodeId,
  ROOT_NODE,
  type VersionId,
} from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent, SnapshotPage } from '../../src/protocol/journal.ts';
import type { ConflictsAnswer } from '../../src/protocol/routes.ts';
import { snapshotFaults } from './checks/server-tree.ts';
import type { SimTime } from './clock.ts';
import { type ContentName, nameOfBytes } from './ledger.ts';
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
  fold = new ServerFold();
  readonly #time: SimTime;
  readonly #server: Server;
  /** As the user whose device this is. */
  readonly shareCalls: ShareCalls;
  #cursor: Cursor | null = null;
  /** Every incarnation of the journal, oldest first. */
  readonly epochs: Epoch[] = [];
  /** The versions of histories that ended. */
  readonly former: FoldedVersion[] = [];

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
    const speaker = {
      transport: new SimTransport(host, new SimNetwork(stream), domain),
      clock: domain,
      random: stream,
      log: () => undefined,
      account: { ...linked, generation: 1, device: 'auditor' },
    };
    this.#server = createServer({ ...speaker, disk, hashing: new SimHashing(disk) });
    this.shareCalls = createShareCalls(speaker);
  }

  /** Reads whatever was committed since the last time; begins anew when the server's history did. */
  async read(): Promise<void> {
    for (;;) {
      const page = await this.#ask('journal', () => this.#server.journal(this.#cursor, 2000));
      if (page.kind === 'resync') {
        await this.#beginAnew();
        continue;
      }
      if (this.epochs.at(-1) !== page.next.epoch) this.epochs.push(page.next.epoch);
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
    const { states, at } = await this.#snapshot();
    await this.read();
    if (at.seq === this.fold.seq) this.fold.faults.push(...snapshotFaults(this.fold, states));
  }

  async bytesOf(version: FoldedVersion): Promise<Uint8Array> {
    const bytes = await this.#read(version);
    if (bytes === null) throw new Error(`I10 a chunk of ${version.id} is missing`);
    return bytes;
  }

  /** null: a chunk of it is missing. */
  async #read(version: FoldedVersion): Promise<Uint8Array | null> {
    const manifest = await this.#ask('manifest', () => this.#server.manifest(version.content as ManifestId));
    const want = [...new Set(manifest.chunks.map((chunk) => chunk.id))];
    const chunks = want.length === 0 ? new Map() : await this.#ask('chunks', () => this.#server.chunks(want));
    const parts = manifest.chunks.map((chunk) => chunks.get(chunk.id));
    if (parts.includes(undefined)) return null;
    return new Uint8Array(Buffer.concat(parts));
  }

  /** Every version that was ever committed comes back bit for bit. */
  async checkRestores(): Promise<string[]> {
    const faults: string[] = [];
    const whole = new Set<ContentName>();
    for (const version of this.fold.versions.values()) {
      if (version.content.startsWith('link:') || whole.has(version.content)) continue;
      whole.add(version.content);
      if (nameOfBytes(await this.bytesOf(version)) !== version.content)
        faults.push(`I10 version ${version.number} of ${version.node} comes back changed`);
    }
    return faults;
  }

  /** Where history is let go: is it still there, byte for byte? */
  async stateOf(id: VersionId): Promise<'whole' | 'changed' | 'gone'> {
    const version = this.fold.versions.get(id);
    if (version === undefined) throw new Error(`the journal never told of ${id}`);
    const bytes = await this.#read(version);
    return bytes === null ? 'gone' : nameOfBytes(bytes) === version.content ? 'whole' : 'changed';
  }

  /** True if it is one chunk of its own. */
  async isSmall(id: VersionId): Promise<boolean> {
    const content = this.fold.versions.get(id)?.content;
    const manifest = await this.#ask('manifest', () => this.#server.manifest(content as ManifestId));
    return manifest.chunks.length === 1;
  }

  async label(version: VersionId, name: string): Promise<string> {
    return this.#told(await this.#time.drive(this.#server.label(version, name), LIMIT, 'a label'));
  }

  async hold(node: NodeId, why: string | null): Promise<string> {
    return this.#told(await this.#time.drive(this.#server.hold(node, why), LIMIT, 'a hold'));
  }

  #told(result: ServerResult<unknown>): string {
    return result.kind === 'ok' ? 'ok' : result.code;
  }

  /** Versions of a file that can be had; none of one that is forgotten. */
  async historyOf(node: NodeId): Promise<readonly VersionId[]> {
    const result = await this.#time.drive(this.#server.history(node), LIMIT, 'a history');
    if (result.kind !== 'ok' && result.code === 'not-found') return [];
    const { versions } = await this.#ask('history', () => this.#server.history(node));
    return versions.map(({ version }) => version);
  }

  /** The server's history branched (I19): what counts is what it says now, with all versions it still has. */
  async #beginAnew(): Promise<void> {
    const { states, at } = await this.#snapshot();
    const fold = new ServerFold(at.seq);
    for (const event of states) fold.put(event);
    for (const { node, head } of states) {
      if (head === null || node === ROOT_NODE) continue;
      const history = await this.#ask('history', () => this.#server.history(node));
      for (const version of history.versions) fold.noteVersion(node, version);
    }
    this.former.push(...this.fold.versions.values());
    this.fold = fold;
    this.#cursor = at;
  }

  async #snapshot(): Promise<{ readonly states: readonly JournalEvent[]; readonly at: Cursor }> {
    const states = new Map<string, JournalEvent>();
    for (let continuation: string | null = null; ; ) {
      const from: string | null = continuation;
      const page: SnapshotPage = await this.#ask('snapshot', () => this.#server.snapshot(from));
      for (const event of page.events) states.set(event.node, event);
      continuation = page.continuation;
      if (continuation === null) return { states: [...states.values()], at: page.at };
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
