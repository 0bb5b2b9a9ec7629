/** One question, one answer: finds out what is meant, and who tells its story. */

import { assertNever } from '../../src/protocol/assert-never.ts';
import {
  type ConflictId,
  type DeviceId,
  type NamespaceId,
  type NodeId,
  parseChunkId,
  parseConflictId,
  parseDeviceId,
  parseNodeId,
  parseVersionId,
} from '../../src/protocol/ids.ts';
import type { ExplainAnswer, Question } from './answer.ts';
import { chunkStory } from './chunk-story.ts';
import { conflictStory } from './conflict-story.ts';
import { deviceStory } from './device-story.ts';
import { findNames } from './find-names.ts';
import { nodeStory } from './node-story.ts';
import { type ExplainContext, LineReader, namespacesOfUser } from './reader.ts';
import { versionStory } from './version-story.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const VERSION = /^[0-9a-f]{12}\.[1-9][0-9]{0,15}$/;
/** Of a namespace that is named too: the root has the same id in each. */
const PLACED = /^([0-9a-f-]{36}):(.+)$/;

export type { ExplainContext } from './reader.ts';

/** Answers from one consistent view. */
export async function explain(context: ExplainContext, question: Question): Promise<ExplainAnswer> {
  const lines = new LineReader(context);
  const about = question.about.trim();
  const [, placed, rest] = PLACED.exec(about) ?? [];
  const id = placed === undefined || rest === undefined ? about : rest;
  const within = placed !== undefined && UUID.test(placed) ? placed : null;
  if (VERSION.test(id)) return ofVersion(lines, question, id, within);
  if (UUID.test(id)) return ofId(lines, question, id, within);
  if (HASH.test(about)) return chunkStory(lines, parseChunkId(about), question);
  if (about === '') return { kind: 'nothing', question, why: 'Say a path, a name or an id.' };
  return findNames(lines, question);
}

async function ofVersion(
  lines: LineReader,
  question: Question,
  id: string,
  within: string | null,
): Promise<ExplainAnswer> {
  const version = parseVersionId(id);
  const [ns] = await narrowed(lines, await lines.tx.namespacesHolding('version', id), within, question);
  const story = ns === undefined ? null : await versionStory(lines, ns, version);
  return story ?? { kind: 'nothing', question, why: 'There is no such version, or not any more.' };
}

async function ofId(
  lines: LineReader,
  question: Question,
  id: string,
  within: string | null,
): Promise<ExplainAnswer> {
  const { tx } = lines;
  const device = await tx.device(parseDeviceId(id));
  if (device !== null) return deviceStory(lines, device, question);
  const found: readonly ('node' | 'conflict')[] = ['node', 'conflict'];
  for (const kind of found) {
    const [ns] = await narrowed(lines, await tx.namespacesHolding(kind, id), within, question);
    const story = ns === undefined ? null : await storyOf(lines, kind, ns, id, question);
    if (story !== null) return story;
  }
  return {
    kind: 'nothing',
    question,
    why: 'There is no file, conflict or device with this id, or not any more.',
  };
}

function storyOf(
  lines: LineReader,
  kind: 'node' | 'conflict',
  ns: NamespaceId,
  id: DeviceId | NodeId | ConflictId | string,
  question: Question,
): Promise<ExplainAnswer | null> {
  switch (kind) {
    case 'node':
      return nodeStory(lines, ns, parseNodeId(id), question.after);
    case 'conflict':
      return conflictStory(lines, ns, parseConflictId(id));
    default:
      return assertNever(kind, 'kind of id');
  }
}

async function narrowed(
  lines: LineReader,
  found: readonly NamespaceId[],
  within: string | null,
  { user }: Question,
): Promise<readonly NamespaceId[]> {
  const named = within === null ? found : found.filter((ns) => ns === within);
  if (user === null) return named;
  const theirs = await namespacesOfUser(lines, user);
  return named.filter((ns) => theirs.has(ns));
}
