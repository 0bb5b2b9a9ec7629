/** What history keeps: labels of versions, and how long each stays. */
import { Type } from 'typebox';
import { nullable, open, record, Sentence, SyncPath, VersionChoice } from './shapes.ts';

export const LabelText = Type.String({ minLength: 1, maxLength: 120 });

/** Names a version (null takes the name away); one of path and node says of what. */
export const LabelParams = record({
  path: Type.Optional(SyncPath),
  node: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' }),
  ),
  version: VersionChoice,
  name: nullable(LabelText),
});
export const LabelResult = open({
  path: Type.String(),
  node: Type.String(),
  version: Type.String(),
  number: Type.Integer({ minimum: 1 }),
  name: nullable(Type.String()),
  sentence: Sentence,
});
