import { type Cursor, Cursor as CursorSchema } from '../../protocol/journal.ts';
import { parserOf } from '../../protocol/schema.ts';
import type { Db } from './database.ts';

const parseCursor = parserOf(CursorSchema);

/** Single facts of this installation. */
export class MetaTable {
  private readonly read;
  private readonly write;
  private readonly erase;

  constructor(db: Db) {
    this.read = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
    this.write = db.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.erase = db.prepare('DELETE FROM meta WHERE key = ?');
  }

  get(key: string): string | null {
    return this.read.get(key)?.value ?? null;
  }

  set(key: string, value: string): void {
    this.write.run(key, value);
  }

  remove(key: string): void {
    this.erase.run(key);
  }

  number(key: string): number {
    return Number(this.get(key) ?? 0);
  }

  cursor(): Cursor | null {
    return this.position('cursor');
  }

  /** Where the journal stood when the newest of our claims was decided: it may lie beyond the cursor. */
  decidedAt(): Cursor | null {
    return this.position('decided-at');
  }

  noteDecided(at: Cursor | null): void {
    if (at) this.set('decided-at', JSON.stringify(at));
    else this.remove('decided-at');
  }

  private position(key: string): Cursor | null {
    const text = this.get(key);
    if (text === null) return null;
    const parsed = parseCursor(JSON.parse(text));
    return parsed.kind === 'ok' ? parsed.value : null;
  }

  setCursor(cursor: Cursor | null): void {
    if (cursor) this.set('cursor', JSON.stringify(cursor));
    else this.remove('cursor');
  }
}
