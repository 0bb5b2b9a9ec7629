/**
 * A person with editors and a shell, on a simulated volume. Actions take time between their system calls, so that the
 * engine sees every half-done state; what the person saved or gave up is written into the ledger.
 */
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import type { UserAction } from '../scenarios/actions.ts';
import type { Tree } from '../scenarios/tree.ts';
import type { Diary } from './checks/diary.ts';
import type { Domain } from './clock.ts';
import { type Ledger, nameOfBytes, nameOfLink } from './ledger.ts';
import type { Volume } from './volume.ts';
import { Refused, type SimNode } from './volume-node.ts';

const SLOW_MS = 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Workplace {
  /** Of the machine. */
  readonly name: string;
  readonly volume: Volume;
  readonly life: Domain;
  readonly ledger: Ledger;
  readonly diary: Diary;
  /** Milliseconds between the system calls of one action. */
  readonly pace: () => number;
}

export class SimUser {
  readonly #name: string;
  readonly #diary: Diary;
  readonly #volume: Volume;
  readonly #life: Domain;
  readonly #ledger: Ledger;
  readonly #pace: () => number;

  constructor({ name, volume, life, ledger, diary, pace }: Workplace) {
    this.#name = name;
    this.#volume = volume;
    this.#life = life;
    this.#ledger = ledger;
    this.#diary = diary;
    this.#pace = pace;
  }

  async act(action: UserAction): Promise<void> {
    switch (action.do) {
      case 'write':
        return this.#write(action.path, encoder.encode(action.text));
      case 'append':
        return this.#append(action.path, action.text);
      case 'save':
        return this.#save(action.path, action.text);
      case 'save-aside':
        return this.#saveAside(action.path, action.text, action.keep === true);
      case 'recreate':
        this.#remove(action.path);
        await this.#wait();
        return this.#write(action.path, encoder.encode(action.text));
      case 'edit-keeping-time': {
        const before = this.#volume.find(action.path).mtimeNs;
        await this.#write(action.path, encoder.encode(action.text));
        this.#volume.setTimes(this.#volume.find(action.path), before);
        return;
      }
      case 'copy':
        return this.#copy(action.from, action.to);
      case 'move':
        return this.#move(action.from, action.to);
      case 'swap':
        return this.#ring([action.a, action.b]);
      case 'ring':
        return this.#ring(action.paths);
      case 'mkdir':
        return this.#mkdir(action.path);
      case 'remove':
        return this.#remove(action.path);
      case 'remove-all':
        return this.#removeAll(action.path);
      case 'chmod': {
        const node = this.#volume.find(action.path);
        this.#handle(node);
        this.#volume.setMode(node, { executable: action.executable });
        return;
      }
      case 'link':
        return this.#link(action.path, action.target);
      case 'touch':
        this.#volume.setTimes(this.#volume.find(action.path), BigInt(action.at) * 1_000_000_000n);
        return;
      case 'permit': {
        const { read: readable, write: writable } = action;
        this.#volume.setMode(this.#volume.find(action.path), {
          ...(readable === undefined ? {} : { readable }),
          ...(writable === undefined ? {} : { writable }),
        });
        return;
      }
    }
  }

  #wait(): Promise<void> {
    return this.#life.sleep(this.#pace());
  }

  /** Through a descriptor that stays with the object, truncated first, in two halves. */
  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const { folder, name } = this.#volume.place(path);
    let node = this.#volume.childOf(folder, name);
    const over = node === undefined ? null : contentName(node);
    if (node === undefined)
      node = this.#volume.create(folder, name, { kind: 'file', bytes: new Uint8Array(0) });
    else this.#giveUp(node);
    if (node.kind !== 'file') throw new Refused('taken', `EISDIR ${path}`);
    node.writers += 1;
    // Also if the disk is full half way: what stands there then is this person's doing.
    this.#diary.made(path);
    try {
      this.#put(node, new Uint8Array(0));
      if (bytes.length > 8 && bytes.length < 10_000) {
        await this.#wait();
        this.#put(node, bytes.slice(0, bytes.length >> 1));
      }
      await this.#wait();
      this.#put(node, bytes);
    } finally {
      node.writers -= 1;
    }
    this.#saved(bytes, path, over);
  }

  async #append(path: string, text: string): Promise<void> {
    const node = this.#volume.find(path);
    const bytes = encoder.encode(decoder.decode(node.bytes) + text);
    const over = contentName(node);
    this.#giveUp(node);
    this.#put(node, bytes);
    this.#saved(bytes, path, over);
  }

  async #save(path: string, text: string): Promise<void> {
    const bytes = encoder.encode(text);
    const { folder, name } = this.#volume.place(path);
    const old = this.#volume.childOf(folder, name);
    const temporary = this.#volume.create(folder, `.${name.slice(0, 200)}.tmp${folder.children.size}`, {
      kind: 'file',
      bytes: new Uint8Array(0),
      executable: old?.executable === true,
    });
    const begun = this.#life.monotonic();
    this.#diary.made(this.#volume.pathOf(temporary));
    await this.#wait();
    this.#put(temporary, bytes);
    await this.#wait();
    const there = this.#volume.childOf(folder, name);
    if (there !== undefined) this.#takeAway(there);
    // So slow that it was a file of its own, and perhaps under a rule now: then nothing is known to come after it.
    this.#diary.left(this.#volume.pathOf(temporary));
    this.#volume.rename(temporary, folder, name, true);
    this.#saved(bytes, path, there === undefined ? null : contentName(there));
    // So slow that the temporary file may rightly have become a version of its own.
    if (this.#life.monotonic() - begun > SLOW_MS) this.#ledger.extra(nameOfBytes(bytes));
  }

  async #saveAside(path: string, text: string, keep: boolean): Promise<void> {
    const bytes = encoder.encode(text);
    const { folder, name } = this.#volume.place(path);
    const old = this.#volume.find(path);
    const aside = this.#volume.childOf(folder, `${name}~`);
    if (aside !== undefined) this.#takeAway(aside);
    this.#carry(old);
    this.#volume.rename(old, folder, `${name}~`, true);
    await this.#wait();
    const fresh = this.#volume.create(folder, name, { kind: 'file', bytes: new Uint8Array(0) });
    this.#put(fresh, bytes);
    this.#saved(bytes, path, contentName(old));
    await this.#wait();
    if (keep || old.parent === null) return;
    this.#takeAway(old);
    this.#volume.remove(old);
  }

  async #copy(from: string, to: string): Promise<void> {
    const source = this.#volume.find(from);
    await this.#write(to, source.bytes);
    this.#volume.setTimes(this.#volume.find(to), source.mtimeNs);
  }

  #move(from: string, to: string): void {
    const node = this.#volume.find(from);
    const { folder, name } = this.#volume.place(to);
    const there = this.#volume.childOf(folder, name);
    if (there !== undefined && there !== node) this.#takeAway(there);
    for (const each of below(node)) this.#carry(each);
    this.#volume.rename(node, folder, name, true);
    this.#diary.moved(from, to);
  }

  async #ring(paths: readonly string[]): Promise<void> {
    const nodes = paths.map((path) => this.#volume.find(path));
    const places = paths.map((path) => this.#volume.place(path));
    const last = nodes[nodes.length - 1]!;
    for (const node of nodes) for (const each of below(node)) this.#carry(each);
    for (const path of paths) this.#diary.moved(path, path);
    this.#volume.rename(last, places[0]!.folder, `.ring${last.ino}`, false);
    for (let i = nodes.length - 2; i >= 0; i -= 1) {
      await this.#wait();
      this.#volume.rename(nodes[i]!, places[i + 1]!.folder, places[i + 1]!.name, false);
    }
    await this.#wait();
    this.#volume.rename(last, places[0]!.folder, places[0]!.name, false);
  }

  #mkdir(path: string): void {
    this.#diary.made(path);
    let folder = this.#volume.root;
    for (const part of path.split('/')) {
      folder = this.#volume.childOf(folder, part) ?? this.#volume.create(folder, part, { kind: 'folder' });
    }
  }

  #remove(path: string): void {
    const node = this.#volume.find(path);
    this.#takeAway(node);
    this.#volume.remove(node);
  }

  /** As `rm -r`: from the inside out, and it fails when something new turned up meanwhile. */
  async #removeAll(path: string): Promise<void> {
    const top = this.#volume.find(path);
    for (const node of below(top).reverse()) {
      if (node.parent === null) continue;
      if (node.kind === 'folder' && node.children.size > 0) continue;
      this.#takeAway(node);
      this.#volume.remove(node);
      await this.#wait();
    }
  }

  #link(path: string, target: string): void {
    const { folder, name } = this.#volume.place(path);
    const there = this.#volume.childOf(folder, name);
    if (there !== undefined) {
      this.#takeAway(there);
      this.#volume.remove(there);
    }
    this.#volume.create(folder, name, { kind: 'symlink', target });
    this.#ledger.saved(nameOfLink(target), `link to ${target}`);
    this.#diary.saved(nameOfLink(target), path, there === undefined ? null : contentName(there));
  }

  #put(node: SimNode, bytes: Uint8Array): void {
    this.#volume.write(node, bytes);
    this.#ledger.shown(nameOfBytes(bytes));
  }

  #saved(bytes: Uint8Array, path: string, over: string | null): void {
    this.#ledger.saved(nameOfBytes(bytes), label(bytes));
    this.#diary.saved(nameOfBytes(bytes), path, over);
  }

  /** May rightly make a version more without a new content. */
  #handle(node: SimNode): void {
    this.#ledger.extra(contentName(node));
    this.#diary.handled(contentName(node));
  }

  #carry(node: SimNode): void {
    this.#handle(node);
    this.#gone(node);
  }

  #gone(node: SimNode): void {
    const folder = this.#volume.stamp(node.parent ?? this.#volume.root).fileId;
    this.#diary.removed(
      this.#volume.stamp(node).fileId,
      this.#volume.pathOf(node),
      folder,
      contentName(node),
    );
  }

  /** The object itself goes, or something else takes its place. */
  #takeAway(node: SimNode): void {
    this.#giveUp(node);
    this.#gone(node);
  }

  #giveUp(node: SimNode): void {
    for (const each of below(node)) this.#ledger.superseded(this.#name, contentName(each));
  }
}

/** The object and everything below it, parents first. */
export function below(node: SimNode): SimNode[] {
  return [node, ...[...node.children.values()].flatMap(below)];
}

/** The reserved folder is not the user's, nor is that of a share in theirs. */
export function isOurs(path: string): boolean {
  return `/${path}/`.includes(`/${RESERVED_FOLDER}/`);
}

export function contentName(node: SimNode): string {
  if (node.kind === 'file') return nameOfBytes(node.bytes);
  return node.kind === 'symlink' ? nameOfLink(node.target) : node.kind;
}

export function label(bytes: Uint8Array): string {
  const text = decoder.decode(bytes.subarray(0, 60));
  return bytes.length > 60 ? `${text}… (${bytes.length} bytes)` : text;
}

/** What the user sees, as comparable lines; the reserved folder is not theirs. */
export function treeOf(volume: Volume): Tree {
  const tree = new Map<string, string>();
  for (const node of below(volume.root).slice(1)) {
    const path = volume.pathOf(node);
    if (isOurs(path)) continue;
    tree.set(path, describeNode(node));
  }
  return tree;
}

function describeNode(node: SimNode): string {
  switch (node.kind) {
    case 'folder':
      return 'folder';
    case 'symlink':
      return `link ${node.target}`;
    case 'file':
      return `${node.executable ? 'executable' : 'file'} ${JSON.stringify(decoder.decode(node.bytes))}`;
    default:
      return node.kind;
  }
}
