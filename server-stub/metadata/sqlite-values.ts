/** Column values, parsed when read: what a column does not hold is a fault of the database, never passed on. */
export type Row = Readonly<Record<string, unknown>>;

export class DamagedRow extends Error {
  constructor(column: string, value: unknown) {
    super(`column ${column} holds ${typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : value}`);
    this.name = 'DamagedRow';
  }
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new DamagedRow(column, value);
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** Integers beyond what a number holds exactly never were written. */
export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new DamagedRow(column, value);
}

export function intOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : int(row, column);
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new DamagedRow(column, value);
}

export function blobOrNull(row: Row, column: string): Uint8Array | null {
  return row[column] === null ? null : blob(row, column);
}

/** An id in a column that may be NULL. */
export function idOrNull<Id>(row: Row, column: string, parse: (value: unknown) => Id): Id | null {
  const value = row[column];
  return value === null ? null : parse(value);
}

/** One of a closed set of words. */
export function word<const Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = row[column];
  for (const candidate of words) if (candidate === value) return candidate;
  throw new DamagedRow(column, value);
}

export function wordOrNull<const Word extends string>(
  row: Row,
  column: string,
  words: readonly Word[],
): Word | null {
  return row[column] === null ? null : word(row, column, words);
}
