/** The story of one file or folder: names, places, versions, deaths, and who has heard of it. */
import { type NamespaceId, type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Decision } from '../metadata/job-rows.ts';
import type { JournalRead, NodeRow } from '../metadata/rows.ts';
import { nodeActions } from './actions.ts';
import type { ChangeLine, ConflictLine, Grave, NodeStory, VersionLine } from './answer.ts';
import type { LineReader } from './reader.ts';

const NAMES = 200;
const CHANGES = 50;
const VERSIONS = 50;
const DEVICES = 100;
const CONFLICTS = 50;
const CHILDREN = 100;
const DECISIONS = 20;
/** Of the newest changes, those that the lineage job has not read yet: looked through one by one. */
const UNREAD = 2000;

/** `after`: `v<number>`, `c<seq>` or `n<name>`, from an earlier answer. */
export async function nodeStory(
  lines: LineReader,
  ns: NamespaceId,
  id: NodeId,
  after: string | null,
): Promise<NodeStory | null> {
  const { tx } = lines;
  const node = await tx.node(ns, id);
  if (node === null) return null;
  const from = pageOf(after);
  const at = await lines.nodeLine(ns, node);
  const { rows, unread } = await changesOf(lines, ns, id, from.changes);
  const versions = await versionsOf(lines, ns, id, from.versions);
  const children = await tx.childrenAfter(ns, id, from.names, CHILDREN);
  const grave = await graveOf(lines, ns, node, rows);
  const inTrash = grave?.standing === 'in-trash';
  const changes: ChangeLine[] = [];
  for (const row of rows) changes.push(await lines.changeLine(ns, row));
  const conflicts = await conflictsOf(lines, ns, node);
  const latest = Math.max(node.entrySeq, node.headSeq, 1);
  return {
    kind: 'node',
    at,
    headSeq: node.headSeq,
    placeSeq: node.entrySeq,
    names: (await namesOf(lines, ns, node)).slice(0, NAMES),
    successor: node.successor === null ? null : await lines.lineOf(ns, node.successor),
    grave,
    versions,
    changes,
    unread,
    reach: await lines.reach(ns, latest, DEVICES),
    conflicts,
    forks: await forksOf(lines, ns, node, conflicts),
    children: children.map(({ node: child, kind, name }) => ({ node: child, nodeKind: kind, name })),
    decisions: await decisionsOf(lines, ns, node),
    actions: nodeActions(
      at,
      versions.find((each) => !each.isHead && each.kept !== null)?.number ?? null,
      inTrash,
    ),
    next: nextOf(rows, versions, children.length === CHILDREN ? children.at(-1)?.nameKey : undefined),
  };
}

function pageOf(after: string | null): {
  readonly versions: number | null;
  readonly changes: number | null;
  readonly names: string | null;
} {
  const [, kind, rest = ''] = /^([vcn])(.*)$/s.exec(after ?? '') ?? [];
  const number = /^\d{1,15}$/.test(rest) ? Number(rest) : null;
  return {
    versions: kind === 'v' ? number : null,
    changes: kind === 'c' ? number : null,
    names: kind === 'n' ? rest : null,
  };
}

function nextOf(
  rows: readonly JournalRead[],
  versions: readonly VersionLine[],
  child: string | undefined,
): string | null {
  if (child !== undefined) return `n${child}`;
  if (versions.length === VERSIONS) return `v${versions.at(-1)?.number}`;
  return rows.length === CHANGES ? `c${rows.at(-1)?.seq}` : null;
}

/** Newest first: what the index knows, and what came after it was last written. */
async function changesOf(
  { tx }: LineReader,
  ns: NamespaceId,
  id: NodeId,
  before: number | null,
): Promise<{ readonly rows: readonly JournalRead[]; readonly unread: number }> {
  const mark = await tx.lineageMark(ns);
  const head = (await tx.namespace(ns))?.headSeq ?? mark;
  const newest = before === null ? await tx.changesAfter(ns, mark, UNREAD) : [];
  const seqs = newest.filter(({ node }) => node === id).map(({ seq }) => seq);
  seqs.reverse().push(...(await tx.changesOf(ns, id, before, CHANGES)));
  const rows: JournalRead[] = [];
  for (const seq of seqs.slice(0, CHANGES)) {
    const row = await tx.journalRow(ns, seq);
    if (row !== null) rows.push(row);
  }
  return { rows, unread: Math.max(0, head - (newest.at(-1)?.seq ?? mark)) };
}

async function versionsOf(
  lines: LineReader,
  ns: NamespaceId,
  id: NodeId,
  before: number | null,
): Promise<readonly VersionLine[]> {
  const versions: VersionLine[] = [];
  for (const row of await lines.tx.versionsBefore(ns, id, before, VERSIONS))
    versions.push(await lines.versionLine(ns, row));
  return versions;
}

async function namesOf({ tx }: LineReader, ns: NamespaceId, node: NodeRow): Promise<NodeStory['names']> {
  const known = (await tx.namesOf(ns, node.id, NAMES)).map(({ name, seq, at }) => ({ name, seq, at }));
  if (node.id === ROOT_NODE || known.some(({ name }) => name === node.name)) return known;
  return [...known, { name: node.name, seq: node.entrySeq, at: node.entryAt }];
}

/** What it died of, or the last time it did before it came back. */
async function graveOf(
  lines: LineReader,
  ns: NamespaceId,
  node: NodeRow,
  rows: readonly JournalRead[],
): Promise<Grave | null> {
  const { tx } = lines;
  const seq = node.deadSeq ?? rows.find((row) => !row.node.live)?.seq ?? null;
  if (seq === null) return null;
  const row = await tx.journalRow(ns, seq);
  const isOther = row !== null && row.node.id !== node.id;
  const released = await tx.isTrashReleased(ns, seq);
  return {
    seq,
    at: row?.at ?? node.entryAt,
    by: row === null ? null : await lines.who(row.device),
    key: row?.key ?? null,
    within: isOther ? { node: row.node.id, name: row.node.name } : null,
    head: isOther ? node.head : (row?.node.head ?? node.head),
    standing: node.live ? 'came-back' : released ? 'let-go' : 'in-trash',
  };
}

async function conflictsOf(
  lines: LineReader,
  ns: NamespaceId,
  node: NodeRow,
): Promise<readonly ConflictLine[]> {
  const ids = (await lines.tx.conflictsOf(ns, node.id, CONFLICTS)).map(({ id }) => id);
  if (node.conflict !== null) ids.push(node.conflict);
  const found: ConflictLine[] = [];
  for (const id of new Set(ids)) {
    const line = await lines.conflictLine(ns, id);
    if (line !== null) found.push(line);
  }
  return found;
}

async function forksOf(
  lines: LineReader,
  ns: NamespaceId,
  node: NodeRow,
  conflicts: readonly ConflictLine[],
): Promise<NodeStory['forks']> {
  const forks: NodeStory['forks'][number][] = [];
  for (const { conflict, cause } of conflicts) {
    const row = await lines.tx.conflict(ns, conflict);
    const version = row?.original === node.id ? await lines.versionOf(ns, row.copyVersion) : null;
    if (version !== null) forks.push({ version, cause });
  }
  return forks;
}

async function decisionsOf(
  { tx }: LineReader,
  ns: NamespaceId,
  { id, deadSeq }: NodeRow,
): Promise<readonly Decision[]> {
  const subjects = [`node ${id}`, ...(deadSeq === null ? [] : [`trash ${ns} ${deadSeq}`])];
  const found: Decision[] = [];
  for (const subject of subjects) found.push(...(await tx.decisions({ subject }, null, DECISIONS)));
  return found;
}
