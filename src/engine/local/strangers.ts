/**
 * What stands in the folder and never becomes a node: pipes, other mounts, lost roots, names that are not text. Each is told as a
 * problem of its path, until the path shows something else.
 */
import { folderOf } from '../../core/names/path-parts.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import type { State } from '../state/state.ts';

export type StrangerKind = 'kind' | 'mount' | 'root' | 'text';

const CODES: Readonly<Record<StrangerKind, ErrorCode>> = {
  kind: 'not-a-file',
  mount: 'other-mount',
  root: 'share-astray',
  text: 'name-not-text',
};

export class Strangers {
  private readonly state: State;
  /** Path by subject. */
  private readonly known = new Map<string, RelPath>();

  constructor(state: State) {
    this.state = state;
    for (const { subject, path } of state.problems.list())
      if (/^(kind|mount|root|text):/.test(subject)) this.known.set(subject, path);
  }

  /** `node`: the one that stands there by its name, if one does. */
  met(kind: StrangerKind, path: RelPath, node: NodeId | null, now: number): void {
    const subject = `${kind}:${path}`;
    this.known.set(subject, path);
    this.state.problems.put({
      subject,
      node,
      path: path || 'the folder',
      code: CODES[kind],
      facts: {},
      since: now,
    });
  }

  /** A path shows something ordinary, or nothing. */
  forget(path: RelPath): void {
    if (this.known.size === 0) return;
    for (const kind of ['kind', 'mount', 'root'] as const) this.drop(`${kind}:${path}`);
  }

  /**
   * A folder was listed whole: what was not met in it again is gone, and so is whatever stood below a name that it does not
   * show any more. `met`: their subjects.
   */
  listed(folder: RelPath, met: ReadonlySet<string>, names: ReadonlySet<string | null>): void {
    for (const [subject, path] of this.known) {
      const place = subject.startsWith('text:') ? path : folderOf(path);
      const isGone = place === folder ? !met.has(subject) : !standsBelow(place, folder, names);
      if (isGone) this.drop(subject);
    }
  }

  private drop(subject: string): void {
    if (this.known.delete(subject)) this.state.problems.clear(subject);
  }
}

/** Not below this folder at all, or below something that it shows. */
function standsBelow(place: RelPath, folder: RelPath, names: ReadonlySet<string | null>): boolean {
  const prefix = folder === '' ? '' : `${folder}/`;
  if (!place.startsWith(prefix)) return true;
  const [first = ''] = place.slice(prefix.length).split('/');
  return names.has(first);
}
