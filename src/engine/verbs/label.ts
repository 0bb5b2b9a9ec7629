/** Names for versions: one that has a name is kept. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { labelText } from '../../protocol/retention.ts';
import type { Engine } from '../engine.ts';
import { versionNamed } from './history.ts';
import { refusedBy } from './refused-by.ts';

export async function label(engine: Engine, params: Params<'label'>): Promise<Answer<Result<'label'>>> {
  const name = params.name === null ? null : labelText(params.name);
  if (params.name !== null && name === null)
    return refused('unprocessable', { detail: 'a label needs letters, on one line' });
  const named = await versionNamed(engine, params);
  if (named.kind === 'refused') return named;
  const { path, node, head } = named.value;
  const { version, number } = head;
  const done = await engine.server.label(version, name);
  if (done.kind === 'trouble') return refusedBy(engine, done, { file: path });
  const shown = engine.shown(path);
  const sentence =
    name === null
      ? `V${number} of ${shown} has no label any more: it is kept as long as the others are.`
      : `V${number} of ${shown} is labelled “${name}”. It is kept as long as it is.`;
  return ok({ path, node: node.event.node, version, number, name, sentence });
}
