/** Open files: the user's for reading, staged ones for random access. */
import type {
  Bytes,
  DiskOutcome,
  Done,
  Found,
  OpenFile,
  RelPath,
  StagedWriter,
  StageMeta,
} from '../environment/disk.ts';
import type { DiskCalls } from './node-disk-calls.ts';
import { closeDescriptor, readAt, stampOf, writeAt } from './node-disk-descriptors.ts';
import { type failed, failed as failure, isFailure } from './node-disk-errors.ts';
import type { StampMaker } from './node-disk-stamps.ts';

/** Descriptors that are open, so that closing the disk leaves none behind. */
export class Handles {
  readonly #open = new Set<number>();

  add(fd: number): void {
    this.#open.add(fd);
  }

  has(fd: number): boolean {
    return this.#open.has(fd);
  }

  /** Closes once, however often it is asked: a number closed twice could be another file's by then. */
  async close(fd: number): Promise<void> {
    if (this.#open.delete(fd)) await closeDescriptor(fd);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open].map((fd) => this.close(fd)));
  }
}

class Handle {
  readonly fd: number;
  readonly label: RelPath;
  readonly #handles: Handles;

  constructor(handles: Handles, fd: number, label: RelPath) {
    this.#handles = handles;
    this.fd = fd;
    this.label = label;
    handles.add(fd);
  }

  /** Runs only while the descriptor is ours. */
  async use<Success extends { readonly kind: string }>(
    act: (fd: number, label: RelPath) => Promise<DiskOutcome<Success>>,
  ): Promise<DiskOutcome<Success> | ReturnType<typeof failed>> {
    return this.#handles.has(this.fd) ? act(this.fd, this.label) : failure('EBADF', this.label);
  }

  close(): Promise<void> {
    return this.#handles.close(this.fd);
  }
}

export class NodeOpenFile implements OpenFile {
  readonly #handle: Handle;
  readonly #stamps: StampMaker;

  constructor(handles: Handles, fd: number, label: RelPath, stamps: StampMaker) {
    this.#handle = new Handle(handles, fd, label);
    this.#stamps = stamps;
  }

  stamp(): Promise<DiskOutcome<Found>> {
    return this.#handle.use((fd, label) => stampOf(fd, this.#stamps, label));
  }

  read(offset: number, length: number, into?: Uint8Array): Promise<DiskOutcome<Bytes>> {
    return this.#handle.use((fd, label) => readAt(fd, offset, length, label, into));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

export class NodeStagedWriter implements StagedWriter {
  readonly #handle: Handle;
  readonly #calls: DiskCalls;
  readonly #sourceTrouble: (path: RelPath) => ReturnType<typeof failed> | null;

  constructor(
    handles: Handles,
    fd: number,
    label: RelPath,
    calls: DiskCalls,
    sourceTrouble: (path: RelPath) => ReturnType<typeof failed> | null,
  ) {
    this.#handle = new Handle(handles, fd, label);
    this.#calls = calls;
    this.#sourceTrouble = sourceTrouble;
  }

  write(offset: number, bytes: Uint8Array): Promise<DiskOutcome<Done>> {
    return this.#handle.use((fd, label) => writeAt(fd, offset, bytes, label));
  }

  async copyFrom(
    path: RelPath,
    sourceOffset: number,
    offset: number,
    length: number,
  ): Promise<DiskOutcome<Done>> {
    const trouble = this.#sourceTrouble(path);
    if (trouble !== null) return trouble;
    return this.#handle.use(async (fd): Promise<DiskOutcome<Done>> => {
      const copied = await this.#calls.copyRange(path, sourceOffset, fd, offset, length);
      return isFailure(copied) ? copied : { kind: 'done' };
    });
  }

  read(offset: number, length: number, into?: Uint8Array): Promise<DiskOutcome<Bytes>> {
    return this.#handle.use((fd, label) => readAt(fd, offset, length, label, into));
  }

  async finish(size: number, meta: StageMeta): Promise<DiskOutcome<Found>> {
    const outcome = await this.#handle.use((fd) => this.#calls.finish(fd, size, meta));
    await this.#handle.close();
    return outcome;
  }

  abandon(): Promise<void> {
    return this.#handle.close();
  }
}
