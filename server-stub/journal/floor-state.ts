/** Where everything stood at the floor of the journal: what folding its rows begins with. */
import type { NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import type { FloorPlace } from '../metadata/floor-rows.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { PlacesThen } from './places-then.ts';

/** Rows of one slice: a read of its own, so that nobody waits behind it. */
const SLICE = 4000;

export interface FloorState {
  readonly then: PlacesThen;
  /** No moment before this one can be told; null: none up to the floor. */
  readonly since: number | null;
}

/** null: the floor moved meanwhile, or what stood there is not known. */
export async function floorState(read: MetadataStore['read'], ns: NamespaceId): Promise<FloorState | null> {
  const before = await read(async (tx) => tx.namespace(ns));
  if (before === null) return null;
  const { floorSeq, floorAt } = before;
  const then = new PlacesThen(floorSeq);
  if (floorSeq === 0) return { then, since: null };
  if (floorAt === null) return null;
  for (let after: NodeId | null = null; ; ) {
    const from: NodeId | null = after;
    const rows: readonly FloorPlace[] = await read(async (tx) => tx.floorPlaces(ns, floorSeq, from, SLICE));
    for (const { node, ...place } of rows) then.put(node, place);
    if (rows.length < SLICE) break;
    after = rows.at(-1)?.node ?? null;
  }
  const isStill = (await read(async (tx) => tx.namespace(ns)))?.floorSeq === floorSeq;
  return isStill ? { then, since: floorAt } : null;
}
