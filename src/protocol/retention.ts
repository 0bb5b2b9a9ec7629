/** What history keeps, on the wire: labels of versions, and until when a version is kept and why. */
import { type Static, Type } from 'typebox';
import { LIMITS } from './limits.ts';
import { Millis, nullable, record, VersionIdSchema } from './schema.ts';

export const LabelName = Type.String({ minLength: 1, maxLength: LIMITS.labelLength });

/** A name that somebody gave a version; as long as it has one, it stays. */
export const Label = record({ name: LabelName, device: Type.String(), user: Type.String(), at: Millis });
export type Label = Static<typeof Label>;

export const KeptWhy = Type.Union([
  /** What the file holds now. */
  Type.Literal('current'),
  Type.Literal('labelled'),
  /** A side of an open conflict, or what both were made from. */
  Type.Literal('conflict'),
  /** The whole space, or this part of it, is held: nothing goes. */
  Type.Literal('held'),
  /** The thinning of history keeps it until then, and maybe longer. */
  Type.Literal('policy'),
  /** Its file was deleted: the trash keeps it until then. */
  Type.Literal('trash'),
  /** Nothing keeps it any more: it goes then, unless something wants it before. */
  Type.Literal('leaving'),
]);
export type KeptWhy = Static<typeof KeptWhy>;

/** How a version is kept. `until`: at least up to then, by the server's clock; null as long as `why` holds. */
export const Keeping = record({ label: nullable(Label), why: KeptWhy, until: nullable(Millis) });
export type Keeping = Static<typeof Keeping>;

/** A label without blanks around it; null: it is none. */
export function labelText(name: string): string | null {
  const text = name.trim();
  const isOneLine = !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) && text.isWellFormed();
  return text !== '' && text.length <= LIMITS.labelLength && isOneLine ? text : null;
}

/** Names a version, or (null) takes its name away. */
export const LabelRequest = record({ version: VersionIdSchema, name: nullable(LabelName) });
