/** What is to be looked at: folders to list, and names that hints told of. */
import type { NodeId } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';

/** Deep: with everything below. */
export type Depth = 'shallow' | 'deep';

export class LookQueue {
  private readonly folders = new Map<NodeId, Depth>();
  private names = new Map<RelPath, Set<string>>();

  get lists(): number {
    return this.folders.size;
  }

  get hasNames(): boolean {
    return this.names.size > 0;
  }

  get isEmpty(): boolean {
    return this.folders.size === 0 && this.names.size === 0;
  }

  listDeep(folder: NodeId): void {
    this.folders.set(folder, 'deep');
  }

  /** Deep stays deep. */
  list(folder: NodeId): void {
    if (this.folders.get(folder) !== 'deep') this.folders.set(folder, 'shallow');
  }

  addName(folder: RelPath, name: string): void {
    const names = this.names.get(folder) ?? new Set<string>();
    names.add(name);
    this.names.set(folder, names);
  }

  takeLists(most: number): readonly (readonly [NodeId, Depth])[] {
    const taken = [...this.folders].slice(0, most);
    for (const [folder] of taken) this.folders.delete(folder);
    return taken;
  }

  /** All names, by the folder that they are in. */
  takeNames(): ReadonlyMap<RelPath, ReadonlySet<string>> {
    const taken = this.names;
    this.names = new Map();
    return taken;
  }
}
