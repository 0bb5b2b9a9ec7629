/**
 * Lets go of what the policies do not keep, in two steps: due, which anything that wants the version takes back, and
 * released after a grace of lived hours. Three passes over each namespace: its files, its deleted batches, what is due.
 */
import { Type } from 'typebox';
import { type NamespaceId, parseNamespaceId, parseNodeId, type VersionId } from '../../src/protocol/ids.ts';
import type { ReadTx, WriteTx } from '../metadata/metadata-store.ts';
import type { KeptVersion } from '../metadata/retention-rows.ts';
import { Holds } from '../retention/holds.ts';
import type { RetentionPolicy } from '../retention/policy.ts';
import { thin } from '../retention/thin.ts';
import { policyOf, wantedBatches, wantedVersions } from '../retention/what-is-kept.ts';
import type { ServerLimits } from '../server-limits.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Rows of one step: a write of some milliseconds. */
const ROWS = 100;

const State = Type.Object({
  namespace: Type.String(),
  pass: Type.Union([Type.Literal('files'), Type.Literal('trash'), Type.Literal('release')]),
  /** Where the pass goes on: a node, or a seq; null: at its beginning. */
  after: Type.Union([Type.String(), Type.Null()]),
});
const readState = stateReader('retention', State);

interface Position {
  readonly namespace: NamespaceId;
  readonly pass: 'files' | 'trash' | 'release';
  readonly after: string | null;
}

type Rules = Pick<ServerLimits, 'waits' | 'retention'>;

export function retentionJob(rules: Rules): Job {
  return {
    name: 'retention',
    everyMs: rules.waits.hourMs,
    step: (context, state) => step(context, state, rules),
  };
}

async function step(context: JobContext, state: string | null, rules: Rules): Promise<Step> {
  const at = state === null ? await firstPosition(context, null) : positionOf(state);
  if (at === null) return { kind: 'done', said: 'every namespace was looked through' };
  const policy = await context.read((tx) => policyOf(tx, at.namespace, rules.retention));
  const after = await passes[at.pass](context, at, policy, rules.waits.releaseHours);
  const next = after === null ? await nextPosition(context, at) : { ...at, after };
  if (next === null) return { kind: 'done', said: 'every namespace was looked through' };
  return stepTo(next);
}

function stepTo(next: Position): Step {
  return { kind: 'more', state: JSON.stringify(next), said: `${next.pass} of namespace ${next.namespace}` };
}

function positionOf(state: string): Position {
  const { namespace, pass, after } = readState(state);
  return { namespace: parseNamespaceId(namespace), pass, after };
}

async function firstPosition({ read }: JobContext, after: NamespaceId | null): Promise<Position | null> {
  const [namespace] = await read(async (tx) => tx.namespacesAfter(after, 1));
  return namespace === undefined ? null : { namespace, pass: 'files', after: null };
}

async function nextPosition(context: JobContext, { namespace, pass }: Position): Promise<Position | null> {
  switch (pass) {
    case 'files':
      return { namespace, pass: 'trash', after: null };
    case 'trash':
      return { namespace, pass: 'release', after: null };
    case 'release':
      return firstPosition(context, namespace);
  }
}

/** One step of a pass; answers where it goes on, null at its end. */
type Pass = (
  context: JobContext,
  at: Position,
  policy: RetentionPolicy,
  releaseHours: number,
) => Promise<string | null>;

const passes: Readonly<Record<Position['pass'], Pass>> = {
  files: (context, { namespace, after }, policy) =>
    context.write(async (tx) => {
      const nodes = await tx.thinnableNodes(namespace, after === null ? null : parseNodeId(after), ROWS);
      const wanted = await wantedVersions(tx, namespace);
      const holds = await Holds.of(tx, namespace);
      for (const node of nodes) {
        const rules = (await holds.holdsNode(node)) ? { ...policy, held: true } : policy;
        await judgeFile(context, tx, namespace, await tx.keptVersions(namespace, node), wanted, rules);
      }
      return nodes.length < ROWS ? null : (nodes.at(-1) ?? null);
    }),

  trash: (context, { namespace, after }, policy) =>
    context.write(async (tx) => {
      const batches = await tx.trashBatches(namespace, Number(after ?? 0), ROWS);
      const hour = await hoursLived(tx);
      const wanted = await wantedBatches(tx, namespace);
      const holds = await Holds.of(tx, namespace);
      for (const { deadSeq, at, dueHour } of batches) {
        const isOld = !policy.held && context.now() - at > policy.trashMs;
        const isDue = isOld && !wanted.has(deadSeq) && !(await holds.holdsBatch(deadSeq));
        if (isDue === (dueHour !== null)) continue;
        await tx.setTrashDue(namespace, deadSeq, isDue ? hour : null);
        const why = isDue ? 'deleted for longer than the trash keeps' : 'the trash keeps it again';
        await context.decide(tx, `trash ${namespace} ${deadSeq}`, isDue ? 'due' : 'kept', why);
      }
      return batches.length < ROWS ? null : String(batches.at(-1)?.deadSeq ?? 0);
    }),

  release: async (context, { namespace }, policy, releaseHours) => {
    // Held since the first pass of this round.
    if (policy.held) return null;
    return context.write(async (tx) => {
      const until = (await hoursLived(tx)) - releaseHours;
      const versions = await tx.dueVersions(namespace, until, ROWS);
      const wanted = await wantedVersions(tx, namespace);
      const holds = await Holds.of(tx, namespace);
      for (const { id, node, number } of versions) {
        // Wanted since it was found due, and before this pass.
        const isWanted = wanted.has(id) || (await tx.label(namespace, id)) !== null;
        if (isWanted || (await holds.holdsNode(node))) await tx.setDue(namespace, id, null);
        else {
          await tx.releaseVersion(namespace, id, context.now());
          await context.decide(tx, `version ${id}`, 'released', `V${number} was due for a day`);
        }
      }
      const batches = await tx.dueTrash(namespace, until, ROWS);
      const buried = await wantedBatches(tx, namespace);
      for (const deadSeq of batches) {
        if (buried.has(deadSeq) || (await holds.holdsBatch(deadSeq))) {
          await tx.setTrashDue(namespace, deadSeq, null);
          continue;
        }
        await tx.releaseTrash(namespace, deadSeq, context.now());
        await context.decide(tx, `trash ${namespace} ${deadSeq}`, 'released', 'it was due for a day');
      }
      return versions.length < ROWS && batches.length < ROWS ? null : '';
    });
  },
};

async function judgeFile(
  context: JobContext,
  tx: WriteTx,
  ns: NamespaceId,
  versions: readonly KeptVersion[],
  wanted: ReadonlySet<VersionId>,
  policy: RetentionPolicy,
): Promise<void> {
  const gone = new Map(thin(versions, policy, context.now()).map((each) => [each.number, each.why]));
  const hour = await hoursLived(tx);
  for (const { id, number, dueHour, isLabelled } of versions) {
    const why = isLabelled || wanted.has(id) ? undefined : gone.get(number);
    if ((why !== undefined) === (dueHour !== null)) continue;
    await tx.setDue(ns, id, why === undefined ? null : hour);
    const subject = `version ${id}`;
    if (why !== undefined) await context.decide(tx, subject, 'due', why);
    else
      await context.decide(tx, subject, 'kept', 'labelled, held, in a conflict, or kept by the policy again');
  }
}

async function hoursLived(tx: ReadTx): Promise<number> {
  return (await tx.livedHours())?.hours ?? 0;
}
