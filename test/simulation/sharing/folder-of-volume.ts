/** A folder of a volume as the root of a disk: whatever stands at its path now is what shows. */
import type { RelPath } from '../../../src/engine/environment/disk.ts';
import type { FileTree } from '../file-tree.ts';
import type { Volume } from '../volume.ts';
import type { Change, CreateKind, SimNode, VolumeOptions } from '../volume-node.ts';

export class FolderOfVolume implements FileTree {
  readonly #volume: Volume;
  readonly #path: RelPath;

  constructor(volume: Volume, path: RelPath) {
    this.#volume = volume;
    this.#path = path;
  }

  get root(): SimNode {
    return this.#volume.find(this.#path);
  }

  get options(): VolumeOptions {
    return this.#volume.options;
  }

  get capacity(): number {
    return this.#volume.capacity;
  }

  find(path: RelPath): SimNode {
    return this.#volume.find(this.#below(path));
  }

  place(path: RelPath): ReturnType<Volume['place']> {
    return this.#volume.place(this.#below(path));
  }

  childOf(folder: SimNode, name: string): SimNode | undefined {
    return this.#volume.childOf(folder, name);
  }

  create(folder: SimNode, name: string, what: CreateKind): SimNode {
    return this.#volume.create(folder, name, what);
  }

  write(node: SimNode, bytes: Uint8Array): void {
    this.#volume.write(node, bytes);
  }

  setTimes(node: SimNode, mtimeNs: bigint): void {
    this.#volume.setTimes(node, mtimeNs);
  }

  setMode(...args: Parameters<Volume['setMode']>): void {
    this.#volume.setMode(...args);
  }

  rename(node: SimNode, folder: SimNode, name: string, replace: boolean): void {
    this.#volume.rename(node, folder, name, replace);
  }

  exchange(a: SimNode, b: SimNode): void {
    this.#volume.exchange(a, b);
  }

  remove(node: SimNode): void {
    this.#volume.remove(node);
  }

  removeAll(node: SimNode): void {
    this.#volume.removeAll(node);
  }

  stamp(node: SimNode): ReturnType<Volume['stamp']> {
    return this.#volume.stamp(node);
  }

  flushFile(node: SimNode): void {
    this.#volume.flushFile(node);
  }

  flushFolder(folder: SimNode): void {
    this.#volume.flushFolder(folder);
  }

  flushAll(): void {
    this.#volume.flushAll();
  }

  listen(listener: (change: Change) => void): () => void {
    return this.#volume.listen(listener);
  }

  used(): number {
    return this.#volume.used();
  }

  #below(path: RelPath): RelPath {
    return path === '' ? this.#path : `${this.#path}/${path}`;
  }
}
