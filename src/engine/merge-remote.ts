/** What the server has for a first sync: its living files by path, and what was deleted at which path. */

import { nfcKey } from '../core/names/fold.ts';
import { pathIn } from '../core/names/path-parts.ts';
import { contentKey } from '../protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../protocol/ids.ts';
import type { RelPath } from './environment/disk.ts';
import type { PlanRefused } from './merge-plan.ts';
import type { Server } from './remote/server.ts';
import type { RemoteRecord } from './state/remote-tree.ts';
import type { State } from './state/state.ts';

export interface LivingFile {
  readonly path: RelPath;
  readonly key: string;
  readonly size: number;
}

export interface RemoteFiles {
  readonly living: ReadonlyMap<string, LivingFile>;
  readonly graves: Graves;
}

interface Grave {
  readonly node: NodeId;
  readonly key: string;
  /** It had other versions before the one it died with. */
  readonly hadMore: boolean;
}

/** Files that were deleted, by the path they stood at. Older versions of one are asked for only when it comes to them. */
export class Graves {
  private readonly server: Server;
  private readonly byPath = new Map<string, Grave[]>();
  private readonly versions = new Map<NodeId, ReadonlySet<string>>();

  constructor(server: Server) {
    this.server = server;
  }

  add(path: RelPath, { node, head }: RemoteRecord): void {
    if (!head) return;
    const grave = { node, key: contentKey(head.content), hadMore: head.number > 1 };
    const here = this.byPath.get(nfcKey(path));
    if (here) here.push(grave);
    else this.byPath.set(nfcKey(path), [grave]);
  }

  mayHold(path: RelPath): boolean {
    return this.byPath.has(nfcKey(path));
  }

  /** Was this content ever a version of something that was deleted at this path? */
  async held(path: RelPath, key: string): Promise<boolean | PlanRefused> {
    const graves = this.byPath.get(nfcKey(path)) ?? [];
    if (graves.some((grave) => grave.key === key)) return true;
    for (const grave of graves) {
      if (!grave.hadMore) continue;
      const versions = await this.versionsOf(grave.node);
      if ('code' in versions) return versions;
      if (versions.has(key)) return true;
    }
    return false;
  }

  private async versionsOf(node: NodeId): Promise<ReadonlySet<string> | PlanRefused> {
    const known = this.versions.get(node);
    if (known) return known;
    const history = await this.server.history(node);
    if (history.kind === 'trouble') return { code: history.code, facts: { detail: history.detail } };
    const keys = new Set(history.value.versions.map(({ content }) => contentKey(content)));
    this.versions.set(node, keys);
    return keys;
  }
}

/** Reads the whole namespace into `state`, which is new and thrown away afterwards. */
export async function readRemote(server: Server, state: State): Promise<RemoteFiles | PlanRefused> {
  let continuation: string | null = null;
  do {
    const page = await server.snapshot(continuation);
    if (page.kind === 'trouble') return { code: page.code, facts: { detail: page.detail } };
    state.transaction(() => {
      for (const event of page.value.events) state.remote.fold(event);
    });
    continuation = page.value.continuation;
  } while (continuation !== null);
  const living = new Map<string, LivingFile>();
  walk(state, ROOT_NODE, '', (path, { head }) => {
    if (!head) return;
    const { content } = head;
    const size = content.kind === 'file' ? content.size : 0;
    living.set(nfcKey(path), { path, key: contentKey(content), size });
  });
  const graves = new Graves(server);
  for (const row of state.remote.dead()) {
    const path = row.kind === 'folder' ? null : state.remotePathOf(row.node);
    if (path !== null) graves.add(path, row);
  }
  return { living, graves };
}

function walk(
  state: State,
  folder: NodeId,
  path: RelPath,
  met: (path: RelPath, file: RemoteRecord) => void,
): void {
  for (const child of state.remote.children(folder)) {
    const at = pathIn(path, child.name);
    if (child.kind === 'folder') walk(state, child.node, at, met);
    else met(at, child);
  }
}
