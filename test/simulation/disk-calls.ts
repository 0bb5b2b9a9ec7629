/**
 * How a simulated disk call passes: some time, then the effect in one instant, then some time again. Shared by all
 * parts of the simulated disk.
 */
import {
  type DiskEntry,
  type DiskFailure,
  type DiskOutcome,
  type DiskTrouble,
  type Done,
  type Found,
  RESERVED_FOLDER,
  type RelPath,
  type Stamp,
} from '../../src/engine/environment/disk.ts';
import type { Fingerprint } from '../../src/engine/environment/hashing.ts';
import type { Domain } from './clock.ts';
import type { FileTree } from './file-tree.ts';
import type { Stream } from './random.ts';
import type { Volume } from './volume.ts';
import { Refused, type SimNode } from './volume-node.ts';

/** Lets the world break single calls; asked once per item, before it acts. */
export type DiskFault = (operation: string, path: RelPath) => DiskTrouble | null;

/** A file of ours now stands at a path of the user's; `displaced` came out of it. */
export type PlacementWitness = (path: RelPath, placed: SimNode, displaced: SimNode | null) => void;

export interface SimDiskFacts {
  /** A whole disk, or a folder of one. */
  readonly volume: FileTree;
  readonly domain: Domain;
  readonly schedule: Stream;
  readonly fingerprint: (bytes: Uint8Array, stamp: Stamp) => Fingerprint;
  readonly fault?: DiskFault;
  readonly witness?: PlacementWitness;
}

const ONE_BY_ONE = 16;

export function failure(trouble: DiskTrouble, detail: string): DiskFailure {
  return { kind: 'failed', trouble, detail };
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.kind === b.kind &&
    a.fileId === b.fileId &&
    a.size === b.size &&
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs &&
    a.executable === b.executable
  );
}

export class DiskCalls {
  readonly volume: FileTree;
  readonly #domain: Domain;
  readonly #schedule: Stream;
  readonly #fault: DiskFault;

  constructor(facts: SimDiskFacts) {
    this.volume = facts.volume;
    this.#domain = facts.domain;
    this.#schedule = facts.schedule;
    this.#fault = facts.fault ?? (() => null);
  }

  /** A system call takes 5 to 200 µs here. */
  pause(): Promise<void> {
    return this.#domain.sleep(0.005 + this.#schedule.fraction() * 0.195);
  }

  /** Acts at once; what the volume refuses becomes a value. */
  now<T>(operation: string, path: RelPath, effect: () => T): T | DiskFailure {
    const trouble = this.#fault(operation, path);
    if (trouble !== null) return failure(trouble, `injected ${operation} ${path}`);
    try {
      return effect();
    } catch (error) {
      if (error instanceof Refused) return failure(error.trouble, error.message);
      throw error;
    }
  }

  async act<T>(operation: string, path: RelPath, effect: () => T): Promise<T | DiskFailure> {
    await this.pause();
    const result = this.now(operation, path, effect);
    await this.pause();
    return result;
  }

  async each<I, T>(
    items: readonly I[],
    one: (item: I) => Promise<DiskOutcome<T>>,
  ): Promise<DiskOutcome<T>[]> {
    const results: DiskOutcome<T>[] = [];
    for (const item of items) results.push(await one(item));
    return results;
  }

  /** As the real disk does it (RULES 21): few objects one by one, many with everything else. */
  flush(nodes: readonly SimNode[], one: (node: SimNode) => void): Done {
    if (new Set(nodes).size > ONE_BY_ONE) this.volume.flushAll();
    else for (const node of nodes) one(node);
    return { kind: 'done' };
  }

  /** An object outside the reserved folder, which no path reaches. */
  userNode(path: RelPath): SimNode {
    this.#refuseReserved(path);
    return this.volume.find(path);
  }

  userPlace(path: RelPath): ReturnType<Volume['place']> {
    this.#refuseReserved(path);
    return this.volume.place(path);
  }

  #refuseReserved(path: RelPath): void {
    if (path === RESERVED_FOLDER || path.startsWith(`${RESERVED_FOLDER}/`)) {
      throw new Refused('name-refused', `EINVAL ${path}`);
    }
  }

  found(node: SimNode): Found {
    return { kind: 'found', stamp: this.volume.stamp(node) };
  }

  entries(folder: SimNode): DiskEntry[] {
    return [...folder.children.values()].map((node) => ({
      name: node.name.isWellFormed() ? node.name : null,
      stamp: this.volume.stamp(node),
    }));
  }

  readableFile(node: SimNode, path: RelPath): SimNode {
    if (node.kind !== 'file') throw new Refused('busy', `EAGAIN ${path}`);
    if (!node.readable) throw new Refused('denied', `EACCES ${path}`);
    return node;
  }
}
