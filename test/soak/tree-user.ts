/** A user at work in a large real tree: everyday edits of whatever stands there. What cannot be done is left out. */
import {
  appendFileSync,
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Stream } from '../simulation/random.ts';

type Deed = (user: TreeUser) => void;

const PROGRAM = 0o755;
const PLAIN = 0o644;
/** A folder with more in it is not deleted: the tree has to last. */
const MOST_DELETED = 15;
/** The tree is listed anew after so many deeds, on average. */
const LIST_EVERY = 50;

/** Each as often as it stands here. */
const DEEDS: readonly (readonly [times: number, name: string, deed: Deed])[] = [
  [6, 'edit in place', (user) => user.editInPlace()],
  [3, 'save over', (user) => user.saveOver()],
  [1, 'write the same again', (user) => user.writeAgain()],
  [4, 'new file', (user) => writeFileSync(join(user.aFolder(), user.name('new')), `text ${user.count}\n`)],
  [1, 'new folder', (user) => mkdirSync(join(user.aFolder(), user.name('folder')))],
  [3, 'move file', (user) => user.moveTo(user.aFile(), user.aFolder())],
  [1, 'move folder', (user) => user.moveTo(user.aFolder(), user.aFolder())],
  [2, 'delete file', (user) => unlinkSync(user.aFile())],
  [1, 'delete folder', (user) => user.deleteFolder()],
  [1, 'program bit', (user) => chmodSync(user.aPlainFile(), user.random.chance(0.5) ? PROGRAM : PLAIN)],
  [1, 'link', (user) => symlinkSync(`../nowhere ${user.count}`, join(user.aFolder(), user.name('link')))],
];

export class TreeUser {
  readonly random: Stream;
  readonly done = new Map<string, number>();
  count = 0;
  private readonly root: string;
  private files: readonly string[] = [];
  private folders: readonly string[] = [];

  constructor(root: string, random: Stream) {
    this.root = root;
    this.random = random;
  }

  act(): void {
    if (this.files.length === 0 || this.random.chance(1 / LIST_EVERY)) this.look();
    this.count += 1;
    const total = DEEDS.reduce((sum, [times]) => sum + times, 0);
    let at = this.random.below(total);
    const found = DEEDS.find(([times]) => {
      at -= times;
      return at < 0;
    });
    if (!found) return;
    try {
      found[2](this);
      this.done.set(found[1], (this.done.get(found[1]) ?? 0) + 1);
    } catch (error) {
      // What was there a moment ago may have been moved by the other side.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  name(what: string): string {
    return `${what} ${this.count} ${this.random.below(1e6)}`;
  }

  aFile(): string {
    return this.random.pick(this.files);
  }

  aPlainFile(): string {
    const path = this.aFile();
    if (!lstatSync(path).isFile()) throw Object.assign(new Error('a link'), { code: 'ELOOP' });
    return path;
  }

  aFolder(): string {
    return this.random.pick(this.folders);
  }

  editInPlace(): void {
    const path = this.aPlainFile();
    const at = this.random.below(Math.max(1, lstatSync(path).size));
    const descriptor = openSync(path, 'r+');
    writeSync(descriptor, `<${this.count}>`, at);
    closeSync(descriptor);
  }

  saveOver(): void {
    const path = this.aPlainFile();
    const temporary = `${path}.tmp${this.count}`;
    writeFileSync(temporary, Buffer.concat([readFileSync(path), Buffer.from(`[${this.count}]`)]));
    renameSync(temporary, path);
  }

  writeAgain(): void {
    const path = this.aPlainFile();
    const before = readFileSync(path);
    appendFileSync(path, 'x');
    writeFileSync(path, before);
  }

  moveTo(from: string, folder: string): void {
    if (from === this.root || folder === from || folder.startsWith(`${from}/`)) return;
    renameSync(from, join(folder, basename(from)));
  }

  deleteFolder(): void {
    const folder = this.aFolder();
    if (folder === this.root || readdirSync(folder, { recursive: true }).length > MOST_DELETED) return;
    rmSync(folder, { recursive: true });
  }

  private look(): void {
    const files: string[] = [];
    const folders = [this.root];
    for (const folder of folders)
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.name === '.tidemark') continue;
        const path = join(folder, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else files.push(path);
      }
    this.files = files;
    this.folders = folders;
  }
}
