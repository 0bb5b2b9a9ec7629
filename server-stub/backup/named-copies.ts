/** What a database says of the chunk files beside it, read from a snapshot that nobody writes to. */
import { type FileHandle, open } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { parseTenantId, type TenantId } from '../../src/protocol/ids.ts';
import { parseChunkLocation } from '../chunks/chunk-store.ts';
import { type ChunkPlace, placeOf } from '../chunks/folder/chunk-place.ts';
import { readFully, systemCode } from '../chunks/folder/durable-file.ts';
import { RECORD_HEAD, readRecordHead, tenantHex } from '../chunks/folder/record.ts';
import { segmentName } from '../chunks/folder/segment-files.ts';
import { siteOf, withinSite } from '../chunks/sites.ts';
import { int, text } from '../metadata/sqlite-values.ts';

export interface NamedCopy {
  readonly tenant: TenantId;
  readonly id: string;
  readonly isCold: boolean;
  /** null: its row names no place in a chunk folder. */
  readonly place: ChunkPlace | null;
  /** Known to be none: it is not looked for. */
  readonly isDamaged: boolean;
}

export interface Standing {
  readonly serverId: string;
  readonly schema: number;
  readonly namespaces: readonly { readonly id: string; readonly epoch: string; readonly seq: number }[];
}

interface OpenFile {
  readonly name: string;
  readonly file: FileHandle | null;
  readonly size: number;
}

/** Path of a copy's file: below `chunks/`, or below `cold/`. */
function fileOf(place: ChunkPlace, isCold: boolean): string {
  const file = place.kind === 'file' ? `large/${place.path}` : `segments/${segmentName(place.segment)}`;
  return `${isCold ? 'cold' : 'chunks'}/${file}`;
}

export class NamedCopies {
  readonly #db: Database.Database;

  constructor(path: string) {
    this.#db = new Database(path, { readonly: true });
  }

  standing(): Standing {
    const server = this.#db.prepare<[], Record<string, unknown>>('SELECT id FROM server').get();
    const rows = this.#db
      .prepare<[], Record<string, unknown>>('SELECT id, epoch, head_seq FROM namespaces ORDER BY id')
      .all();
    return {
      serverId: text(server ?? {}, 'id'),
      schema: Number(this.#db.pragma('user_version', { simple: true })),
      namespaces: rows.map((row) => ({
        id: text(row, 'id'),
        epoch: text(row, 'epoch'),
        seq: int(row, 'head_seq'),
      })),
    };
  }

  /** Neighbours in a file come together. */
  *all(): Generator<NamedCopy> {
    const rows = this.#db
      .prepare<[], Record<string, unknown>>(
        `SELECT t.id AS tenant, c.id, c.location, c.damaged_at FROM chunks c JOIN tenants t ON t.no = c.tenant
          ORDER BY c.location`,
      )
      .iterate();
    for (const row of rows) {
      const location = parseChunkLocation(row['location']);
      const place = placeOf(withinSite(location));
      const isCold = siteOf(location) === 'cold';
      const tenant = parseTenantId(row['tenant']);
      yield { tenant, id: text(row, 'id'), isCold, place, isDamaged: row['damaged_at'] !== null };
    }
  }

  /** Every file that holds a named copy. */
  files(): readonly string[] {
    const files = new Set<string>();
    for (const { place, isCold } of this.all()) if (place !== null) files.add(fileOf(place, isCold));
    return [...files];
  }

  /** Copies that do not stand where their rows say, in the files that `pathOf` finds (null: there is none). */
  async absent(pathOf: (file: string) => string | null): Promise<readonly NamedCopy[]> {
    const absent: NamedCopy[] = [];
    let at: OpenFile = { name: '', file: null, size: 0 };
    try {
      for (const copy of this.all()) {
        if (copy.isDamaged) continue;
        if (copy.place === null) {
          absent.push(copy);
          continue;
        }
        const name = fileOf(copy.place, copy.isCold);
        if (at.name !== name) {
          await at.file?.close();
          const file = await openIfThere(pathOf(name));
          at = { name, file, size: file === null ? 0 : (await file.stat()).size };
        }
        if (at.file === null || !(await standsIn(at.file, at.size, copy, copy.place))) absent.push(copy);
      }
    } finally {
      await at.file?.close();
    }
    return absent;
  }

  close(): void {
    this.#db.close();
  }
}

async function standsIn(
  file: FileHandle,
  size: number,
  { tenant, id }: NamedCopy,
  place: ChunkPlace,
): Promise<boolean> {
  const offset = place.kind === 'file' ? 0 : place.offset;
  const bytes = Buffer.alloc(RECORD_HEAD);
  const filled = await readFully(file, bytes, offset);
  const head = readRecordHead(bytes.subarray(0, filled), 0);
  if (head === null || head.state === 'erased') return false;
  if (head.tenant !== tenantHex(tenant) || head.id !== id || head.length !== place.length) return false;
  return offset + RECORD_HEAD + head.length <= size;
}

async function openIfThere(path: string | null): Promise<FileHandle | null> {
  if (path === null) return null;
  try {
    return await open(path, 'r');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}
