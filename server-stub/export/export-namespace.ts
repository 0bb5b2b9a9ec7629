/** All of a namespace, as it is at one moment, while the server may be running. */
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type NamespaceId, type NodeId, parseNamespaceId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { normalUserName } from '../accounts/users.ts';
import { withErasureHeld } from '../backup/erasure-hold.ts';
import type { ChunkStore } from '../chunks/chunk-store.ts';
import type { MasterKeySource } from '../chunks/folder/master-key.ts';
import { alwaysThere } from '../chunks/sites.ts';
import { type DataFolder, existingDataFolder, openPresentStore, reason } from '../data-folder.ts';
import type { MetadataStore, ReadTx } from '../metadata/metadata-store.ts';
import type { HeadRow, NamespaceRow, NodeState } from '../metadata/rows.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { markIn } from '../replication/side-folder.ts';
import { openStandingStore, openStandingStores } from '../side-stores.ts';
import { makeFile, makeFolder, type PlainParts } from './plain-files.ts';

const PAGE = 1000;

export interface ExportOptions {
  readonly data: string;
  /** Id of a namespace, or the name of a user: then it is their personal one. */
  readonly what: string;
  readonly to: string;
  readonly masterKey: MasterKeySource;
  /** The second store: what the first one lost, or holds damaged, is read there. */
  readonly replica?: string;
}

export interface Exported {
  readonly namespace: NamespaceId;
  readonly folders: number;
  readonly files: number;
  /** Lines in the history. */
  readonly versions: number;
  /** Under other names than they have, because this disk cannot hold those. */
  readonly renamed: readonly string[];
  readonly unreadable: readonly string[];
}

interface Tree {
  readonly ns: NamespaceRow;
  readonly live: ReadonlyMap<NodeId, NodeState>;
  readonly dead: readonly NodeState[];
}

/** Throws a Refusal where it cannot be done. */
export async function exportNamespace(options: ExportOptions): Promise<Exported> {
  const folder = await existingDataFolder(resolve(options.data));
  const to = await openNew(resolve(options.to));
  const store = await openPresentStore(folder);
  try {
    const chunks = await openChunks(store, folder, options);
    try {
      return await withErasureHeld(store, 'an export', async (goOn) => {
        const tree = await readTree(store, await find(store, options.what));
        const parts = { store, chunks, tenant: tree.ns.tenant };
        return new Export(parts, tree, goOn).write(to);
      });
    } finally {
      await chunks.close();
    }
  } finally {
    await store.close();
  }
}

/** The chunks of a server that may be running: nothing is written to them. */
async function openChunks(
  store: MetadataStore,
  folder: DataFolder,
  { masterKey, replica }: ExportOptions,
): Promise<ChunkStore> {
  const parts = { folder, store, masterKey, lanes: 1 };
  const second = replica === undefined ? null : resolve(replica);
  if (second !== null) {
    const known = await store.read(async (tx) => tx.site('replica'));
    const found = await markIn(second, 'replica');
    if (found === null || found !== known?.id)
      throw new Refusal(`${second} is not the second store of this server, or its disk is not there.`);
  }
  if (second === null) return openStandingStores(parts);
  const side = await openStandingStore(parts, second);
  try {
    return await openStandingStores(parts, { replica: alwaysThere(side) });
  } catch (cause) {
    await side.close();
    throw cause;
  }
}

async function openNew(to: string): Promise<string> {
  try {
    await mkdir(to, { recursive: true });
    if ((await readdir(to)).length === 0) return to;
  } catch (cause) {
    throw new Refusal(`The folder ${to} cannot be created or written (${reason(cause)}).`);
  }
  throw new Refusal(`${to} is not empty; give a new folder. Nothing was written.`);
}

function find(store: MetadataStore, what: string): Promise<NamespaceId> {
  return store.read(async (tx) => {
    const user = await tx.userByName(normalUserName(what));
    const [own] = user === null ? [] : await tx.namespacesOf(user.id);
    if (own !== undefined) return own.id;
    const id = asNamespace(what);
    if (id === null || (await tx.namespace(id)) === null)
      throw new Refusal(`There is no user and no namespace "${what}" here.`);
    return id;
  });
}

function asNamespace(text: string): NamespaceId | null {
  try {
    return parseNamespaceId(text);
  } catch {
    return null;
  }
}

/** One view of all of it. */
function readTree(store: MetadataStore, id: NamespaceId): Promise<Tree> {
  return store.read(async (tx) => {
    const ns = await tx.namespace(id);
    if (ns === null) throw new Refusal('The namespace is gone.');
    const live = await statesOf(tx, id, true);
    return {
      ns,
      live: new Map(live.map((state) => [state.node.id, state])),
      dead: await statesOf(tx, id, false),
    };
  });
}

async function statesOf(tx: ReadTx, ns: NamespaceId, live: boolean): Promise<readonly NodeState[]> {
  const found: NodeState[] = [];
  for (;;) {
    const page = await tx.statesAfter(ns, live, found.at(-1)?.node.id ?? null, PAGE);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

class Export {
  readonly #parts: PlainParts;
  readonly #tree: Tree;
  readonly #goOn: () => Promise<void>;
  readonly #children = new Map<NodeId, NodeState[]>();
  /** Where each live node was written, from the top of the export. */
  readonly #places = new Map<NodeId, string>();
  readonly #renamed: string[] = [];
  readonly #unreadable: string[] = [];
  #folders = 0;
  #files = 0;

  constructor(parts: PlainParts, tree: Tree, goOn: () => Promise<void>) {
    this.#parts = parts;
    this.#tree = tree;
    this.#goOn = goOn;
    for (const state of tree.live.values()) {
      const parent = state.node.parent ?? ROOT_NODE;
      const list = this.#children.get(parent) ?? [];
      list.push(state);
      this.#children.set(parent, list);
    }
  }

  async write(to: string): Promise<Exported> {
    const { ns } = this.#tree;
    await mkdir(join(to, 'files'));
    await this.#writeBelow(ROOT_NODE, join(to, 'files'), '');
    const versions = await this.#writeHistory(join(to, 'history.jsonl'));
    const exported: Exported = {
      namespace: ns.id,
      folders: this.#folders,
      files: this.#files,
      versions,
      renamed: this.#renamed,
      unreadable: this.#unreadable,
    };
    const facts = { ...exported, at: new Date(realClock.now()).toISOString(), seq: ns.headSeq };
    await writeFile(join(to, 'export.json'), `${JSON.stringify(facts, null, 2)}\n`);
    return exported;
  }

  /** Without recursion: how deep folders are is up to the user. */
  async #writeBelow(top: NodeId, at: string, path: string): Promise<void> {
    const open = [{ id: top, at, path }];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      for (const { node, head } of this.#children.get(folder.id) ?? []) {
        await this.#goOn();
        const said = folder.path === '' ? node.name : `${folder.path}/${node.name}`;
        this.#places.set(node.id, said);
        if (node.kind === 'folder') {
          const name = await makeFolder(folder.at, node.name);
          this.#folders += 1;
          if (name !== node.name) this.#renamed.push(said);
          open.push({ id: node.id, at: join(folder.at, name), path: said });
        } else if (head !== null) await this.#writeFile(folder.at, said, node.name, head);
      }
    }
  }

  async #writeFile(inside: string, said: string, name: string, { version }: HeadRow): Promise<void> {
    const made = await makeFile(this.#parts, inside, name, version);
    this.#files += 1;
    if (made.name !== name) this.#renamed.push(said);
    if (made.trouble !== null) this.#unreadable.push(`${said}: ${made.trouble}`);
  }

  /** A line for every version of every file, also of those that are deleted. */
  async #writeHistory(path: string): Promise<number> {
    const file = await open(path, 'wx');
    let lines = 0;
    try {
      for (const state of [...this.#tree.live.values(), ...this.#tree.dead]) {
        if (state.node.kind === 'folder') continue;
        await this.#goOn();
        const told = await this.#historyOf(state);
        lines += told.length;
        await file.writeFile(told.map((line) => `${JSON.stringify(line)}\n`).join(''));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return lines;
  }

  #historyOf({ node }: NodeState): Promise<readonly object[]> {
    const { ns } = this.#tree;
    return this.#parts.store.read(async (tx) => {
      const versions = await tx.history(ns.id, node.id);
      return Promise.all(
        versions.map(async ({ version }) => {
          const { content } = version;
          const { deviceName, userName } = await tx.author(version.device);
          return {
            path: this.#places.get(node.id) ?? node.name,
            file: node.id,
            deleted: !node.live,
            version: version.number,
            id: version.id,
            basedOn: version.base,
            isCurrent: node.live && node.head === version.id,
            committedAt: new Date(version.at).toISOString(),
            editedAt: new Date(version.editedAt).toISOString(),
            user: userName,
            device: deviceName,
            ...(content.kind === 'file'
              ? { size: content.size, executable: content.executable, manifest: content.manifest }
              : { linkTo: content.target }),
          };
        }),
      );
    });
  }
}
