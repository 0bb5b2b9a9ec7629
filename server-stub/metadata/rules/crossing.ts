/**
 * Moves from one namespace into another: there it is a new file, and this says which version it was made from. Only who may
 * read both makes such a link, and only who may read the other end is told of it.
 */
import type { Crossing } from '../../../src/protocol/crossings.ts';
import type { NamespaceId, NodeId } from '../../../src/protocol/ids.ts';
import type { HistoryAnswer } from '../../../src/protocol/routes.ts';
import { mayReadIn } from '../../sharing/standing.ts';
import type { ReadTx } from '../metadata-store.ts';
import type { VersionRow } from '../rows.ts';
import type { Caller } from './context.ts';
import type { Scope } from './scope.ts';

/** What cannot be linked is not, and nobody is told why. */
export async function linkAcross(scope: Scope, from: Crossing | undefined, made: VersionRow): Promise<void> {
  if (from === undefined || from.namespace === scope.ns) return;
  if (!(await mayReadIn(scope.tx, scope.caller, from.namespace))) return;
  const source = await scope.tx.version(from.namespace, from.version);
  if (source === null) return;
  const { node, number } = source;
  await scope.tx.addCrossing({
    to: { namespace: scope.ns, node: made.node, version: made.id },
    from: { namespace: from.namespace, node, version: from.version, number },
  });
}

export async function crossingsOf(
  tx: ReadTx,
  caller: Caller,
  node: NodeId,
  isLive: boolean,
): Promise<Pick<HistoryAnswer, 'madeFrom' | 'wentTo'>> {
  const ns = caller.namespace;
  const known = new Map<NamespaceId, boolean>();
  const isOpen = async (other: NamespaceId) => {
    const may = known.get(other) ?? (await mayReadIn(tx, caller, other));
    known.set(other, may);
    return may;
  };
  const madeFrom: HistoryAnswer['madeFrom'] = [];
  for (const { to, from } of await tx.crossingsInto(ns, node))
    if (await isOpen(from.namespace)) madeFrom.push({ made: to.version, ...from });
  let wentTo: HistoryAnswer['wentTo'];
  for (const { to } of isLive ? [] : await tx.crossingsOutOf(ns, node))
    if (await isOpen(to.namespace)) wentTo = { namespace: to.namespace, node: to.node };
  return {
    ...(madeFrom.length === 0 ? {} : { madeFrom }),
    ...(wentTo === undefined ? {} : { wentTo }),
  };
}
