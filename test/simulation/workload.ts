/**
 * What random people do: a choice that depends on what their folder shows at that moment, with contents that carry
 * their own number, so that each can be followed through the whole system.
 */
import { IGNORE_FILE } from '../../src/core/ignore/rules.ts';
import type { UserAction } from '../scenarios/actions.ts';
import type { Machine } from './machine.ts';
import type { Stream } from './random.ts';
import { below, isOurs } from './sim-user.ts';
import type { SimNode } from './volume-node.ts';

const FILE_NAMES = ['a', 'b', 'c', 'd.txt', 'e.txt', 'F'] as const;
const FOLDER_NAMES = ['D', 'E', 'G', 'b'] as const;
const DEEPEST = 4;

/** What people do with files, and how often. */
export const KINDS_OF_WORK = {
  create: 20,
  edit: 18,
  append: 6,
  save: 12,
  'save-aside': 5,
  recreate: 4,
  'write-old-again': 5,
  'move-file': 12,
  'move-over': 4,
  'move-folder': 7,
  mkdir: 9,
  remove: 8,
  'remove-all': 4,
  swap: 5,
  ring: 2,
  chmod: 4,
  link: 2,
  touch: 1,
} as const;
export type WorkKind = keyof typeof KINDS_OF_WORK;

/** What people ask the engine for. */
export const VERB_KINDS = {
  restore: 3,
  undelete: 4,
  resolve: 4,
  review: 3,
  'remove-folder': 4,
  'bring-folder': 3,
  ignore: 3,
  pause: 2,
  resume: 2,
} as const;
export type VerbKind = keyof typeof VERB_KINDS;

export type ActionKind = WorkKind | VerbKind;

export function isVerb(kind: string): kind is VerbKind {
  return kind in VERB_KINDS;
}

/** Contents that carry their own number: the place of the action in the plan. */
export class Tokens {
  readonly #texts: string[] = [];
  readonly #ofPath = new Map<string, string[]>();
  count = 0;

  fresh(stream: Stream, author: string, id: number): string {
    this.count += 1;
    const padding = stream.chance(0.02) ? 300_000 : stream.below(40);
    const text = `T${id} by ${author} ${'x'.repeat(padding)}`;
    if (padding < 1000) this.#texts.push(text);
    return text;
  }

  /** Something that somebody wrote before, mostly at this very path: an undo, a checkout of an older state. */
  old(stream: Stream, author: string, path: string, id: number): string {
    const own = this.#ofPath.get(path) ?? [];
    if (own.length > 0 && stream.chance(0.7)) return stream.pick(own);
    return this.#texts.length === 0 ? this.fresh(stream, author, id) : stream.pick(this.#texts);
  }

  /** Notes what is about to be written where. */
  chose(action: UserAction): void {
    if (!('text' in action) || action.do === 'append' || action.text.length > 1000) return;
    this.#ofPath.set(action.path, [...(this.#ofPath.get(action.path) ?? []), action.text]);
  }
}

interface Sight {
  readonly files: readonly string[];
  readonly links: readonly string[];
  readonly folders: readonly string[];
}

function look(machine: Machine): Sight {
  const { volume } = machine;
  const sight = { files: [] as string[], links: [] as string[], folders: [] as string[] };
  const lists: Partial<Record<SimNode['kind'], string[]>> = {
    file: sight.files,
    symlink: sight.links,
    folder: sight.folders,
  };
  for (const node of below(volume.root).slice(1)) {
    const path = volume.pathOf(node);
    if (!isOurs(path) && !path.startsWith(IGNORE_FILE)) lists[node.kind]?.push(path);
  }
  return sight;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function depth(path: string): number {
  return path === '' ? 0 : path.split('/').length;
}

export interface Work {
  readonly kind: WorkKind;
  readonly machine: Machine;
  /** Of this action alone. */
  readonly stream: Stream;
  readonly tokens: Tokens;
  /** Its place in the plan. */
  readonly id: number;
}

/** What that kind of work comes to on this machine now, or `null` when the choice makes no sense there. */
export function actionOf(work: Work): UserAction | null {
  const action = choose(work);
  if (action !== null) work.tokens.chose(action);
  return action;
}

/** One more thing that somebody does on this machine, without a plan. */
export function nextAction(machine: Machine, stream: Stream, tokens: Tokens): UserAction | null {
  return actionOf({ kind: stream.weighted(KINDS_OF_WORK), machine, stream, tokens, id: tokens.count });
}

function choose(work: Work): UserAction | null {
  const { kind, machine, stream, tokens, id } = work;
  const sight = look(machine);
  const parents = ['', '', ...sight.folders].filter((path) => depth(path) < DEEPEST);
  const newFile = (): string => join(stream.pick(parents), stream.pick(FILE_NAMES));
  const newFolder = (): string => join(stream.pick(parents), stream.pick(FOLDER_NAMES));
  const text = (): string => tokens.fresh(stream, machine.name, id);
  const free = (path: string): boolean => !sight.folders.includes(path) && !sight.links.includes(path);
  switch (kind) {
    case 'create': {
      const path = newFile();
      return free(path) ? { do: 'write', path, text: text() } : null;
    }
    case 'mkdir':
      return { do: 'mkdir', path: newFolder() };
    case 'link': {
      const path = newFile();
      return sight.folders.includes(path) || sight.files.includes(path)
        ? null
        : { do: 'link', path, target: text().slice(0, 12).trim() };
    }
    case 'move-folder':
    case 'remove-all':
      return sight.folders.length === 0 ? null : onFolder(kind, stream.pick(sight.folders), newFolder());
    default:
      return sight.files.length === 0
        ? null
        : onFile(kind, stream.pick(sight.files), { ...work, sight, newFile, text });
  }
}

function onFolder(kind: 'move-folder' | 'remove-all', path: string, to: string): UserAction {
  return kind === 'remove-all' ? { do: 'remove-all', path } : { do: 'move', from: path, to };
}

interface FileChoice extends Work {
  readonly sight: Sight;
  readonly newFile: () => string;
  readonly text: () => string;
}

type FileKind = Exclude<WorkKind, 'create' | 'mkdir' | 'link' | 'move-folder' | 'remove-all'>;

function onFile(kind: FileKind, path: string, choice: FileChoice): UserAction | null {
  const { sight, stream, newFile, text, tokens, machine, id } = choice;
  const other = stream.pick(sight.files);
  switch (kind) {
    case 'edit':
      return { do: 'write', path, text: text() };
    case 'append':
      return { do: 'append', path, text: ` +${text()}` };
    case 'save':
    case 'recreate':
      return { do: kind, path, text: text() };
    case 'save-aside':
      return { do: 'save-aside', path, text: text(), keep: stream.chance(0.3) };
    case 'write-old-again':
      return { do: 'write', path, text: tokens.old(stream, machine.name, path, id) };
    case 'move-file':
      return { do: 'move', from: path, to: newFile() };
    case 'move-over':
      return other === path ? null : { do: 'move', from: path, to: other };
    case 'swap':
      return other === path ? null : { do: 'swap', a: path, b: other };
    case 'ring': {
      const paths = [...new Set([path, other, stream.pick(sight.files)])];
      return paths.length < 3 ? null : { do: 'ring', paths };
    }
    case 'remove':
      return { do: 'remove', path };
    case 'chmod':
      return { do: 'chmod', path, executable: stream.chance(0.7) };
    case 'touch':
      return { do: 'touch', path, at: stream.below(2_000_000_000) };
  }
}
