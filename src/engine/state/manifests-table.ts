/** Encoded manifests of contents on this disk, and signatures of large synced files within a byte budget (RULES 28). */
import { decodeManifest, type Manifest } from '../../core/manifest/manifest.ts';
import type { ManifestId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

const SIGNATURE_BUDGET = 64 * 1024 * 1024;

export class ManifestsTable {
  private readonly sql;

  constructor(db: Db) {
    this.sql = {
      put: db.prepare(
        'INSERT INTO manifests (manifest, encoded, signature, used_at) VALUES (?, ?, ?, ?) ON CONFLICT (manifest) DO UPDATE SET signature = coalesce(excluded.signature, signature), used_at = excluded.used_at',
      ),
      get: db.prepare<[string], { encoded: Buffer; signature: Buffer | null }>(
        'SELECT encoded, signature FROM manifests WHERE manifest = ?',
      ),
      signed: db.prepare<[], { manifest: string; bytes: number }>(
        'SELECT manifest, length(signature) AS bytes FROM manifests WHERE signature IS NOT NULL ORDER BY used_at DESC',
      ),
      sign: db.prepare('UPDATE manifests SET signature = ? WHERE manifest = ?'),
      unsign: db.prepare('UPDATE manifests SET signature = NULL WHERE manifest = ?'),
      sweep: db.prepare(
        'DELETE FROM manifests WHERE manifest NOT IN (SELECT manifest FROM local WHERE manifest IS NOT NULL) AND manifest NOT IN (SELECT manifest FROM synced WHERE manifest IS NOT NULL)',
      ),
    };
  }

  put(id: ManifestId, encoded: Uint8Array, signature: Uint8Array | null, now: number): void {
    this.sql.put.run(id, encoded, signature, Math.floor(now));
  }

  sign(id: ManifestId, signature: Uint8Array): void {
    this.sql.sign.run(signature, id);
  }

  get(id: ManifestId): Manifest | null {
    const row = this.sql.get.get(id);
    if (!row) return null;
    const decoded = decodeManifest(row.encoded);
    return 'kind' in decoded ? null : decoded;
  }

  signature(id: ManifestId): Uint8Array | null {
    return this.sql.get.get(id)?.signature ?? null;
  }

  /** Drops manifests nothing refers to, and the oldest signatures above the budget. */
  tidy(): void {
    this.sql.sweep.run();
    let kept = 0;
    for (const row of this.sql.signed.all()) {
      kept += row.bytes;
      if (kept > SIGNATURE_BUDGET) this.sql.unsign.run(row.manifest);
    }
  }
}
