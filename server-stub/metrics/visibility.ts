/** How long a change takes until another device has it: from its commit to the first acknowledgement of each other device. */
import type { DeviceId, NamespaceId } from '../../src/protocol/ids.ts';

/** Commits of a namespace that are waited for, and namespaces that are remembered: what is older is given up. */
const COMMITS = 64;
const NAMESPACES = 5000;
const DEVICES = 1000;

interface Commit {
  readonly seq: number;
  readonly by: DeviceId;
  readonly at: number;
}

interface Space {
  readonly commits: Commit[];
  readonly acked: Map<DeviceId, number>;
}

export class Visibility {
  readonly #monotonic: () => number;
  readonly #observe: (ms: number) => void;
  readonly #spaces = new Map<NamespaceId, Space>();

  constructor(monotonic: () => number, observe: (ms: number) => void) {
    this.#monotonic = monotonic;
    this.#observe = observe;
  }

  committed(ns: NamespaceId, seq: number, by: DeviceId): void {
    const { commits } = this.#spaceOf(ns);
    commits.push({ seq, by, at: this.#monotonic() });
    if (commits.length > COMMITS) commits.shift();
  }

  /** Each commit counts once for each device, the first time that it says it has it. */
  acked(ns: NamespaceId, device: DeviceId, seq: number): void {
    const space = this.#spaces.get(ns);
    if (space === undefined) return;
    const before = space.acked.get(device) ?? 0;
    if (seq <= before) return;
    if (space.acked.size >= DEVICES) space.acked.clear();
    space.acked.set(device, seq);
    const now = this.#monotonic();
    for (const commit of space.commits)
      if (commit.seq > before && commit.seq <= seq && commit.by !== device) this.#observe(now - commit.at);
  }

  #spaceOf(ns: NamespaceId): Space {
    const known = this.#spaces.get(ns) ?? { commits: [], acked: new Map() };
    this.#spaces.delete(ns);
    this.#spaces.set(ns, known);
    for (const oldest of this.#spaces.keys()) {
      if (this.#spaces.size <= NAMESPACES) break;
      this.#spaces.delete(oldest);
    }
    return known;
  }
}
