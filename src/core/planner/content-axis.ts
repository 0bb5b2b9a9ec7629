/** Content, where both sides live: what the bytes did here against what the head did there. */
import { sameContent } from '../../protocol/content.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import type { Intent } from './intents.ts';

type Here = 'same' | 'touched' | 'edited' | 'unhashed';
type There = 'same' | 'new-head';
type Cell = (view: TreeView, local: LocalNode, remote: RemoteNode, synced: SyncedNode) => Intent | null;

export function contentHere(local: LocalNode, synced: SyncedNode): Here {
  if (local.kind === 'folder') return 'same';
  if (local.content === null) return 'unhashed';
  if (!sameContent(local.content, synced.content)) return 'edited';
  return local.stamp === synced.stamp ? 'same' : 'touched';
}

export function contentThere(remote: RemoteNode, synced: SyncedNode): There {
  return remote.head === null || remote.head.version === synced.version ? 'same' : 'new-head';
}

const hash: Cell = (_, { node }) => ({ kind: 'hash', node, rule: 'changed on disk: read it first' });
const adopt =
  (rule: string): Cell =>
  (_, { node }) => ({ kind: 'adopt', node, rule });

/** The head moved and the bytes here are those last agreed on. */
const takeHead: Cell = (view, { node, kind }, remote, synced) => {
  if (remote.head && sameContent(remote.head.content, synced.content)) {
    return { kind: 'adopt', node, rule: 'same × new head, same content: adopt' };
  }
  if (kind === 'symlink' && !view.handlesSymlinks) {
    return {
      kind: 'hold',
      node,
      code: 'name-held',
      facts: { detail: 'this disk has no symbolic links' },
      rule: 'same × new head: this disk cannot hold it',
    };
  }
  return { kind: 'replace', node, rule: 'same × new head: download' };
};

const clash: Cell = (_, { node, content }, remote) =>
  remote.head && sameContent(remote.head.content, content)
    ? { kind: 'adopt', node, rule: 'edited × new head, same content: adopt' }
    : { kind: 'edit', node, rule: 'edited × new head, other content: finalize forks' };

export const CONTENT: Readonly<Record<Here, Readonly<Record<There, Cell>>>> = {
  same: { same: () => null, 'new-head': takeHead },
  touched: {
    same: adopt('touched, same content: only the stamp is new'),
    'new-head': adopt('touched, same content: only the stamp is new'),
  },
  edited: {
    same: (_, { node }) => ({ kind: 'edit', node, rule: 'edited × same: upload, base = synced version' }),
    'new-head': clash,
  },
  unhashed: { same: hash, 'new-head': hash },
};
