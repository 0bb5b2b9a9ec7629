/** The vocabulary of the control contract. Params are closed (`record`); results are open, so that a newer engine may say more. */
import { type Static, type TObject, type TProperties, Type } from 'typebox';
import { Count, Millis, nullable } from '../protocol/schema.ts';

/** The mark of `ShownPath` in a schema. */
export const SHOWN_PATH = 'x-shown-path';

export { Count, Millis, nullable, record } from '../protocol/schema.ts';

/**
 * Where something stands, from the synced folder down. An engine says it from its own root; where that is the folder of a
 * share, the path of that folder is put before it on the way out: whatever is marked so is translated, nothing else.
 */
export const ShownPath = Type.String({ [SHOWN_PATH]: true });

/** Members a reader does not know are allowed and ignored. */
export function open<P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties);
}

export function oneOf<const Values extends readonly string[]>(...values: Values) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: values });
}

/**
 * Path below the synced folder: components joined by '/', no leading slash, no '.', '..' or empty component, no NUL.
 * The control server turns an absolute path inside the folder into this form before the engine sees it.
 */
export const SyncPath = Type.String({
  minLength: 1,
  maxLength: 65_536,
  pattern: '^(?!\\.{0,2}(?:/|$))(?![\\s\\S]*/\\.{0,2}(?:/|$))[^\\u0000]+$',
});

/** `41` as people say it, or the exact version id. */
export const VersionIdText = Type.String({ pattern: '^[0-9a-f]{12}\\.[1-9][0-9]{0,15}$' });
export const VersionChoice = Type.Union([Type.Integer({ minimum: 1 }), VersionIdText]);
export type VersionChoice = Static<typeof VersionChoice>;

export const Sentence = Type.String();
export const NodeKind = oneOf('folder', 'file', 'symlink');

/** A version in another namespace of this user's: a file that was moved from one into another. */
export const Crossed = open({
  /** Id of the share; null: their own space. */
  share: nullable(Type.String()),
  /** Where it stands, from the synced folder; null when it does not, or that namespace is not on this computer. */
  path: nullable(Type.String()),
  node: Type.String(),
});
export type Crossed = Static<typeof Crossed>;

/** One version as people see it. `version` is the exact id, `number` the V41 of the sentence. */
export const VersionRow = open({
  version: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  base: nullable(Type.String()),
  kind: oneOf('file', 'symlink'),
  size: Count,
  executable: Type.Boolean(),
  device: Type.String(),
  user: Type.String(),
  /** What it was made by, and a mark that is the same for the same content. */
  reason: oneOf('created', 'edited', 'restored', 'forked', 'resolved', 'unknown'),
  content: Type.String(),
  /** When the server committed it, and when the editing device says that it was edited. */
  at: Millis,
  editedAt: Millis,
  current: Type.Boolean(),
  /** The version in another namespace that this one was made from, by a move; only where the user may read both. */
  madeFrom: Type.Optional(
    open({ ...Crossed.properties, version: Type.String(), number: Type.Integer({ minimum: 1 }) }),
  ),
  /** The name somebody gave it; absent where the question was not about history. */
  label: Type.Optional(
    nullable(open({ name: Type.String(), device: Type.String(), user: Type.String(), at: Millis })),
  ),
  /** Why it is kept, and at least until when (null: as long as that holds); absent where it is not known. */
  kept: Type.Optional(
    open({
      why: oneOf('current', 'labelled', 'conflict', 'held', 'policy', 'trash', 'leaving'),
      until: nullable(Millis),
    }),
  ),
});
export type VersionRow = Static<typeof VersionRow>;

/** What fills the braces of an error's sentence, so that it can be said in another language. */
export const Facts = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));
export type Facts = Static<typeof Facts>;

/** A trouble with one path, as the user reads it. */
export const ProblemRow = open({
  path: ShownPath,
  code: Type.String(),
  facts: Facts,
  sentence: Sentence,
  since: Millis,
});
export type ProblemRow = Static<typeof ProblemRow>;

/** Long lists come in pages: `after` of the next request is `next` of the last answer, null at the end. */
export const PageParams = {
  after: Type.Optional(Type.String({ maxLength: 65_536 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
};
export const Next = nullable(Type.String());
/** Of a list over the synced folder and all shares: paths of those that could not be asked; absent when all were. */
export const Without = Type.Optional(Type.Array(Type.String()));
