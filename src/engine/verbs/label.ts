/** Names for versions: one that has a name is kept. */
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { labelText } from '../../protocol/retention.ts';
import type { Engine } from '../engine.ts';
import { chooseVersion, nodesNamed, pathNamed } from './history.ts';
import { refusedBy } from './refused-by.ts';

export async function label(engine: Engine, params: Params<'label'>): Promise<Answer<Result<'label'>>> {
  const name = params.name === null ? null : labelText(params.name);
  if (params.name !== null && name === null)
    return refused('unprocessable', { detail: 'a label needs letters, on one line' });
  const found = await nodesNamed(engine, params);
  if (found.kind === 'refused') return found;
  const chosen = chooseVersion(found.value, params.version);
  const first = found.value[0];
  const path = first ? pathNamed(engine, params, chosen?.node.event ?? first.event) : '';
  if (!chosen) return refused('unknown-version', { file: path });
  const { version, number } = chosen.head;
  const done = await engine.server.label(version, name);
  if (done.kind === 'trouble') return refusedBy(engine, done, { file: path });
  const sentence =
    name === null
      ? `V${number} of ${path} has no label any more: it is kept as long as the others are.`
      : `V${number} of ${path} is labelled “${name}”. It is kept as long as it is.`;
  return ok({ path, node: chosen.node.event.node, version, number, name, sentence });
}
