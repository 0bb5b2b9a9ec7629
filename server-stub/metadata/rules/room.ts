/** What a tenant may still store. Each chunk counts once; what is stored already costs nothing again. */
import type { ChunkId, TenantId } from '../../../src/protocol/ids.ts';
import type { ReadTx } from '../metadata-store.ts';
import type { StoredBytes } from '../operation-rows.ts';

/** Bytes that still fit; Infinity: as much as there is room. */
export function roomOf({ used, quota }: StoredBytes): number {
  return quota === null ? Number.POSITIVE_INFINITY : Math.max(0, quota - used);
}

/** As the user reads it: "2.0 GiB of 2.0 GiB". */
export function roomText({ used, quota }: StoredBytes): string {
  return quota === null ? bytesText(used) : `${bytesText(used)} of ${bytesText(quota)}`;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

function bytesText(bytes: number): string {
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`;
}

/** null: what is missing of a file fits. Otherwise how full the account is. */
export async function fullFor(
  tx: ReadTx,
  tenant: TenantId,
  missing: readonly { readonly id: ChunkId; readonly size: number }[],
): Promise<string | null> {
  const stored = await tx.storedBytes(tenant);
  const sizes = new Map(missing.map(({ id, size }) => [id, size]));
  const wanted = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return wanted > roomOf(stored) ? roomText(stored) : null;
}
