import { baseName, folderOf } from '../names/path-parts.ts';
import { toByteString } from './byte-string.ts';
import { DEFAULT_IGNORE } from './defaults.ts';
import { lastMatch } from './match.ts';
import { parseIgnore, type Rule } from './parse.ts';

/** Name of the files that rules are read from. They are synced like any other file. */
export const IGNORE_FILE = '.tidemarkignore';
/** Its twin: rules of this device alone, as if they stood below those of the file. A reserved name: never synced. */
export const LOCAL_IGNORE_FILE = '.tidemarkignore.local';

/** A larger ignore file is not a list of rules; its reader keeps the rules it had and says so. */
export const IGNORE_FILE_BYTES = 1024 * 1024;

export interface IgnoreFile {
  /** Folder it stands in, relative to the root; '' is the root. */
  readonly folder: string;
  readonly text: string;
}

export interface Verdict {
  readonly excluded: boolean;
  /** The line that decided, also when it decided for inclusion; null when no line matched. */
  readonly rule: string | null;
  /** Where that line stands; a folder of null means the built-in defaults. */
  readonly source: { readonly folder: string | null; readonly line: number } | null;
}

const NO_RULE: Verdict = { excluded: false, rule: null, source: null };
/** Folders whose verdicts are remembered: siblings ask for the same parents again and again. */
const REMEMBERED = 4096;

/**
 * The rules of all ignore files of a tree, as one value: a plan is made with one of these, whatever happens to the files
 * meanwhile. A deeper file goes before a shallower one, a later line before an earlier one, the defaults come last; what
 * stands below an excluded folder cannot be included again.
 */
export class IgnoreRules {
  readonly #defaults: readonly Rule[];
  readonly #byFolder: ReadonlyMap<string, readonly Rule[]>;
  readonly #folders = new Map<string, Verdict>();

  private constructor(defaults: readonly Rule[], byFolder: ReadonlyMap<string, readonly Rule[]>) {
    this.#defaults = defaults;
    this.#byFolder = byFolder;
  }

  /** Rules of these files over `defaults`, the built-in ones unless others are given. */
  static of(files: readonly IgnoreFile[], defaults: string = DEFAULT_IGNORE): IgnoreRules {
    const byFolder = new Map(files.map(({ folder, text }) => [folder, parseIgnore(text)]));
    return new IgnoreRules(parseIgnore(defaults), byFolder);
  }

  /** Whether the rules leave out what stands at `path` (components joined by '/'). The root is never excluded. */
  isExcluded(path: string, isFolder: boolean): Verdict {
    if (path === '') return NO_RULE;
    const above = this.#excludedFolder(folderOf(path));
    return above ?? this.#judge(path, isFolder);
  }

  /** The verdict on the nearest excluded folder among `folder` and those above it, or null. */
  #excludedFolder(folder: string): Verdict | null {
    if (folder === '') return null;
    const known = this.#folders.get(folder);
    if (known !== undefined) return known.excluded ? known : null;
    const verdict = this.#excludedFolder(folderOf(folder)) ?? this.#judge(folder, true);
    if (this.#folders.size >= REMEMBERED) this.#folders.clear();
    this.#folders.set(folder, verdict);
    return verdict.excluded ? verdict : null;
  }

  /** What the rules say of a path whose parent folders are all included: the deepest file that has a say decides. */
  #judge(path: string, isFolder: boolean): Verdict {
    const name = toByteString(baseName(path));
    for (let folder: string | null = folderOf(path); folder !== null; ) {
      const rules = this.#byFolder.get(folder);
      if (rules !== undefined) {
        const below = toByteString(folder === '' ? path : path.slice(folder.length + 1));
        const rule = lastMatch(rules, { path: below, name, isFolder });
        if (rule !== null) return verdictOf(rule, folder);
      }
      folder = folder === '' ? null : folderOf(folder);
    }
    const rule = lastMatch(this.#defaults, { path: toByteString(path), name, isFolder });
    return rule === null ? NO_RULE : verdictOf(rule, null);
  }
}

function verdictOf(rule: Rule, folder: string | null): Verdict {
  return { excluded: !rule.negated, rule: rule.text, source: { folder, line: rule.line } };
}
