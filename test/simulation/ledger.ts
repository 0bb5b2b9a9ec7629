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
  /** Machines whose users had it and overwrote or deleted it, and nobody saved it again since. */
  readonly givenUpOn: Set<string>;
  /** Somebody gave it up, and whether it was saved again since makes no difference. */
  everSuperseded: boolean;
  /** It was not durable yet, and the power took it from the disk that had it. */
  fellWithPower: boolean;
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
      const fresh = { everSuperseded: false, fellWithPower: false };
      this.#saved.set(content, { label, saves: 1, extras: 0, givenUpOn: new Set(), ...fresh });
    } else {
      row.saves += 1;
      row.givenUpOn.clear();
      row.fellWithPower = false;
    }
  }

  /**
   * What the disk of a machine held before and after its power was cut. What it lost was not durable: the user's own
   * computer lost it, and nobody else can be asked for it, unless the server has it. What came back (a save or a removal
   * undone) is the user's again, and may become a version once more. Where an update came undone, it was given up by
   * whoever saved over it elsewhere, and still is.
   */
  powerCut(machine: string, before: ReadonlySet<ContentName>, after: ReadonlySet<ContentName>): void {
    for (const [content, row] of this.#saved) {
      if (before.has(content) && !after.has(content)) row.fellWithPower = true;
      if (before.has(content) || !after.has(content)) continue;
      row.givenUpOn.delete(machine);
      row.extras += 1;
    }
  }

  /** An older copy of a file stands there again: what it holds counts as saved once more. */
  putBack(content: ContentName): void {
    const row = this.#saved.get(content);
    if (row !== undefined) this.saved(content, row.label);
  }

  shown(content: ContentName): void {
    this.#shown.add(content);
  }

  superseded(machine: string, content: ContentName): void {
    const row = this.#saved.get(content);
    if (row === undefined) return;
    row.givenUpOn.add(machine);
    row.everSuperseded = true;
  }

  extra(content: ContentName): void {
    const row = this.#saved.get(content);
    if (row !== undefined) row.extras += 1;
  }

  /** Somebody chose between this and another: either may give way, stand where the other stood, or go up once more. */
  decided(machine: string, content: ContentName): void {
    this.superseded(machine, content);
    this.extra(content);
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
      .filter(([content, row]) => row.givenUpOn.size === 0 && !row.fellWithPower && !somewhere.has(content))
      .map(([, row]) => row.label);
  }

  /** Contents that nobody who had them ever gave up, and that must therefore stand at a path. */
  invisible(standing: ReadonlySet<ContentName>, committed: ReadonlySet<ContentName>): string[] {
    return [...this.#saved]
      .filter(([content, row]) => !row.everSuperseded && !(row.fellWithPower && !committed.has(content)))
      .filter(([content]) => !standing.has(content))
      .map(([, row]) => row.label);
  }

  all(): readonly Saved[] {
    return [...this.#saved.values()];
  }
}
