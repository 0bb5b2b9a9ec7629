/** What a namespace wants kept: its policy, and what is held in it. Every change leaves a decision that can be read. */
import type { NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import {
  type Hold,
  type RetentionAnswer,
  type RetentionSpans,
  spansFault,
} from '../../src/protocol/retention.ts';
import { type Refused, refused } from '../accounts/refused.ts';
import { PathReader } from '../journal/places.ts';
import type { ReadTx, WriteTx } from '../metadata/metadata-store.ts';
import type { Caller } from '../metadata/rules.ts';
import { Holds } from './holds.ts';
import type { RetentionPolicy } from './policy.ts';
import { policyOf } from './what-is-kept.ts';

type By = Pick<Caller, 'namespace' | 'userName'>;

export async function readPolicy(
  tx: ReadTx,
  ns: NamespaceId,
  usual: RetentionPolicy,
): Promise<RetentionAnswer> {
  const { held, ...spans } = await policyOf(tx, ns, usual);
  const paths = new PathReader(tx, ns);
  const holds: Hold[] = [];
  for (const row of await tx.holds(ns)) {
    const node = await tx.node(ns, row.node);
    holds.push({ ...row, path: node === null || node.parent === null ? '' : await paths.pathOf(node) });
  }
  const isOwn = (await tx.retentionPolicy(ns)) !== null;
  return { spans, isOwn, held: held || (await Holds.of(tx, ns)).holdsAll(), holds };
}

/** null: done. */
export async function setPolicy(
  tx: WriteTx,
  { namespace, userName }: By,
  spans: RetentionSpans | null,
  now: number,
): Promise<Refused | null> {
  const fault = spans === null ? null : spansFault(spans);
  if (fault !== null) return refused('bad-request', fault);
  const held = (await tx.retentionPolicy(namespace))?.held ?? false;
  // A policy that holds everything is not undone by choosing spans.
  if (spans === null && !held) await tx.dropRetentionPolicy(namespace);
  else if (spans !== null) await tx.setRetentionPolicy(namespace, { ...spans, held }, userName, now);
  else return refused('unprocessable', 'everything is held here: release that first');
  await tx.addDecision({
    at: now,
    job: 'retention',
    subject: `namespace ${namespace}`,
    decision: spans === null ? 'policy dropped' : 'policy set',
    why: `${userName} wanted ${spans === null ? 'that of the server' : JSON.stringify(spans)}`,
  });
  return null;
}

/** null: done. `why` null: released. */
export async function setHold(
  tx: WriteTx,
  { namespace, userName }: By,
  { node, why }: { readonly node: NodeId; readonly why: string | null },
  now: number,
): Promise<Refused | null> {
  if ((await tx.node(namespace, node)) === null) return refused('not-found', 'there is no such node');
  if (why === null) await tx.removeHold(namespace, node);
  else await tx.setHold(namespace, { node, why, by: userName, at: now });
  await tx.addDecision({
    at: now,
    job: 'retention',
    subject: `node ${node}`,
    decision: why === null ? 'hold released' : 'held',
    why: `${userName}: ${why ?? 'released'}`,
  });
  return null;
}
