/** Files that were moved from one namespace into another: a new file there, and a link to what it was. */
import { type Static, Type } from 'typebox';
import { NamespaceIdSchema, NodeIdSchema, record, VersionIdSchema } from './schema.ts';

/** A version in another namespace. A server that does not let this user read it there takes no notice. */
export const Crossing = record({ namespace: NamespaceIdSchema, version: VersionIdSchema });
export type Crossing = Static<typeof Crossing>;

/** `made`: a version of the node that was asked for; the rest is what it was made from. */
export const MadeFrom = record({
  made: VersionIdSchema,
  namespace: NamespaceIdSchema,
  node: NodeIdSchema,
  version: VersionIdSchema,
  number: Type.Integer({ minimum: 1 }),
});
export const WentTo = record({ namespace: NamespaceIdSchema, node: NodeIdSchema });
export type WentTo = Static<typeof WentTo>;
