/** From versions to manifests to chunks to the bytes in the chunk folder. */
import { decodeManifest, isInvalidManifest, manifestIdOf } from '../../src/core/manifest/manifest.ts';
import { type ChunkFolders, pathIn } from '../backup/chunk-paths.ts';
import { NamedCopies } from '../backup/named-copies.ts';
import { blob, int, text } from '../metadata/sqlite-values.ts';
import { type CheckParts, type Found, noRepair, rows } from './finding.ts';

const MANY = 500;

/** A version whose bytes are promised, with a name to tell it by. */
const PROMISED = `FROM versions v JOIN namespaces n ON n.no = v.ns JOIN nodes o ON o.ns = v.ns AND o.id = v.node
  WHERE v.manifest IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM version_ends e WHERE e.ns = v.ns AND e.seq = v.seq AND e.released_at IS NOT NULL)
    AND (o.dead_seq = 0 OR NOT EXISTS (SELECT 1 FROM trash_ends t
        WHERE t.ns = v.ns AND t.dead_seq = o.dead_seq AND t.released_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM labels l WHERE l.ns = v.ns AND l.seq = v.seq))`;

export async function checkContents(parts: CheckParts, folders: ChunkFolders): Promise<readonly Found[]> {
  return [...withoutManifest(parts), ...manifests(parts), ...keys(parts), ...(await copies(parts, folders))];
}

function withoutManifest({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT v.epoch || '.' || v.seq AS id, v.number, o.name ${PROMISED}
      AND NOT EXISTS (SELECT 1 FROM manifests m WHERE m.tenant = n.tenant AND m.id = v.manifest)`,
  );
  return found.map((row) =>
    noRepair(
      'version-without-manifest',
      `version ${text(row, 'id')}`,
      `V${int(row, 'number')} of "${text(row, 'name')}" cannot be put together any more. Restore it from a backup.`,
    ),
  );
}

/** Every promised manifest is readable, is the one its id names, and its chunks are known. */
function manifests({ db, blake3 }: CheckParts): readonly Found[] {
  const found: Found[] = [];
  const known = db.prepare<[number, string], { one: number }>(
    'SELECT 1 AS one FROM chunks WHERE tenant = ? AND id = ?',
  );
  const page = db.prepare<[number, string, number], Record<string, unknown>>(
    `SELECT m.tenant, m.id, m.encoded, (SELECT o.name || ', V' || v.number ${PROMISED} AND v.manifest = m.id
        AND n.tenant = m.tenant LIMIT 1) AS file
      FROM manifests m WHERE (m.tenant, m.id) > (?, ?) ORDER BY m.tenant, m.id LIMIT ?`,
  );
  let after: readonly [number, string] = [0, ''];
  for (;;) {
    const some = page.all(...after, MANY);
    for (const row of some) {
      const [tenant, id] = [int(row, 'tenant'), text(row, 'id')];
      after = [tenant, id];
      if (row['file'] === null) continue;
      const file = text(row, 'file');
      const encoded = blob(row, 'encoded');
      const manifest = decodeManifest(encoded);
      if (isInvalidManifest(manifest) || manifestIdOf(encoded, blake3) !== id) {
        const why = `The list of what "${file}" consists of is not readable. Restore it from a backup.`;
        found.push(noRepair('manifest-unreadable', `manifest ${id}`, why));
        continue;
      }
      const missing = manifest.chunks.find((chunk) => known.get(tenant, chunk.id) === undefined);
      if (missing === undefined) continue;
      const why = `A part of "${file}" is not stored. A device that has it sends it when the file is saved again; or restore it from a backup.`;
      found.push(noRepair('chunk-missing', `chunk ${missing.id}`, why));
    }
    if (some.length < MANY) return found;
  }
}

function keys({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT t.id FROM tenants t WHERE EXISTS (SELECT 1 FROM chunks c WHERE c.tenant = t.no)
      AND NOT EXISTS (SELECT 1 FROM tenant_keys k WHERE k.tenant = t.no)`,
  );
  return found.map((row) =>
    noRepair(
      'key-missing',
      `tenant ${text(row, 'id')}`,
      'The key of everything this user stores is not there. Restore the database from a backup.',
    ),
  );
}

async function copies({ db, now }: CheckParts, folders: ChunkFolders): Promise<readonly Found[]> {
  const named = new NamedCopies(db.name);
  try {
    // What is in a store that is not there is not known to be missing: nothing is repaired for that.
    const isAway = folders.cold?.kind === 'away';
    const all = await named.absent((file) => pathIn(folders, file));
    const absent = isAway ? all.filter(({ isCold }) => !isCold) : all;
    return [
      ...away(folders, all.length - absent.length),
      ...absent.map(
        ({ tenant, id }): Found => ({
          code: 'copy-missing',
          subject: `chunk ${id}`,
          sentence: 'The bytes of a chunk are not where its row says.',
          repair: 'It counts as damaged: it is not served, and the next device that has it is asked for it.',
          mend: (write) => {
            write
              .prepare(
                'UPDATE chunks SET damaged_at = ? WHERE id = ? AND tenant = (SELECT no FROM tenants WHERE id = ?)',
              )
              .run(now, id, tenant);
          },
          epochOf: null,
        }),
      ),
    ];
  } finally {
    named.close();
  }
}

function away({ cold }: ChunkFolders, chunks: number): readonly Found[] {
  if (cold?.kind !== 'away' || chunks === 0) return [];
  const why = `${chunks} chunks of old versions are in it, and its folder ${cold.folder} is not there. Is its disk mounted?`;
  return [noRepair('cold-store-away', 'cold store', why)];
}
