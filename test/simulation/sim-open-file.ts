/** Descriptors of the simulated disk: they follow the object, whatever becomes of its name. */
import type {
  Bytes,
  DiskOutcome,
  Done,
  Found,
  OpenFile,
  RelPath,
  StagedWriter,
  StageMeta,
} from '../../src/engine/environment/disk.ts';
import type { DiskCalls } from './disk-calls.ts';
import { Refused, type SimNode } from './volume-node.ts';

const DONE: Done = { kind: 'done' };

export class SimOpenFile implements OpenFile {
  readonly #calls: DiskCalls;
  readonly #node: SimNode;
  #open = true;

  constructor(calls: DiskCalls, node: SimNode) {
    this.#calls = calls;
    this.#node = node;
  }

  stamp(): Promise<DiskOutcome<Found>> {
    return this.#calls.act('stat', this.#node.name, () => {
      checkOpen(this.#open);
      return this.#calls.found(this.#node);
    });
  }

  read(offset: number, length: number): Promise<DiskOutcome<Bytes>> {
    return this.#calls.act('read', this.#node.name, () => {
      checkOpen(this.#open);
      return { kind: 'bytes' as const, bytes: this.#node.bytes.slice(offset, offset + length) };
    });
  }

  async close(): Promise<void> {
    this.#open = false;
    await this.#calls.pause();
  }
}

export class SimStagedWriter implements StagedWriter {
  readonly #calls: DiskCalls;
  readonly #node: SimNode;
  #open = true;

  constructor(calls: DiskCalls, node: SimNode) {
    this.#calls = calls;
    this.#node = node;
    node.writers += 1;
  }

  write(offset: number, bytes: Uint8Array): Promise<DiskOutcome<Done>> {
    return this.#calls.act('write', this.#node.name, () => {
      this.#put(offset, bytes);
      return DONE;
    });
  }

  copyFrom(path: RelPath, sourceOffset: number, offset: number, length: number): Promise<DiskOutcome<Done>> {
    return this.#calls.act('copy', path, () => {
      const source = this.#calls.readableFile(this.#calls.volume.find(path), path);
      const bytes = source.bytes.slice(sourceOffset, sourceOffset + length);
      if (bytes.length < length) throw new Refused('gone', `short read of ${path}`);
      this.#put(offset, bytes);
      return DONE;
    });
  }

  read(offset: number, length: number): Promise<DiskOutcome<Bytes>> {
    return this.#calls.act('read', this.#node.name, () => ({
      kind: 'bytes' as const,
      bytes: this.#node.bytes.slice(offset, offset + length),
    }));
  }

  finish(size: number, meta: StageMeta): Promise<DiskOutcome<Found>> {
    return this.#calls.act('finish', this.#node.name, () => {
      const node = this.#node;
      const bytes = new Uint8Array(size);
      bytes.set(node.bytes.subarray(0, size));
      this.#calls.volume.write(node, bytes);
      this.#calls.volume.setMode(node, { executable: meta.executable });
      this.#calls.volume.setTimes(node, meta.mtimeNs);
      this.#close();
      return this.#calls.found(node);
    });
  }

  async abandon(): Promise<void> {
    await this.#calls.pause();
    this.#close();
  }

  #close(): void {
    if (this.#open) this.#node.writers -= 1;
    this.#open = false;
  }

  #put(offset: number, bytes: Uint8Array): void {
    checkOpen(this.#open);
    const old = this.#node.bytes;
    const grown = new Uint8Array(Math.max(old.length, offset + bytes.length));
    grown.set(old);
    grown.set(bytes, offset);
    this.#calls.volume.write(this.#node, grown);
  }
}

function checkOpen(open: boolean): void {
  if (!open) throw new Refused('input-output', 'EBADF');
}
