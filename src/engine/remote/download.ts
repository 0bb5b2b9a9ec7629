/** Brings files into staging: few requests for many small files, few bytes for large ones. */
import type { Disk } from '../environment/disk.ts';
import type { Hashing } from '../environment/hashing.ts';
import type { Buffers } from './buffers.ts';
import { assemble } from './download-assemble.ts';
import type { ChunkFetcher } from './download-chunks.ts';
import type { ManifestReader } from './download-manifests.ts';
import { type PlannedFile, planDownload } from './download-plan.ts';
import { DownloadReport } from './download-report.ts';
import { stageEmpty, stageLocal, stagePacked } from './download-whole.ts';
import type { DownloadItem, DownloadResult, ServerResult } from './server.ts';
import { inLanes } from './slots.ts';
import type { TransferMeter } from './transfer-meter.ts';

export interface DownloadParts {
  readonly disk: Disk;
  readonly hashing: Hashing;
  readonly fetcher: ChunkFetcher;
  readonly manifests: ManifestReader;
  readonly buffers: Buffers;
  readonly transfers: TransferMeter;
}

/** Large files assembled side by side; what is in flight for all of them is bounded by the fetcher. */
const FILES_AT_ONCE = 4;

export async function download(
  parts: DownloadParts,
  items: readonly DownloadItem[],
): Promise<ServerResult<readonly DownloadResult[]>> {
  const report = new DownloadReport(items, parts.transfers);
  try {
    await bring(parts, items, report);
    return report.answer();
  } finally {
    report.close();
  }
}

async function bring(
  parts: DownloadParts,
  items: readonly DownloadItem[],
  report: DownloadReport,
): Promise<void> {
  const resolved = await parts.manifests.resolve(items);
  const files: PlannedFile[] = [];
  for (const [item, found] of resolved.found) {
    if (found.kind === 'manifest') files.push({ item, manifest: found.manifest });
    else report.failed(item, found.code, found.detail);
  }
  const plan = planDownload(files);
  const whole = { ...parts, report };
  await stageEmpty(whole, plan.empty);
  const fetched = await stageLocal(whole, plan.local);
  if (resolved.trouble !== null) {
    report.stop(resolved.trouble);
    return;
  }
  await stagePacked(whole, [...plan.packed, ...fetched]);
  await inLanes(plan.assembled, FILES_AT_ONCE, async (file) => {
    if (!report.stopped) await assemble(whole, file);
  });
}
