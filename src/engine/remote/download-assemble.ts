/**
 * Assembles one large file in staging: what a killed attempt left is kept where it verifies, what local files have is
 * copied and verified, the rest is fetched. Whatever is in place has been hashed in place or on its way there.
 */
import type { Manifest, ManifestChunk } from '../../core/manifest/manifest.ts';
import { byteEntropy, ENTROPY_SAMPLE } from '../../core/planner/overwrites.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Disk, DiskFailure, DiskOutcome, Done, StagedWriter } from '../environment/disk.ts';
import type { Hashing } from '../environment/hashing.ts';
import { type Buffers, largestSize } from './buffers.ts';
import { isChunk } from './chunk-hash.ts';
import { codeOfDisk } from './disk-facts.ts';
import { type ChunkFetcher, FETCH_BYTES, thawingIn } from './download-chunks.ts';
import type { PlannedFile } from './download-plan.ts';
import type { DownloadReport } from './download-report.ts';
import { ReusedFiles } from './download-reuse.ts';
import { lackOfRoom } from './room.ts';
import type { ServerTrouble } from './server.ts';
import { inLanes } from './slots.ts';

export interface AssembleParts {
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly fetcher: ChunkFetcher;
  readonly report: DownloadReport;
  readonly buffers: Buffers;
}

const LANES = 4;
/** Chunks of one request that may be answered by deltas: little travels, so more are asked for at once. */
const DELTA_CHUNKS = 16;
const DELTA_BYTES = 24 * 1024 * 1024;

/** A chunk at its place in the file. */
interface Place {
  readonly index: number;
  readonly id: ChunkId;
  readonly size: number;
  readonly offset: number;
}

export async function assemble(parts: AssembleParts, file: PlannedFile): Promise<void> {
  const opened = await parts.disk.stageOpen(file.item.staged);
  if (opened.kind === 'failed') {
    parts.report.failed(file.item, codeOfDisk(opened), opened.detail);
    return;
  }
  const reused = new ReusedFiles(parts.disk, parts.hashing, file.item.reuse, file.manifest);
  try {
    await new Assembly(parts, file, opened.writer, reused).run();
  } finally {
    await reused.close();
  }
}

class Assembly {
  readonly #parts: AssembleParts;
  readonly #file: PlannedFile;
  readonly #writer: StagedWriter;
  readonly #reused: ReusedFiles;
  /** Places of each chunk that is not in the file yet. */
  readonly #missing = new Map<ChunkId, Place[]>();
  #failure: { readonly code: ErrorCode; readonly detail: string } | null = null;
  /** Parts of it come back later, the last of them then. */
  #thawing: ServerTrouble | null = null;

  constructor(parts: AssembleParts, file: PlannedFile, writer: StagedWriter, reused: ReusedFiles) {
    this.#parts = parts;
    this.#file = file;
    this.#writer = writer;
    this.#reused = reused;
  }

  async run(): Promise<void> {
    for (const place of await this.#notHere()) {
      const same = this.#missing.get(place.id);
      if (same === undefined) this.#missing.set(place.id, [place]);
      else same.push(place);
    }
    const missing = this.#missingBytes();
    this.#parts.report.came(this.#file.item, this.#file.manifest.size - missing);
    const lack = await lackOfRoom(this.#parts.disk, missing);
    if (lack !== null) this.#fail(lack);
    await inLanes(this.#groups(), LANES, (group) => this.#bring(group));
    await this.#finish();
  }

  /** The places whose bytes have to be fetched. */
  async #notHere(): Promise<readonly Place[]> {
    const places = placesOf(this.#file.manifest);
    const room = this.#parts.buffers.lease(largestSize(places));
    try {
      return await this.#withoutLocal(await this.#withoutLeftovers(places, room), room);
    } finally {
      this.#parts.buffers.release(room);
    }
  }

  /** Keeps what an earlier attempt left in staging, where it is what belongs there. */
  async #withoutLeftovers(places: readonly Place[], room: Uint8Array): Promise<readonly Place[]> {
    const left: Place[] = [];
    for (const [i, place] of places.entries()) {
      const read = await this.#writer.read(place.offset, place.size, room);
      const bytes = read.kind === 'bytes' ? read.bytes : null;
      // Nothing here: nothing beyond either.
      if (bytes === null || bytes.length === 0) return [...left, ...places.slice(i)];
      if (!isChunk(this.#parts.hashing, place.id, bytes)) left.push(place);
    }
    return left;
  }

  /** Copies what local files have, in long runs, and reads back what was copied. */
  async #withoutLocal(places: readonly Place[], room: Uint8Array): Promise<readonly Place[]> {
    const left: Place[] = [];
    for (const run of this.#reused.runs(places)) {
      const first = run.places[0]!;
      const last = run.places.at(-1)!;
      const length = last.offset + last.size - first.offset;
      const source = run.source;
      const copied =
        source !== null && this.#failure === null
          ? await this.#writer.copyFrom(source.path, source.offset, first.offset, length)
          : null;
      if (copied?.kind === 'failed' && copied.trouble === 'full') this.#fail(copied);
      if (copied?.kind === 'done') left.push(...(await this.#unverified(run.places, room)));
      else left.push(...run.places);
    }
    return left;
  }

  async #unverified(places: readonly Place[], room: Uint8Array): Promise<readonly Place[]> {
    const wrong: Place[] = [];
    for (const place of places) {
      const read = await this.#writer.read(place.offset, place.size, room);
      if (read.kind !== 'bytes' || !isChunk(this.#parts.hashing, place.id, read.bytes)) wrong.push(place);
    }
    return wrong;
  }

  #missingBytes(): number {
    let bytes = 0;
    for (const places of this.#missing.values()) for (const { size } of places) bytes += size;
    return bytes;
  }

  /** Missing chunks in file order, as many to a request as its answer may hold. */
  *#groups(): Generator<readonly Place[]> {
    const delta = this.#reused.any;
    const mostBytes = delta ? DELTA_BYTES : FETCH_BYTES / 2;
    const most = delta ? DELTA_CHUNKS : LIMITS.chunksPerBody;
    let group: Place[] = [];
    let bytes = 0;
    for (const [place] of this.#missing.values()) {
      if (place === undefined) continue;
      if (group.length > 0 && (group.length >= most || bytes + place.size > mostBytes)) {
        yield group;
        group = [];
        bytes = 0;
      }
      group.push(place);
      bytes += place.size;
    }
    if (group.length > 0) yield group;
  }

  async #bring(group: readonly Place[]): Promise<void> {
    const { fetcher, report } = this.#parts;
    if (this.#failure !== null || report.stopped) return;
    const fetched = await fetcher.bring({
      want: new Map(group.map(({ id, size }) => [id, size])),
      have: this.#reused.nearby(group.map((place) => place.index)),
      source: (id) => this.#reused.read(id),
      accept: (id, bytes) => this.#write(id, bytes),
      keeps: false,
    });
    for (const why of fetched.failed.values()) this.#failure ??= { code: 'damaged-download', detail: why };
    const thawing = thawingIn(fetched.trouble);
    // The others are asked for all the same: so everything is brought back at once, and not one part after the other.
    if (thawing !== null && thawing.retryAfterMs >= (this.#thawing?.retryAfterMs ?? 0))
      this.#thawing = thawing;
    if (fetched.trouble !== null && thawing === null) report.stop(fetched.trouble);
  }

  async #write(id: ChunkId, bytes: Uint8Array): Promise<boolean> {
    for (const place of this.#missing.get(id) ?? []) {
      const written: DiskOutcome<Done> = await this.#writer.write(place.offset, bytes);
      if (written.kind === 'failed') this.#fail(written);
      else this.#parts.report.came(this.#file.item, place.size);
    }
    this.#missing.delete(id);
    return this.#failure === null;
  }

  async #finish(): Promise<void> {
    const { item, manifest } = this.#file;
    const { report } = this.#parts;
    if (this.#failure !== null || this.#missing.size > 0) {
      // The partial file stays for the next attempt, unless it is in the way of everything else.
      await this.#writer.abandon();
      if (this.#failure?.code === 'disk-full') await this.#parts.disk.eraseStaged([item.staged]);
      const waits = this.#thawing;
      if (this.#failure !== null) report.failed(item, this.#failure.code, this.#failure.detail);
      else if (waits !== null) report.failed(item, waits.code, waits.detail, waits.retryAfterMs);
      return;
    }
    const { executable, mtimeNs } = item;
    const entropy = await this.#entropy();
    const finished = await this.#writer.finish(manifest.size, { executable, mtimeNs });
    if (finished.kind === 'found') report.staged(item, finished.stamp, manifest, entropy);
    else report.failed(item, codeOfDisk(finished), finished.detail);
  }

  async #entropy(): Promise<number | null> {
    const length = Math.min(this.#file.manifest.size, ENTROPY_SAMPLE);
    const head = await this.#writer.read(0, length, new Uint8Array(length));
    return head.kind === 'bytes' ? byteEntropy(head.bytes) : null;
  }

  #fail(failure: DiskFailure): void {
    this.#failure ??= { code: codeOfDisk(failure), detail: failure.detail };
  }
}

function placesOf(manifest: Manifest): readonly Place[] {
  let offset = 0;
  return manifest.chunks.map(({ id, size }: ManifestChunk, index) => {
    const place = { index, id, size, offset };
    offset += size;
    return place;
  });
}
