/** Lines of an answer, read inside one transaction; names of people and folders are remembered on the way. */
import type { ConflictId, DeviceId, NamespaceId, NodeId, VersionId } from '../../src/protocol/ids.ts';
import { PathReader } from '../journal/places.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { JournalRead, NodeRow, VersionRow } from '../metadata/rows.ts';
import { type KeepingRules, keepingOf } from '../retention/what-is-kept.ts';
import type { ChangeLine, ConflictLine, NodeLine, Reach, VersionLine, Wake, Who } from './answer.ts';

/** What the running server remembers of a device; null: this is not the running server. */
export type WakeBook = (device: DeviceId) => Wake;

export interface ExplainContext {
  readonly tx: ReadTx;
  readonly rules: KeepingRules;
  readonly wakes: WakeBook | null;
}

type Keeping = Awaited<ReturnType<typeof keepingOf>>;

export class LineReader {
  readonly tx: ReadTx;
  readonly rules: KeepingRules;
  readonly #wakes: WakeBook | null;
  readonly #people = new Map<DeviceId, Who>();
  readonly #owners = new Map<NamespaceId, string>();
  readonly #paths = new Map<NamespaceId, PathReader>();
  readonly #kept = new Map<string, Keeping>();

  constructor({ tx, rules, wakes }: ExplainContext) {
    this.tx = tx;
    this.rules = rules;
    this.#wakes = wakes;
  }

  wake(device: DeviceId): Wake | null {
    return this.#wakes === null ? null : this.#wakes(device);
  }

  async who(device: DeviceId): Promise<Who> {
    const known = this.#people.get(device);
    if (known !== undefined) return known;
    const { deviceName, userName } = await this.tx.author(device);
    const who = { device, deviceName, user: userName };
    this.#people.set(device, who);
    return who;
  }

  async owner(ns: NamespaceId): Promise<string> {
    const known = this.#owners.get(ns);
    if (known !== undefined) return known;
    const row = await this.tx.namespace(ns);
    const user = row === null ? null : await this.tx.user(row.owner);
    const shares = user === null ? [] : await this.tx.sharesOf(user.name);
    const share = shares.find((each) => each.share.namespace === ns)?.share;
    const owner = share === undefined ? (user?.name ?? '') : `${share.name} (shared)`;
    this.#owners.set(ns, owner);
    return owner;
  }

  async nodeLine(ns: NamespaceId, node: NodeRow): Promise<NodeLine> {
    const path = await this.pathOf(ns, node);
    const owner = await this.owner(ns);
    return { namespace: ns, owner, node: node.id, nodeKind: node.kind, path, live: node.live };
  }

  /** Null: there is none of this id, or not any more. */
  async lineOf(ns: NamespaceId, id: NodeId): Promise<NodeLine | null> {
    const node = await this.tx.node(ns, id);
    return node === null ? null : this.nodeLine(ns, node);
  }

  async pathOf(ns: NamespaceId, node: NodeRow): Promise<string> {
    const reader = this.#paths.get(ns) ?? new PathReader(this.tx, ns);
    this.#paths.set(ns, reader);
    return `/${await reader.pathOf(node)}`;
  }

  async versionLine(ns: NamespaceId, version: VersionRow): Promise<VersionLine> {
    const row = await this.tx.journalRow(ns, version.seq);
    const node = await this.tx.node(ns, version.node);
    const kept = node === null ? undefined : (await this.#keeping(ns, node)).get(version.id);
    const { id, number, base, seq, at, editedAt, content } = version;
    return {
      version: id,
      number,
      base,
      seq,
      at,
      editedAt,
      by: await this.who(version.device),
      key: row?.key ?? null,
      outcome: row?.cause ?? null,
      content,
      isHead: node?.head === id,
      kept: kept === undefined ? null : { why: kept.why, until: kept.until, label: kept.label?.name ?? null },
    };
  }

  /** Null: there is no such version, or its node was forgotten. */
  async versionOf(ns: NamespaceId, id: VersionId | null): Promise<VersionLine | null> {
    const row = id === null ? null : await this.tx.version(ns, id);
    return row === null ? null : this.versionLine(ns, row);
  }

  async changeLine(ns: NamespaceId, row: JournalRead): Promise<ChangeLine> {
    const folder = row.node.parent === null ? null : await this.tx.node(ns, row.node.parent);
    return {
      namespace: ns,
      seq: row.seq,
      at: row.at,
      cause: row.cause,
      by: await this.who(row.device),
      key: row.key,
      node: row.node.id,
      name: row.node.name,
      folder: folder === null ? '/' : await this.pathOf(ns, folder),
      withAllBelow: row.subtree !== null,
      conflict: row.conflict,
    };
  }

  async conflictLine(ns: NamespaceId, id: ConflictId): Promise<ConflictLine | null> {
    const row = await this.tx.conflict(ns, id);
    if (row === null) return null;
    const { cause, status, at, originalPath } = row;
    const path = originalPath === null ? null : `/${originalPath}`;
    return { namespace: ns, conflict: id, cause, status, at, by: await this.who(row.device), path };
  }

  /** How far the devices of a namespace are, measured by one change of it. */
  async reach(ns: NamespaceId, seq: number, limit: number): Promise<readonly Reach[]> {
    const space = await this.tx.namespace(ns);
    if (space === null) return [];
    const lines: Reach[] = [];
    for (const device of (await this.tx.devicesIn(ns)).slice(0, limit)) {
      const acked = await this.tx.ackedCursor(device.id, ns);
      const isOther = acked !== null && acked.epoch !== space.epoch;
      const has = acked !== null && !isOther && acked.seq >= seq;
      lines.push({
        by: await this.who(device.id),
        ackedSeq: acked?.seq ?? null,
        ackedAt: acked?.at ?? null,
        behind: space.headSeq - (acked === null || isOther ? 0 : acked.seq),
        verdict: acked === null ? 'never-acknowledged' : isOther ? 'other-epoch' : has ? 'has-it' : 'behind',
        wake: this.wake(device.id),
      });
    }
    return lines;
  }

  async #keeping(ns: NamespaceId, node: NodeRow): Promise<Keeping> {
    const key = `${ns} ${node.id}`;
    const known = this.#kept.get(key) ?? (await keepingOf(this.tx, ns, node, this.rules));
    this.#kept.set(key, known);
    return known;
  }
}

/** The personal namespace of a user, and those shared with them. */
export async function namespacesOfUser(lines: LineReader, name: string): Promise<ReadonlySet<NamespaceId>> {
  const { tx } = lines;
  const user = await tx.userByName(name.normalize('NFC').trim());
  if (user === null) return new Set();
  const personal = (await tx.namespacesOf(user.id)).map(({ id }) => id);
  const shared = (await tx.sharesOf(user.name)).map(({ share }) => share.namespace);
  return new Set([...personal, ...shared]);
}
