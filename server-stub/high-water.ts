/**
 * How far each namespace had got, kept beside the database. A database that is behind it at a start was put back from a
 * backup without a word: its namespaces begin a new epoch, so that every device compares instead of trusting (RULES 25).
 * Devices notice by their cursors too; this is for what no device has seen yet, and for the moment before the first asks.
 */
import { readFile } from 'node:fs/promises';
import { Type } from 'typebox';
import { type NamespaceId, parseNamespaceId } from '../src/protocol/ids.ts';
import { EpochSchema, NamespaceIdSchema, parserOf, record, Seq } from '../src/protocol/schema.ts';
import { dropUnfinished, replaceFile, systemCode } from './chunks/folder/durable-file.ts';
import type { ServerLog } from './exchange.ts';
import type { Metadata } from './metadata/rules.ts';

export interface HighWaterMark {
  readonly namespace: NamespaceId;
  readonly epoch: string;
  readonly seq: number;
}

const WRITE_EVERY_MS = 1000;
const parseFile = parserOf(
  record({
    version: Type.Literal(1),
    namespaces: Type.Array(record({ namespace: NamespaceIdSchema, epoch: EpochSchema, seq: Seq })),
  }),
);

export class HighWater {
  readonly #path: string;
  readonly #log: ServerLog;
  readonly #marks = new Map<NamespaceId, HighWaterMark>();
  #timer: NodeJS.Timeout | null = null;
  #isDirty = false;
  /** Told of once, and tried until it works. */
  #isFailing = false;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, log: ServerLog) {
    this.#path = path;
    this.#log = log;
  }

  static async open(path: string, log: ServerLog): Promise<HighWater> {
    const water = new HighWater(path, log);
    await dropUnfinished(path);
    for (const mark of await readMarks(path, log)) water.#marks.set(mark.namespace, mark);
    return water;
  }

  /** Compares with the database, before anybody is served. Answers the namespaces that began a new epoch. */
  async check(metadata: Metadata): Promise<readonly NamespaceId[]> {
    const begun: NamespaceId[] = [];
    for (const mark of [...this.#marks.values()]) {
      const row = await metadata.store.read(async (tx) => tx.namespace(mark.namespace));
      if (row === null) {
        this.#forget(mark.namespace);
        continue;
      }
      if (row.epoch === mark.epoch && row.headSeq >= mark.seq) continue;
      const epoch = await metadata.beginEpoch(mark.namespace);
      this.note({ namespace: mark.namespace, epoch, seq: row.headSeq });
      begun.push(mark.namespace);
      this.#log('warn', 'the database is older than what was served from it: a new epoch begins', {
        namespace: mark.namespace,
        found: row.headSeq,
        served: mark.seq,
      });
    }
    await this.flush();
    return begun;
  }

  /** Written within a second. */
  note(mark: { readonly namespace: string; readonly epoch: string; readonly seq: number }): void {
    const namespace = parseNamespaceId(mark.namespace);
    const known = this.#marks.get(namespace);
    if (known !== undefined && known.epoch === mark.epoch && known.seq >= mark.seq) return;
    this.#marks.set(namespace, { ...mark, namespace });
    this.#isDirty = true;
    this.#writeSoon();
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, WRITE_EVERY_MS);
    this.#timer.unref();
  }

  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    await this.#writing;
  }

  async #write(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const text = `${JSON.stringify({ version: 1, namespaces: [...this.#marks.values()] })}\n`;
    try {
      await replaceFile(this.#path, text);
      this.#isFailing = false;
    } catch (cause) {
      // Nobody may commit for days: a mark that is behind would let a silent restore pass.
      this.#isDirty = true;
      this.#writeSoon();
      if (!this.#isFailing)
        this.#log('warn', 'the high-water mark could not be written', { cause: String(cause) });
      this.#isFailing = true;
    }
  }

  #forget(namespace: NamespaceId): void {
    this.#marks.delete(namespace);
    this.#isDirty = true;
  }
}

async function readMarks(path: string, log: ServerLog): Promise<readonly HighWaterMark[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw cause;
  }
  try {
    const parsed = parseFile(JSON.parse(text));
    if (parsed.kind === 'ok') return parsed.value.namespaces;
  } catch {
    // Falls through to the same warning.
  }
  log('warn', 'the high-water mark is not readable and is begun anew', { path });
  return [];
}
