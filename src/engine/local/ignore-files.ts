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

export class IgnoreFiles {
  private readonly disk: Disk;
  private readonly onChange: () => void;
  private readonly sources = new Map<RelPath, Source>();
  private rules = IgnoreRules.of([]);

  /** `onChange`: rules differ from before, so everything is to be looked at again. */
  constructor(disk: Disk, onChange: () => void) {
    this.disk = disk;
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
  async update(folder: RelPath, entries: readonly DiskEntry[]): Promise<void> {
    const entry = entries.find((each) => each.name === IGNORE_FILE && each.stamp.kind === 'file');
    const known = this.sources.get(folder);
    if (!entry) {
      if (known) this.change(folder, null);
      return;
    }
    if (known?.stamp === encodeStamp(entry.stamp)) return;
    const path = folder === '' ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`;
    const [read] = await this.disk.readSmall([path], LONGEST);
    if (read?.kind !== 'read') return;
    const text = new TextDecoder().decode(read.bytes);
    if (known?.text === text) this.sources.set(folder, { stamp: encodeStamp(read.stamp), text });
    else this.change(folder, { stamp: encodeStamp(read.stamp), text });
  }

  private change(folder: RelPath, source: Source | null): void {
    if (source) this.sources.set(folder, source);
    else this.sources.delete(folder);
    this.rules = IgnoreRules.of([...this.sources].map(([at, { text }]) => ({ folder: at, text })));
    this.onChange();
  }
}
