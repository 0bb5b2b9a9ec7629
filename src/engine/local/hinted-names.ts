/** Names that hints told of: each is looked at, or its folder is listed where one look would not tell enough. */
import { LOCAL_IGNORE_FILE } from '../../core/ignore/rules.ts';
import { foldKey } from '../../core/names/fold.ts';
import { pathIn } from '../../core/names/path-parts.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import type { Operations } from '../executor/operations.ts';
import type { State } from '../state/state.ts';
import type { Entries, Judges } from './entries.ts';
import { IGNORE_FILE } from './ignore-files.ts';
import type { LookQueue } from './look-queue.ts';
import type { Sighting } from './sightings.ts';

const LOOKS_AT_ONCE = 4096;

export class HintedNames {
  private readonly env: Environment;
  private readonly state: State;
  private readonly operations: Operations;
  private readonly queue: LookQueue;
  private readonly entries: Entries;
  private readonly judges: Judges;

  constructor(
    env: Environment,
    state: State,
    operations: Operations,
    queue: LookQueue,
    entries: Entries,
    judges: Judges,
  ) {
    this.env = env;
    this.state = state;
    this.operations = operations;
    this.queue = queue;
    this.entries = entries;
    this.judges = judges;
  }

  async lookAtHints(): Promise<void> {
    const hints = this.queue.takeNames();
    const looks: { parent: NodeId; folder: RelPath; name: string }[] = [];
    for (const [folder, names] of hints) {
      const parent = this.resolve(folder);
      // What is below a folder that is not observed is not either; when the folder is, all of it is listed.
      if (parent === null || this.state.local.hiddenAbove(parent) !== null) continue;
      if (names.has('') || names.has(IGNORE_FILE) || names.has(LOCAL_IGNORE_FILE)) {
        this.queue.list(parent);
        continue;
      }
      // Where case is folded, only a listing tells what a name really is.
      if (this.judges.judge.foldsCase && [...names].some((name) => this.isUnsureName(parent, name, names)))
        this.queue.list(parent);
      else for (const name of names) looks.push({ parent, folder, name });
    }
    for (let i = 0; i < looks.length; i += LOOKS_AT_ONCE) await this.look(looks.slice(i, i + LOOKS_AT_ONCE));
  }

  private isUnsureName(parent: NodeId, name: string, hinted: ReadonlySet<string>): boolean {
    const key = foldKey(name);
    if (this.state.local.atFolded(parent, name)?.name !== name) return true;
    return [...hinted].some((other) => other !== name && foldKey(other) === key);
  }

  /** The node of a hinted folder; for one we do not know yet, its nearest known ancestor is listed instead. */
  private resolve(folder: RelPath): NodeId | null {
    let path = folder;
    while (path !== '') {
      const node = this.state.nodeAt(path);
      if (node) {
        if (path === folder) return node;
        break;
      }
      const cut = path.lastIndexOf('/');
      path = cut < 0 ? '' : path.slice(0, cut);
    }
    if (path === folder) return ROOT_NODE;
    const known = path === '' ? ROOT_NODE : this.state.nodeAt(path);
    const first = folder.slice(path === '' ? 0 : path.length + 1).split('/')[0];
    if (known && first !== undefined) {
      this.queue.addName(path, first);
    }
    return null;
  }

  private async look(looks: readonly { parent: NodeId; folder: RelPath; name: string }[]): Promise<void> {
    const moment = this.operations.beginLook();
    const found = await this.env.disk.lookMany(looks.map((each) => pathIn(each.folder, each.name)));
    const sightings: Sighting[] = [];
    this.judges.ignore.follow();
    looks.forEach((each, i) => {
      const outcome = found[i];
      this.judges.strangers.forget(pathIn(each.folder, each.name));
      if (outcome?.kind === 'found') {
        const entry = { name: each.name, stamp: outcome.stamp };
        const sighting = this.entries.sightingOf(each.parent, each.folder, entry, new Set());
        if (sighting) sightings.push(sighting);
        return;
      }
      const parent = this.state.local.current(each.parent);
      if (outcome?.trouble !== 'gone' && outcome?.trouble !== 'not-folder') {
        // What there was to see would be forgotten: the folder is listed, or told as one that cannot be.
        this.queue.list(parent);
        return;
      }
      const row = this.state.local.at(parent, each.name);
      if (row) this.entries.missed(row, moment);
      // What it stayed for may be gone.
      if (this.state.local.get(parent)?.condition === 'leftover') this.queue.list(parent);
    });
    await this.judges.judge.judge(sightings, moment);
    this.operations.endLook(moment);
  }
}
