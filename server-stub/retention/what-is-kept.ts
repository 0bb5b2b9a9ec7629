/** How each version of a node is kept, and why: what the history says about them, and what the job goes by. */
import type { NamespaceId, VersionId } from '../../src/protocol/ids.ts';
import type { Keeping } from '../../src/protocol/retention.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { KeptVersion, LabelRow } from '../metadata/retention-rows.ts';
import type { NodeRow } from '../metadata/rows.ts';
import type { ServerLimits } from '../server-limits.ts';
import { Holds } from './holds.ts';
import type { RetentionPolicy } from './policy.ts';
import { keptUntil } from './thin.ts';

export interface KeepingRules extends Pick<ServerLimits, 'waits' | 'retention'> {
  /** Wall milliseconds. */
  readonly now: number;
}

/** The policy of a namespace, or that of all which have none; `held` also by the operator's switch. */
export async function policyOf(
  tx: ReadTx,
  ns: NamespaceId,
  usual: RetentionPolicy,
): Promise<RetentionPolicy> {
  const policy = (await tx.retentionPolicy(ns)) ?? usual;
  return (await tx.isSwitchedOn('widen-holds')) ? { ...policy, held: true } : policy;
}

/** Both sides and the ancestor of what people still have to choose from. */
export async function wantedVersions(tx: ReadTx, ns: NamespaceId): Promise<ReadonlySet<VersionId>> {
  const conflicts = await tx.openConflicts(ns);
  return new Set(
    conflicts.flatMap((each) =>
      [each.ancestor, each.originalVersion, each.copyVersion].filter((id) => id !== null),
    ),
  );
}

/** What died together with a side of a conflict that is open, or with what both were made from, by its mark. */
export async function wantedBatches(tx: ReadTx, ns: NamespaceId): Promise<ReadonlySet<number>> {
  const batches = new Set<number>();
  for (const id of await wantedVersions(tx, ns)) {
    const version = await tx.version(ns, id);
    const node = version === null ? null : await tx.node(ns, version.node);
    if (node !== null && node.deadSeq !== null) batches.add(node.deadSeq);
  }
  return batches;
}

/** For the versions of a node that are not let go: those that are have no entry. */
export async function keepingOf(
  tx: ReadTx,
  ns: NamespaceId,
  node: NodeRow,
  rules: KeepingRules,
): Promise<ReadonlyMap<VersionId, Keeping>> {
  const policy = await policyOf(tx, ns, rules.retention);
  const labels = new Map((await tx.labelsOf(ns, node.id)).map((row) => [row.version, row]));
  const isHeld = await (await Holds.of(tx, ns)).holdsNode(node.id);
  const facts: Facts = {
    node,
    policy: isHeld ? { ...policy, held: true } : policy,
    wanted: await wantedVersions(tx, ns),
    grave: node.deadSeq === null ? null : await graveOf(tx, ns, node.deadSeq),
    hour: (await tx.livedHours())?.hours ?? 0,
    rules,
  };
  const kept = new Map<VersionId, Keeping>();
  let newer: KeptVersion | null = null;
  for (const version of await tx.keptVersions(ns, node.id)) {
    const label = labels.get(version.id);
    const how = howKept(version, newer, label !== undefined, facts);
    if (how !== null)
      kept.set(version.id, { label: label === undefined ? null : await told(tx, label), ...how });
    newer = version;
  }
  return kept;
}

interface Grave {
  readonly at: number;
  readonly dueHour: number | null;
}

interface Facts {
  readonly node: NodeRow;
  readonly policy: RetentionPolicy;
  readonly wanted: ReadonlySet<VersionId>;
  /** null: the node lives. 'released': what died with it is let go. */
  readonly grave: Grave | 'released' | null;
  readonly hour: number;
  readonly rules: KeepingRules;
}

/** The last moment that a calendar has. */
const LAST = Date.UTC(9999, 11, 31);

type How = Omit<Keeping, 'label'>;

/** null: nothing promises it any more. */
function howKept(
  version: KeptVersion,
  newer: KeptVersion | null,
  labelled: boolean,
  facts: Facts,
): How | null {
  const { node, policy, grave, wanted } = facts;
  if (labelled) return { why: 'labelled', until: null };
  if (grave === 'released') return null;
  if (grave === null && version.id === node.head) return { why: 'current', until: null };
  if (wanted.has(version.id)) return { why: 'conflict', until: null };
  if (policy.held) return { why: 'held', until: null };
  const ends: How[] = [];
  const thinned = keptUntil(version, newer, policy);
  if (version.dueHour !== null) ends.push(leaving(version.dueHour, facts));
  else if (thinned !== null) ends.push({ why: 'policy', until: thinned });
  if (grave !== null)
    ends.push(
      grave.dueHour === null
        ? { why: 'trash', until: grave.at + policy.trashMs }
        : leaving(grave.dueHour, facts),
    );
  const first = ends.reduce<How | null>(
    (soonest, end) => (soonest === null || (end.until ?? 0) < (soonest.until ?? 0) ? end : soonest),
    null,
  );
  if (first === null) return { why: 'current', until: null };
  return { why: first.why, until: Math.min(LAST, Math.max(first.until ?? 0, facts.rules.now)) };
}

/** The grace is counted in lived hours: at the soonest then. */
function leaving(dueHour: number, { hour, rules }: Facts): How {
  const left = Math.max(0, rules.waits.releaseHours - (hour - dueHour));
  return { why: 'leaving', until: rules.now + left * rules.waits.hourMs };
}

async function graveOf(tx: ReadTx, ns: NamespaceId, deadSeq: number): Promise<Grave | 'released'> {
  if (await tx.isTrashReleased(ns, deadSeq)) return 'released';
  const [batch] = await tx.trashBatches(ns, deadSeq - 1, 1);
  if (batch?.deadSeq !== deadSeq) throw new Error(`nothing died at ${deadSeq}`);
  return { at: batch.at, dueHour: batch.dueHour };
}

async function told(tx: ReadTx, { name, device, at }: LabelRow): Promise<NonNullable<Keeping['label']>> {
  const { deviceName, userName } = await tx.author(device);
  return { name, device: deviceName, user: userName, at };
}
