/**
 * Folders in the root that are roots of namespaces of their own. For this engine such a folder is a border: it is neither
 * scanned nor sent, moved or removed, and its name is taken.
 */
import { pathIn } from '../../core/names/path-parts.ts';
import type { NodeId } from '../../protocol/ids.ts';
import {
  type Disk,
  type FileId,
  type Listing,
  RESERVED_FOLDER,
  type RelPath,
  type Stamp,
} from '../environment/disk.ts';
import { parseMarker, type RootMarker } from '../root-marker.ts';

const LONGEST_MARKER = 65_536;

export interface Boundaries {
  /** Is this one of them? Asked about everything that is seen; by its object wherever it stands, or by its place. */
  holds(parent: NodeId, name: string, stamp: Stamp): boolean;
  /** Somebody's root inside ours, whose place nobody remembers: is it to be left alone? A copy of one is not. */
  isLost(marker: RootMarker): boolean;
}

/** Where nothing is shared. */
export const NO_BOUNDARIES: Boundaries = { holds: () => false, isLost: () => false };

/** What the scanner asks; it remembers roots that it came upon. */
export class Borders {
  private readonly disk: Disk;
  private readonly lost = new Set<FileId>();
  boundaries: Boundaries = NO_BOUNDARIES;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  /** `lost`: left alone, and told. */
  at(parent: NodeId, name: string, stamp: Stamp): 'mounted' | 'lost' | null {
    if (this.boundaries.holds(parent, name, stamp)) return 'mounted';
    return this.lost.has(stamp.fileId) ? 'lost' : null;
  }

  /** Before anything in them becomes a node: for a state that may have forgotten whose they are. */
  async lookForLost(path: RelPath, { entries }: Listing, isKnown: (name: string) => boolean): Promise<void> {
    const folders = entries.filter(
      ({ name, stamp }) =>
        stamp.kind === 'folder' && name !== null && name !== RESERVED_FOLDER && !isKnown(name),
    );
    const marks = folders.map(({ name }) => markIn(pathIn(path, name ?? '')));
    const reads = await this.disk.readSmall(marks, LONGEST_MARKER);
    folders.forEach(({ stamp }, i) => {
      const marker = markerFrom(reads[i]);
      if (marker !== null && this.boundaries.isLost(marker)) this.lost.add(stamp.fileId);
    });
  }

  /** A folder below the root was listed: what is in one that is a lost root belongs to others. */
  async isLostRoot(path: RelPath, { folder, entries }: Listing): Promise<boolean> {
    if (path === '' || !entries.some(({ name }) => name === RESERVED_FOLDER)) return false;
    const marker = await readMarkerIn(this.disk, path);
    if (marker === null || !this.boundaries.isLost(marker)) return false;
    this.lost.add(folder.fileId);
    return true;
  }
}

/** The mark of a root inside ours; null where there is none, or none that can be read. */
export async function readMarkerIn(disk: Disk, folder: RelPath): Promise<RootMarker | null> {
  const [read] = await disk.readSmall([markIn(folder)], LONGEST_MARKER);
  return markerFrom(read);
}

function markIn(folder: RelPath): RelPath {
  return `${folder}/${RESERVED_FOLDER}/root.json`;
}

function markerFrom(read: Awaited<ReturnType<Disk['readSmall']>>[number] | undefined): RootMarker | null {
  const found = read?.kind === 'read' ? parseMarker(read.bytes) : null;
  return found?.kind === 'marker' ? found.marker : null;
}
