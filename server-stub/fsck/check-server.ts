/** Everything a server holds, looked through; and, if asked for, set right while it stands still. */

import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import type { NamespaceId } from '../../src/protocol/ids.ts';
import { loadBlake3 } from '../chunks/blake3.ts';
import { type DataFolder, existingDataFolder, lockDataFolder, openPresentStore } from '../data-folder.ts';
import { freshEpoch } from '../metadata/rules/epoch.ts';
import { realClock } from '../real-effects.ts';
import { coldFolder } from '../side-stores.ts';
import { checkBooks, checkDatabase } from './book-checks.ts';
import { checkContents } from './content-checks.ts';
import type { Finding, Found } from './finding.ts';
import { checkJournals } from './journal-checks.ts';
import { checkTree } from './tree-checks.ts';

export interface Checked {
  readonly findings: readonly Finding[];
  /** Of a repair: what was found before it, and where the database stands as it was. */
  readonly repaired: readonly Finding[];
  readonly kept: string | null;
  readonly newEpochs: number;
}

/** Changes nothing unless `repair`; then the server must not be running. Throws a Refusal where it cannot look. */
export async function checkServer(data: string, repair: boolean): Promise<Checked> {
  const folder = await existingDataFolder(resolve(data));
  if (!repair) {
    const findings = (await look(folder)).map(plain);
    return { findings, repaired: [], kept: null, newEpochs: 0 };
  }
  const unlock = lockDataFolder(folder);
  try {
    const before = await look(folder);
    const mendable = before.filter(({ mend }) => mend !== null);
    if (mendable.length === 0) return { findings: before.map(plain), repaired: [], kept: null, newEpochs: 0 };
    const { kept, newEpochs } = mendAll(folder, mendable);
    // What could only be seen once the rest was right shows now.
    return { findings: (await look(folder)).map(plain), repaired: mendable.map(plain), kept, newEpochs };
  } finally {
    unlock();
  }
}

async function look(folder: DataFolder): Promise<readonly Found[]> {
  const { hash } = await loadBlake3();
  const store = await openPresentStore(folder);
  const db = new Database(folder.metadata, { readonly: true, timeout: 5000 });
  try {
    const parts = { db, blake3: hash, now: realClock.now() };
    const damaged = checkDatabase(parts);
    // On pages that cannot be trusted nothing else is worth saying, and nothing is repaired.
    if (damaged.length > 0) return damaged;
    db.exec('BEGIN');
    return [
      ...checkTree(parts),
      ...(await checkJournals(parts, store)),
      ...(await checkContents(parts, { chunks: folder.chunks, cold: await coldFolder(store) })),
      ...checkBooks(parts),
    ];
  } finally {
    db.close();
    await store.close();
  }
}

/** One transaction for all. The database as it was stays beside it: every repair can be looked at, and taken back. */
function mendAll(
  folder: DataFolder,
  found: readonly Found[],
): { readonly kept: string; readonly newEpochs: number } {
  const stamp = new Date(realClock.now()).toISOString().replace(/[:.]/g, '-');
  const kept = join(folder.path, `metadata.before-repair-${stamp}.sqlite`);
  const db = new Database(folder.metadata, { timeout: 5000 });
  try {
    db.pragma('synchronous = FULL');
    db.prepare('VACUUM INTO ?').run(kept);
    const epochs = new Set<NamespaceId>();
    db.exec('BEGIN IMMEDIATE');
    const note = db.prepare('INSERT INTO decisions (at, job, subject, decision, why) VALUES (?, ?, ?, ?, ?)');
    for (const { code, subject, sentence, repair, mend, epochOf } of found) {
      mend?.(db);
      note.run(realClock.now(), 'fsck', subject, `repaired ${code}`, `${sentence} ${repair ?? ''}`);
      if (epochOf !== null) epochs.add(epochOf);
    }
    for (const id of epochs)
      db.prepare('UPDATE namespaces SET epoch = ? WHERE id = ?').run(freshEpoch({ randomBytes }), id);
    db.exec('COMMIT');
    return { kept, newEpochs: epochs.size };
  } finally {
    db.close();
  }
}

function plain({ code, subject, sentence, repair }: Found): Finding {
  return { code, subject, sentence, repair };
}
