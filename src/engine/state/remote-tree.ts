/** The remote tree: post-states from journal pages and from the answers to our own claims, monotone per half of a node. */
import { nfcKey } from '../../core/names/fold.ts';
import type { RemoteHead, RemoteNode } from '../../core/tree/nodes.ts';
import type { Content, NodeKind } from '../../protocol/content.ts';
import { type NodeId, parseManifestId, parseNodeId, parseVersionId, ROOT_NODE } from '../../protocol/ids.ts';
import type { JournalEvent } from '../../protocol/journal.ts';
import type { Db } from './database.ts';
import { encodeOrigin } from './origin.ts';
import { RowCache } from './row-cache.ts';

interface Row {
  node: string;
  kind: NodeKind;
  parent: string;
  name: string;
  live: number;
  entry_rev: number;
  entry_seq: number;
  dead_seq: number | null;
  approved: number;
  version: string | null;
  number: number | null;
  head_seq: number;
  manifest: string | null;
  encoded: string | null;
  target: string | null;
  executable: number;
  size: number;
  mtime: string;
  author: string;
  head_origin: string;
  entry_origin: string;
}

/** A remote node with what fetching it needs. */
export interface RemoteRecord extends RemoteNode {
  /** Encoded manifest when the journal carried it. */
  readonly encoded: string | null;
  readonly author: string;
  /** Who last changed the content, and who the place or life: for `originOf`. */
  readonly headOrigin: string;
  readonly entryOrigin: string;
}

function toNode(row: Row): RemoteRecord {
  return {
    node: parseNodeId(row.node),
    kind: row.kind,
    parent: parseNodeId(row.parent),
    name: row.name,
    live: row.live === 1,
    entryRev: row.entry_rev,
    entrySeq: row.entry_seq,
    deadSeq: row.dead_seq,
    approved: row.approved === 1,
    head: headOf(row),
    encoded: row.encoded,
    author: row.author,
    headOrigin: row.head_origin,
    entryOrigin: row.entry_origin,
  };
}

function headOf(row: Row): RemoteHead | null {
  if (row.version === null) return null;
  const content: Content =
    row.kind === 'symlink'
      ? { kind: 'symlink', target: row.target ?? '' }
      : {
          kind: 'file',
          manifest: parseManifestId(row.manifest),
          size: row.size,
          executable: row.executable === 1,
        };
  return {
    version: parseVersionId(row.version),
    number: row.number ?? 0,
    content,
    mtimeNs: BigInt(row.mtime),
    seq: row.head_seq,
  };
}

const COLUMNS =
  'node, kind, parent, name, live, entry_rev, entry_seq, dead_seq, approved, version, number, head_seq, manifest, encoded, target, executable, size, mtime, author, head_origin, entry_origin';

function prepare(db: Db, table: 'remote' | 'remote_shadow') {
  const get = (where: string) =>
    db.prepare<(string | number)[], Row>(`SELECT ${COLUMNS} FROM ${table} WHERE ${where}`);
  return {
    byNode: get('node = ?'),
    byPlace: get('parent = ? AND nfc = ? AND live = 1'),
    dead: get('live = 0'),
    deadAt: get('parent = ? AND nfc = ? AND live = 0'),
    children: get('parent = ? AND live = 1'),
    liveBelow: db.prepare<[string], Row>(
      `WITH RECURSIVE below (id) AS (SELECT node FROM ${table} WHERE parent = ? AND live = 1
       UNION SELECT child.node FROM below CROSS JOIN ${table} AS child ON child.parent = below.id WHERE child.live = 1)
       SELECT ${COLUMNS} FROM below CROSS JOIN ${table} ON ${table}.node = below.id`,
    ),
    deadBatch: db.prepare<[string, number, number], Row>(
      `WITH RECURSIVE below (id) AS (SELECT node FROM ${table} WHERE parent = ? AND dead_seq = ?
       UNION SELECT child.node FROM below CROSS JOIN ${table} AS child ON child.parent = below.id WHERE child.dead_seq = ?)
       SELECT ${COLUMNS} FROM below CROSS JOIN ${table} ON ${table}.node = below.id`,
    ),
    put: db.prepare(
      `INSERT OR REPLACE INTO ${table} (${COLUMNS}, nfc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    life: db.prepare(
      `UPDATE ${table} SET live = ?, dead_seq = ?, entry_seq = ?, entry_rev = entry_rev + 1, approved = ?, entry_origin = ? WHERE node = ?`,
    ),
    newest: db.prepare<[], { seq: number | null }>(
      `SELECT max(max(entry_seq, head_seq)) AS seq FROM ${table}`,
    ),
    count: db.prepare<[], { count: number }>(
      `SELECT count(*) AS count FROM ${table} WHERE live = 1 AND kind <> 'folder'`,
    ),
  };
}

export class RemoteTree {
  private readonly sql: ReturnType<typeof prepare>;
  private readonly tell: (node: NodeId) => void;
  private readonly cache = new RowCache<RemoteRecord>();

  constructor(db: Db, changed: (node: NodeId) => void, table: 'remote' | 'remote_shadow' = 'remote') {
    this.sql = prepare(db, table);
    this.tell = changed;
  }

  get(node: NodeId): RemoteRecord | null {
    return this.cache.get(node, () => {
      const row = this.sql.byNode.get(node);
      return row ? toNode(row) : null;
    });
  }

  /** Rows were changed behind this object's back, or a transaction was undone. */
  forgetRows(): void {
    this.cache.clear();
  }

  private changed(node: NodeId): void {
    this.cache.forget(node);
    this.tell(node);
  }

  kindOf(node: NodeId): NodeKind | null {
    return this.get(node)?.kind ?? null;
  }

  /** The live node under a name; pages show moments, so there may be two: then the one that came last. */
  liveAt(parent: NodeId, name: string): RemoteRecord | null {
    const rows = this.sql.byPlace.all(parent, nfcKey(name));
    const first = rows[0];
    if (!first) return null;
    return toNode(rows.reduce((late, row) => (row.entry_seq > late.entry_seq ? row : late), first));
  }

  children(parent: NodeId): readonly RemoteRecord[] {
    return this.sql.children.all(parent).map(toNode);
  }

  liveBelow(folder: NodeId): readonly RemoteRecord[] {
    return this.sql.liveBelow.all(folder).map(toNode);
  }

  /** What died together with a dead node, below it. */
  deadWith(node: NodeId): readonly RemoteRecord[] {
    const seq = this.get(node)?.deadSeq ?? null;
    return seq === null ? [] : this.sql.deadBatch.all(node, seq, seq).map(toNode);
  }

  /** All that was deleted, as far back as the server tells. */
  dead(): readonly RemoteRecord[] {
    return this.sql.dead.all().map(toNode);
  }

  /** Of the newest change that is folded here. */
  newestSeq(): number {
    return this.sql.newest.get()?.seq ?? 0;
  }

  countFiles(): number {
    return this.sql.count.get()?.count ?? 0;
  }

  /**
   * Folds one post-state. Place and head advance separately and only forwards (RULES 15, 16): an older row changes
   * nothing. Returns false when the node's parent is unknown, so that the caller leaves it to the journal.
   */
  fold(event: JournalEvent): boolean {
    const parent = event.entry.parent ?? ROOT_NODE;
    const old = this.cache.knowsAbsent(event.node) ? undefined : this.sql.byNode.get(event.node);
    if (!old && event.node !== ROOT_NODE && parent !== ROOT_NODE && !this.get(parent)) return false;
    const newerEntry = !old || event.entry.seq >= old.entry_seq;
    const newerHead = event.head !== null && (!old || event.head.seq >= old.head_seq);
    if (newerEntry || newerHead) this.write(event, old ?? null, newerEntry, newerHead);
    if (event.subtree === 'dead') this.kill(event);
    if (event.subtree === 'revived' && event.revivedBatch !== null) this.revive(event, event.revivedBatch);
    return true;
  }

  /** Walking up from a folder, do we meet it again before the root? */
  isInCircle(folder: NodeId): boolean {
    for (
      let at = this.sql.byNode.get(folder)?.parent, steps = 0;
      at !== undefined && at !== ROOT_NODE;
      steps += 1
    ) {
      if (at === folder || steps > 1024) return true;
      at = this.sql.byNode.get(at)?.parent;
    }
    return false;
  }

  private write(event: JournalEvent, old: Row | null, newerEntry: boolean, newerHead: boolean): void {
    const entry = event.entry;
    const place =
      newerEntry || !old
        ? {
            parent: entry.parent ?? ROOT_NODE,
            name: entry.name,
            live: entry.live ? 1 : 0,
            rev: entry.rev,
            seq: entry.seq,
            dead: entry.deadSeq,
            approved: event.approved ? 1 : 0,
            origin: encodeOrigin(event),
          }
        : {
            parent: old.parent,
            name: old.name,
            live: old.live,
            rev: old.entry_rev,
            seq: old.entry_seq,
            dead: old.dead_seq,
            approved: old.approved,
            origin: old.entry_origin,
          };
    const head = newerHead ? headColumns(event) : oldHead(old);
    this.sql.put.run(
      event.node,
      event.kind,
      place.parent,
      place.name,
      place.live,
      place.rev,
      place.seq,
      place.dead,
      place.approved,
      head.version,
      head.number,
      head.seq,
      head.manifest,
      head.encoded,
      head.target,
      head.executable,
      head.size,
      head.mtime,
      head.author,
      head.origin,
      place.origin,
      nfcKey(place.name),
    );
    const row = {
      ...head,
      head_seq: head.seq,
      head_origin: head.origin,
      entry_origin: place.origin,
      node: event.node,
      kind: event.kind,
      parent: place.parent,
      name: place.name,
      live: place.live,
      approved: place.approved,
      entry_rev: place.rev,
      entry_seq: place.seq,
      dead_seq: place.dead,
    };
    this.cache.set(event.node, toNode(row));
    this.tell(event.node);
  }

  /** Everything below that lived and is not newer than the delete died with the folder. */
  private kill(event: JournalEvent): void {
    for (const row of this.sql.liveBelow.all(event.node)) {
      if (row.entry_seq > event.entry.seq || row.head_seq > event.entry.seq) continue;
      this.sql.life.run(
        0,
        event.entry.deadSeq ?? event.entry.seq,
        event.entry.seq,
        event.approved ? 1 : 0,
        encodeOrigin(event),
        row.node,
      );
      this.changed(parseNodeId(row.node));
    }
  }

  private revive(event: JournalEvent, batch: number): void {
    for (const row of this.sql.deadBatch.all(event.node, batch, batch)) {
      if (row.entry_seq > event.entry.seq) continue;
      this.sql.life.run(1, null, event.entry.seq, 0, encodeOrigin(event), row.node);
      this.changed(parseNodeId(row.node));
    }
  }
}

interface HeadColumns {
  readonly version: string | null;
  readonly number: number | null;
  readonly seq: number;
  readonly manifest: string | null;
  readonly encoded: string | null;
  readonly target: string | null;
  readonly executable: number;
  readonly size: number;
  readonly mtime: string;
  readonly author: string;
  readonly origin: string;
}

function headColumns(event: JournalEvent): HeadColumns {
  const head = event.head;
  if (!head) return oldHead(null);
  const content = head.content;
  const file = content.kind === 'file' ? content : null;
  return {
    version: head.version,
    number: head.number,
    seq: head.seq,
    manifest: file?.manifest ?? null,
    encoded: file?.encoded ?? null,
    target: content.kind === 'symlink' ? content.target : null,
    executable: file?.executable ? 1 : 0,
    size: file?.size ?? 0,
    mtime: head.mtimeNs,
    author: `${head.deviceName}, ${head.user}`,
    origin: encodeOrigin({ ...head, cause: head.seq === event.seq ? event.cause : 'edit' }),
  };
}

function oldHead(old: Row | null): HeadColumns {
  if (!old)
    return {
      version: null,
      number: null,
      seq: 0,
      manifest: null,
      encoded: null,
      target: null,
      executable: 0,
      size: 0,
      mtime: '0',
      author: '',
      origin: '',
    };
  return { ...old, seq: old.head_seq, origin: old.head_origin };
}
