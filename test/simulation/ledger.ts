/**
 * What users saved, and what became of it by their own hands: the oracle against which "nothing is lost" is measured.
 * Contents are known by their manifest ids, the same by which versions on the server are known.
 */
import { manifestOf } from './sim-hashing.ts';

/** Manifest id of a file's bytes; link targets have names of their own. */
export type ContentName = string;

/** Bytes on a simulated disk are replaced and never changed. */
const names = new WeakMap<Uint8Array, ContentName>();

export function nameOfBytes(bytes: Uint8Array): ContentName {
  const known = names.get(bytes);
  if (known !== undefined) return known;
  const { id } = manifestOf(bytes);
  names.set(bytes, id);
  return id;
}

export function nameOfLink(target: string): ContentName {
  return `link:${target}`;
}

export interface Saved {
  /** What a person would call it, for messages. */
  readonly label: string;
  /** How often a user saved exactly this. */
  saves: number;
  /** Renames and mode changes of files with this content: each may rightly make one more version. */
  extras: number;
  /** A user who had it overwrote or deleted it, and nobody saved it again since. */
  superseded: boolean;
  /** The same, and whether it was saved again since makes no difference. */
  everSuperseded: boolean;
}

export class Ledger {
  readonly #saved = new Map<ContentName, Saved>();
  /** Every state that a file ever showed, half-written ones included. */
  readonly #shown = new Set<ContentName>();

  /** Old versions that somebody put back on purpose: paths may go back, and contents come twice. */
  restores = 0;

  saved(content: ContentName, label: string): void {
    const row = this.#saved.get(content);
    this.#shown.add(content);
    if (row === undefined) {
      this.#saved.set(content, { label, saves: 1, extras: 0, superseded: false, everSuperseded: false });
    } else {
      row.saves += 1;
      row.superseded = false;
    }
  }

  shown(content: ContentName): void {
    this.#shown.add(content);
  }

  superseded(content: ContentName): void {
    const row = this.#saved.get(content);
    if (row === undefined) return;
    row.superseded = true;
    row.everSuperseded = true;
  }

  extra(content: ContentName): void {
    const row = this.#saved.get(content);
    if (row !== undefined) row.extras += 1;
  }

  wasShown(content: ContentName): boolean {
    return this.#shown.has(content);
  }

  row(content: ContentName): Saved | undefined {
    return this.#saved.get(content);
  }

  /** Contents that must be somewhere, though not there where they are looked for. */
  lost(somewhere: ReadonlySet<ContentName>): string[] {
    return [...this.#saved]
      .filter(([content, row]) => !row.superseded && !somewhere.has(content))
      .map(([, row]) => row.label);
  }

  /** Contents that nobody who had them ever gave up, and that must therefore stand at a path. */
  invisible(standing: ReadonlySet<ContentName>): string[] {
    return [...this.#saved]
      .filter(([content, row]) => !row.everSuperseded && !standing.has(content))
      .map(([, row]) => row.label);
  }

  all(): readonly Saved[] {
    return [...this.#saved.values()];
  }
}
