/** What a rule decides about a claim. Finalize adds the key and the post-states and answers it as an outcome. */
import { type Static, Type } from 'typebox';
import { ErrorCode } from '../../../src/protocol/errors.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import { DropReason, type Outcome } from '../../../src/protocol/outcomes.ts';
import {
  ChunkIdSchema,
  ConflictIdSchema,
  Count,
  NodeIdSchema,
  nullable,
  record,
  VersionIdSchema,
} from '../../../src/protocol/schema.ts';

const node = { node: NodeIdSchema };

export const Decision = Type.Union([
  record({ kind: Type.Literal('committed'), ...node, survivors: Type.Array(NodeIdSchema) }),
  record({
    kind: Type.Literal('adopted'),
    ...node,
    /** The version and rev that this device now holds without having made them: its next claim may start there. */
    version: nullable(VersionIdSchema),
    rev: nullable(Count),
  }),
  record({ kind: Type.Literal('renamed'), ...node, conflict: nullable(ConflictIdSchema) }),
  record({ kind: Type.Literal('forked'), ...node, original: NodeIdSchema, conflict: ConflictIdSchema }),
  record({ kind: Type.Literal('dropped'), ...node, why: DropReason }),
  record({ kind: Type.Literal('zombie'), ...node, version: VersionIdSchema }),
  record({ kind: Type.Literal('missing-chunks'), ...node, chunks: Type.Array(ChunkIdSchema) }),
  record({ kind: Type.Literal('refused'), ...node, code: ErrorCode, detail: Type.String() }),
]);
export type Decision = Static<typeof Decision>;
export type Refusal = Extract<Decision, { kind: 'refused' | 'missing-chunks' }>;

export function committed(node: NodeId, survivors: NodeId[] = []): Decision {
  return { kind: 'committed', node, survivors };
}

export function dropped(node: NodeId, why: DropReason): Decision {
  return { kind: 'dropped', node, why };
}

export function refused(node: NodeId, code: ErrorCode, detail: string): Refusal {
  return { kind: 'refused', node, code, detail };
}

/** The wire form, without what only later claims need. */
export function outcomeOf(key: number, decision: Decision, events: Outcome['events']): Outcome {
  if (decision.kind !== 'adopted') return { ...decision, key, events };
  return { kind: 'adopted', key, node: decision.node, events };
}
