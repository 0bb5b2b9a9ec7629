/** The `.tidemarkignore` files of the root and their local twins, read when a listing shows that they changed. */

import { type IgnoreFile, IgnoreRules, LOCAL_IGNORE_FILE } from '../../core/ignore/rules.ts';
import { pathIn } from '../../core/names/path-parts.ts';
import type { Disk, DiskEntry, RelPath } from '../environment/disk.ts';
import { encodeStamp } from '../state/stamps.ts';

export const IGNORE_FILE = '.tidemarkignore';
const LONGEST = 1024 * 1024;
/** In the order of their lines: what only this device leaves out is said last, and decides. */
const NAMES = [IGNORE_FILE, LOCAL_IGNORE_FILE] as const;
type Name = (typeof NAMES)[number];

interface Part {
  readonly stamp: string;
  readonly text: string;
}
type Source = Readonly<Record<Name, Part | null>>;
const NONE: Source = { [IGNORE_FILE]: null, [LOCAL_IGNORE_FILE]: null };

/**
 * Rules belong to the folder they were found in and go with it: `Key` names that folder, `pathOf` says where it stands
 * now, or `null` when it is gone, or nowhere for the moment: then its rules wait for where it turns up.
 */
export class IgnoreFiles<Key> {
  private readonly disk: Disk;
  private readonly pathOf: (key: Key) => RelPath | null;
  private readonly isGone: (key: Key) => boolean;
  private readonly onChange: () => void;
  private readonly sources = new Map<Key, Source>();
  private rules = IgnoreRules.of([]);
  /** The paths that `rules` were made for. */
  private places = '';

  /** `onChange`: rules differ from before, so everything is to be looked at again. */
  constructor(
    disk: Disk,
    pathOf: (key: Key) => RelPath | null,
    onChange: () => void,
    isGone: (key: Key) => boolean = (key) => pathOf(key) === null,
  ) {
    this.disk = disk;
    this.pathOf = pathOf;
    this.isGone = isGone;
    this.onChange = onChange;
  }

  isExcluded(path: RelPath, isFolder: boolean): boolean {
    return this.rules.isExcluded(path, isFolder).excluded;
  }

  ruleFor(path: RelPath, isFolder: boolean): string | null {
    const verdict = this.rules.isExcluded(path, isFolder);
    return verdict.excluded ? verdict.rule : null;
  }

  /** Where the rules stand that hold now. */
  files(): readonly IgnoreFile[] {
    return [...this.sources].flatMap(([key, source]) => {
      const folder = this.pathOf(key);
      return folder === null ? [] : [{ folder, text: textOf(source) }];
    });
  }

  /** Called with each complete listing of a folder. An unreadable file keeps the rules it had. */
  async update(key: Key, folder: RelPath, entries: readonly DiskEntry[]): Promise<void> {
    const known = this.sources.get(key) ?? NONE;
    const found = entries.filter(({ name, stamp }) => isIgnoreName(name) && stamp.kind === 'file');
    if (found.length === 0 && !this.sources.has(key)) return;
    const next: Record<Name, Part | null> = { ...known };
    for (const name of NAMES) {
      const entry = found.find((each) => each.name === name);
      if (!entry) next[name] = null;
      else if (known[name]?.stamp !== encodeStamp(entry.stamp))
        next[name] = (await this.read(folder, name)) ?? known[name];
    }
    const isNews = NAMES.some((name) => next[name]?.text !== known[name]?.text);
    if (isNews) this.change(key, next);
    else if (this.sources.has(key)) this.sources.set(key, next);
  }

  private async read(folder: RelPath, name: Name): Promise<Part | null> {
    const path = pathIn(folder, name);
    const [read] = await this.disk.readSmall([path], LONGEST);
    if (read?.kind !== 'read') return null;
    return { stamp: encodeStamp(read.stamp), text: new TextDecoder().decode(read.bytes) };
  }

  /** Folders may have moved or gone since: their rules are where they are. Cheap when they have not. */
  follow(): void {
    if (this.sources.size === 0) return;
    const found: IgnoreFile[] = [];
    for (const [key, source] of this.sources) {
      const folder = this.pathOf(key);
      if (this.isGone(key)) this.sources.delete(key);
      else if (folder !== null) found.push({ folder, text: textOf(source) });
    }
    const places = found.map(({ folder }) => folder).join('\0');
    if (places === this.places) return;
    this.places = places;
    this.rules = IgnoreRules.of(found);
  }

  private change(key: Key, source: Source): void {
    if (NAMES.some((name) => source[name] !== null)) this.sources.set(key, source);
    else this.sources.delete(key);
    this.places = '\0none';
    if (this.sources.size === 0) this.rules = IgnoreRules.of([]);
    this.follow();
    this.onChange();
  }
}

function isIgnoreName(name: string | null): name is Name {
  return name === IGNORE_FILE || name === LOCAL_IGNORE_FILE;
}

function textOf(source: Source): string {
  return joinRules(source[IGNORE_FILE]?.text ?? '', source[LOCAL_IGNORE_FILE]?.text ?? '');
}

/** The rules of both files of a folder as one text: those of this device alone come last. */
export function joinRules(shared: string, local: string): string {
  return local === '' ? shared : `${shared}\n${local.replace(/^\ufeff/, '')}`;
}
