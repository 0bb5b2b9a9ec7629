/** Contents that say what they are, so that half of one is told from a whole one, and what a folder holds in their words. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Everything below a folder: a path with the label of its content, 'folder', or 'link to …'. */
export type Held = Readonly<Record<string, string>>;

const LINE = 64;
/** How often a look at a folder is repeated. */
const LOOKS = 20;

export class Contents {
  readonly #labels = new Map<string, string>();

  /** Bytes that nothing else has: the label in every line. */
  make(label: string, bytes = 3000): Buffer {
    const lines = Math.ceil(bytes / LINE);
    const text = Array.from({ length: lines }, (_, i) => `${label} ${i} `.padEnd(LINE - 1, '.')).join('\n');
    const content = Buffer.from(text);
    this.#labels.set(digest(content), label);
    return content;
  }

  /** The label of these bytes, or what they are instead. */
  name(bytes: Buffer): string {
    return this.#labels.get(digest(bytes)) ?? `no whole content, ${bytes.length} bytes`;
  }

  /** What is below `folder`; looked at anew where somebody moved something away between two looks. */
  held(folder: string): Held {
    for (let left = LOOKS; ; left -= 1) {
      try {
        return this.#below(folder, '');
      } catch (error) {
        if (left === 0 || !(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
          throw error;
      }
    }
  }

  /** The suffix of a conflict copy is cut to '(conflict)'. */
  #below(folder: string, below: string): Held {
    const found: Record<string, string> = {};
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (path === '.tidemark') continue;
      found[plain(path)] = this.#describe(join(folder, path));
      if (entry.isDirectory()) Object.assign(found, this.#below(folder, path));
    }
    return found;
  }

  #describe(path: string): string {
    const stat = lstatSync(path);
    if (stat.isDirectory()) return 'folder';
    if (stat.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
    return this.name(readFileSync(path));
  }
}

function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}

function plain(path: string): string {
  return path.replace(/ \(conflict - [^)]*\)/g, ' (conflict)');
}

/** The same paths with the same contents? */
export function isSame(left: Held, right: Held): boolean {
  const paths = Object.keys(left);
  return paths.length === Object.keys(right).length && paths.every((path) => left[path] === right[path]);
}

export function show(held: Held): string {
  const lines = Object.keys(held)
    .sort()
    .map((path) => `${path}: ${held[path]}`);
  return lines.length === 0 ? 'nothing' : lines.join('; ');
}
