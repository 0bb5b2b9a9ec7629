/** Files that are held in memory whole: fetched packed (or read from a local file of the same bytes), staged in bulk. */

import { byteEntropy } from '../../core/planner/overwrites.ts';
import type { ChunkId } from '../../protocol/ids.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Disk, StagedFile } from '../environment/disk.ts';
import { type Hashing, SMALL_FILE } from '../environment/hashing.ts';
import { isChunk } from './chunk-hash.ts';
import { codeOfDisk, sameStamp } from './disk-facts.ts';
import { type ChunkFetcher, thawingIn } from './download-chunks.ts';
import { type PlannedFile, packedGroups, placeInSmallFile, type SharedChunk } from './download-plan.ts';
import type { DownloadReport } from './download-report.ts';
import { lackOfRoom } from './room.ts';
import { inLanes } from './slots.ts';

export interface WholeParts {
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly fetcher: ChunkFetcher;
  readonly report: DownloadReport;
}

const LANES = 3;
/** Local files read and staged at a time. */
const LOCAL_GROUP = 64;

export async function stageEmpty({ disk, report }: WholeParts, files: readonly PlannedFile[]): Promise<void> {
  if (files.length > 0) await stage(disk, report, files, () => new Uint8Array(0));
}

/** Stages what local files hold already; returns the files for which that came to nothing. */
export async function stageLocal(
  { disk, hashing, report }: WholeParts,
  files: readonly PlannedFile[],
): Promise<readonly PlannedFile[]> {
  const left: PlannedFile[] = [];
  for (let at = 0; at < files.length; at += LOCAL_GROUP) {
    const group = files.slice(at, at + LOCAL_GROUP);
    const places = group.map((file) => placeInSmallFile(file)!);
    const olds = group.map((file, i) => file.item.reuse[places[i]!.reuse]!);
    const read = await disk.readSmall(
      olds.map((old) => old.path),
      SMALL_FILE,
    );
    const found = new Map<PlannedFile, Uint8Array>();
    group.forEach((file, i) => {
      const outcome = read[i]!;
      const { id, size } = file.manifest.chunks[0]!;
      const { offset } = places[i]!;
      if (outcome.kind !== 'read' || !sameStamp(outcome.stamp, olds[i]!.stamp)) return;
      const bytes = outcome.bytes.subarray(offset, offset + size);
      if (isChunk(hashing, id, bytes)) found.set(file, bytes);
    });
    left.push(...group.filter((file) => !found.has(file)));
    await stage(disk, report, [...found.keys()], (file) => found.get(file)!);
  }
  return left;
}

export async function stagePacked(parts: WholeParts, files: readonly PlannedFile[]): Promise<void> {
  await inLanes(packedGroups(files, LIMITS.chunksPerBody), LANES, async (group) => {
    if (!parts.report.stopped) await stageGroup(parts, group);
  });
}

async function stageGroup(
  { disk, fetcher, report }: WholeParts,
  group: readonly SharedChunk[],
): Promise<void> {
  const chunks = new Map<ChunkId, Uint8Array>();
  const filesOf = new Map(group.map(({ id, files }) => [id, files]));
  const fetched = await fetcher.bring({
    want: new Map(group.map(({ id, size }) => [id, size])),
    have: new Map(),
    source: () => Promise.resolve(null),
    accept: (id, bytes) => {
      chunks.set(id, bytes);
      for (const { item } of filesOf.get(id) ?? []) report.came(item, bytes.length);
      return Promise.resolve(true);
    },
    keeps: true,
  });
  const whole: PlannedFile[] = [];
  const thawing = thawingIn(fetched.trouble);
  for (const { id, files } of group) {
    const why = fetched.failed.get(id);
    if (chunks.has(id)) whole.push(...files);
    else if (why !== undefined) for (const { item } of files) report.failed(item, 'damaged-download', why);
    else if (thawing !== null)
      for (const { item } of files) report.failed(item, 'thawing', thawing.detail, thawing.retryAfterMs);
  }
  await stage(disk, report, whole, ({ manifest }) => chunks.get(manifest.chunks[0]!.id)!);
  if (fetched.trouble !== null && thawing === null) report.stop(fetched.trouble);
}

async function stage(
  disk: Disk,
  report: DownloadReport,
  files: readonly PlannedFile[],
  bytesOf: (file: PlannedFile) => Uint8Array,
): Promise<void> {
  if (files.length === 0) return;
  const staged = files.map((file): StagedFile => {
    const { staged: name, executable, mtimeNs } = file.item;
    return { name, bytes: bytesOf(file), meta: { executable, mtimeNs } };
  });
  const lack = await lackOfRoom(
    disk,
    files.reduce((sum, { manifest }) => sum + manifest.size, 0),
  );
  const outcomes = lack === null ? await disk.stage(staged) : [];
  files.forEach(({ item, manifest }, i) => {
    const outcome = lack ?? outcomes[i]!;
    if (outcome.kind === 'found') report.staged(item, outcome.stamp, manifest, byteEntropy(staged[i]!.bytes));
    else report.failed(item, codeOfDisk(outcome), outcome.detail);
  });
}
