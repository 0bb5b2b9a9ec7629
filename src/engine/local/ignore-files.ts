/** The `.tidemarkignore` files of the root, read when a listing shows that they changed. */
import { IgnoreRules } from '../../core/ignore/rules.ts';
import type { Disk, DiskEntry, RelPath } from '../environment/disk.ts';
import { encodeStamp } from '../state/stamps.ts';

export const IGNORE_FILE = '.tidemarkignore';
const LONGEST = 1024 * 1024;

interface Source {
  readonly stamp: string;
  readonly text: string;
}

/**
 * Rules belong to the folder they were found in and go with it: `Key` names that folder, `pathOf` says where it stands
 * now, or `null` when it is gone.
 */
export class IgnoreFiles<Key> {
  private readonly disk: Disk;
  private readonly pathOf: (key: Key) => RelPath | null;
  private readonly onChange: () => void;
  private readonly sources = new Map<Key, Source>();
  private rules = IgnoreRules.of([]);
  /** The paths that `rules` were made for. */
  private places = '';

  /** `onChange`: rules differ from before, so everything is to be looked at again. */
  constructor(disk: Disk, pathOf: (key: Key) => RelPath | null, onChange: () => void) {
    this.disk = disk;
    this.pathOf = pathOf;
    this.onChange = onChange;
  }

  isExcluded(path: RelPath, isFolder: boolean): boolean {
    return this.rules.isExcluded(path, isFolder).excluded;
  }

  ruleFor(path: RelPath, isFolder: boolean): string | null {
    const verdict = this.rules.isExcluded(path, isFolder);
    return verdict.excluded ? verdict.rule : null;
  }

  /** Called with each complete listing of a folder. An unreadable file keeps the rules it had. */
  async update(key: Key, folder: RelPath, entries: readonly DiskEntry[]): Promise<void> {
    const entry = entries.find((each) => each.name === IGNORE_FILE && each.stamp.kind === 'file');
    const known = this.sources.get(key);
    if (!entry) {
      if (known) this.change(key, null);
      return;
    }
    if (known?.stamp === encodeStamp(entry.stamp)) return;
    const path = folder === '' ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`;
    const [read] = await this.disk.readSmall([path], LONGEST);
    if (read?.kind !== 'read') return;
    const text = new TextDecoder().decode(read.bytes);
    if (known?.text === text) this.sources.set(key, { stamp: encodeStamp(read.stamp), text });
    else this.change(key, { stamp: encodeStamp(read.stamp), text });
  }

  /** Folders may have moved or gone since: their rules are where they are. Cheap when they have not. */
  follow(): void {
    if (this.sources.size === 0) return;
    const found: { readonly folder: RelPath; readonly text: string }[] = [];
    for (const [key, { text }] of this.sources) {
      const folder = this.pathOf(key);
      if (folder === null) this.sources.delete(key);
      else found.push({ folder, text });
    }
    const places = found.map(({ folder }) => folder).join('\0');
    if (places === this.places) return;
    this.places = places;
    this.rules = IgnoreRules.of(found);
  }

  private change(key: Key, source: Source | null): void {
    if (source) this.sources.set(key, source);
    else this.sources.delete(key);
    this.places = '\0none';
    if (this.sources.size === 0) this.rules = IgnoreRules.of([]);
    this.follow();
    this.onChange();
  }
}
