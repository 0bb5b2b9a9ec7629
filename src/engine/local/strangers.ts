/**
 * What stands in the folder and never becomes a node: pipes, other mounts, names that are not text. Each is told as a
 * problem of its path, until the path shows something else.
 */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import type { State } from '../state/state.ts';

export type StrangerKind = 'kind' | 'mount' | 'text';

const CODES: Readonly<Record<StrangerKind, ErrorCode>> = {
  kind: 'not-a-file',
  mount: 'other-mount',
  text: 'name-not-text',
};

export class Strangers {
  private readonly state: State;
  /** Path by subject. */
  private readonly known = new Map<string, RelPath>();

  constructor(state: State) {
    this.state = state;
    for (const { subject, path } of state.problems.list())
      if (/^(kind|mount|text):/.test(subject)) this.known.set(subject, path);
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
    for (const kind of ['kind', 'mount'] as const) this.drop(`${kind}:${path}`);
  }

  /** A folder was listed whole: what was not met in it again is gone. `met`: their subjects. */
  listed(folder: RelPath, met: ReadonlySet<string>): void {
    for (const [subject, path] of this.known) {
      const isHere =
        subject === `text:${folder}` || (!subject.startsWith('text:') && parentOf(path) === folder);
      if (isHere && !met.has(subject)) this.drop(subject);
    }
  }

  private drop(subject: string): void {
    if (this.known.delete(subject)) this.state.problems.clear(subject);
  }
}

function parentOf(path: RelPath): RelPath {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}
