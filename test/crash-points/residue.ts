/** What a stop may leave behind, and nothing may at rest. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Staging, parked names, promises under way; what is in the trash is known to be there. */
export function deviceResidue(folder: string, database: string): readonly string[] {
  const reserved = join(folder, '.tidemark');
  const found: string[] = [];
  for (const area of ['staging', 'parked'])
    for (const name of readdirSync(join(reserved, area))) found.push(`left in ${area}: ${name}`);
  const db = new Database(database, { readonly: true });
  try {
    for (const table of ['intents', 'claims', 'successors', 'problems', 'review_nodes']) {
      const rows: unknown[] = db.prepare(`SELECT * FROM ${table}`).all();
      if (rows.length > 0) found.push(`left in ${table}: ${JSON.stringify(rows).slice(0, 300)}`);
    }
    const parked: unknown[] = db.prepare('SELECT name FROM local WHERE parked = 1').all();
    if (parked.length > 0) found.push(`parked for ever: ${JSON.stringify(parked)}`);
    const listed = new Set(db.prepare<[], string>('SELECT name FROM trash').pluck().all());
    for (const name of readdirSync(join(reserved, 'trash')))
      if (!listed.delete(name)) found.push(`in the trash, and nobody knows: ${name}`);
    for (const name of listed) found.push(`in the list of the trash only: ${name}`);
  } finally {
    db.close();
  }
  return found;
}

const STATE_FILES: ReadonlySet<string> = new Set([
  ...['account.json', 'token', 'state.db', 'state.db-wal', 'state.db-shm', 'lock.db', 'control.json'],
  ...['control.sock'],
]);

export function stateFolderResidue(folder: string): readonly string[] {
  const odd = readdirSync(folder).filter((name) => !STATE_FILES.has(name));
  return odd.map((name) => `left in the state folder: ${name}`);
}
