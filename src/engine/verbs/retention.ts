/** For how long history is kept, and what is held: as the server has it. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import { RetentionSpans, spansFault } from '../../protocol/retention.ts';
import { parserOf } from '../../protocol/schema.ts';
import type { Engine } from '../engine.ts';
import { noServer } from './no-server.ts';
import { refusedBy } from './refused-by.ts';

const parseSpans = parserOf(RetentionSpans);

export async function showRetention(engine: Engine): Promise<Answer<Result<'retention.get'>>> {
  const cut = noServer(engine);
  if (cut) return cut;
  const asked = await engine.server.retention();
  if (asked.kind === 'trouble') return refusedBy(engine, asked);
  const { holds, ...rest } = asked.value;
  return ok({ ...rest, holds: holds.map(({ path, why, by, at }) => ({ path, why, by, at })) });
}

export async function setRetention(
  engine: Engine,
  params: Params<'retention.set'>,
): Promise<Answer<Result<'retention.set'>>> {
  const before = await showRetention(engine);
  if (before.kind === 'refused') return before;
  const { path, ...given } = params;
  const wanted = 'usual' in given ? null : parseSpans({ ...before.value.spans, ...given });
  if (wanted?.kind === 'invalid')
    return refused('unprocessable', {
      detail: 'a span is from an hour (the trash: a day) to a hundred years',
    });
  const spans = wanted?.value ?? null;
  const fault = spans === null ? null : spansFault(spans);
  if (fault !== null) return refused('unprocessable', { detail: fault });
  const done = await engine.server.setRetention(spans);
  return done.kind === 'trouble'
    ? refusedBy(engine, done, { file: fileOf(engine, path ?? '') })
    : showRetention(engine);
}

export async function hold(engine: Engine, { path, why }: Params<'hold'>): Promise<Answer<Result<'hold'>>> {
  const cut = noServer(engine);
  if (cut) return cut;
  const node = await nodeAt(engine, path);
  if (node.kind === 'refused') return node;
  const done = await engine.server.hold(node.value, why);
  if (done.kind === 'trouble') return refusedBy(engine, done, { file: fileOf(engine, path) });
  const what = engine.shown(path) || 'Everything';
  const sentence =
    why === null
      ? `${what} is not on hold any more: history is kept for as long as usual.`
      : `${what} is on hold: no version of it goes, and nothing deleted leaves the trash.`;
  return ok({ path, held: why !== null, sentence });
}

/** The user's own space has no name to be told by. */
function fileOf(engine: Engine, path: string): string {
  return path === '' && engine.shown('') === '' ? 'this' : path;
}

async function nodeAt(engine: Engine, path: string): Promise<Answer<NodeId>> {
  if (path === '') return ok(ROOT_NODE);
  const found = await engine.server.lookup(path);
  if (found.kind === 'trouble') return refusedBy(engine, found);
  const [first] = found.value.nodes;
  return first ? ok(first.node) : refused('not-found', { file: path });
}
