/** Shared folders and team spaces, as the app and the command line ask for them. */
import { type Static, Type } from 'typebox';
import { LIMITS } from '../protocol/limits.ts';
import { Count, Facts, Millis, nullable, oneOf, open, record, Sentence, SyncPath } from './shapes.ts';
import { SyncState } from './status.ts';

export const ShareRole = oneOf('owner', 'editor', 'viewer');
const Name = Type.String({ minLength: 1, maxLength: LIMITS.nameBytes });
const User = Type.String({ minLength: 1, maxLength: LIMITS.userNameBytes });
/** A share by its id, its name, or the path of its folder: whichever says which one is meant. */
const Which = Type.String({ minLength: 1, maxLength: 65_536 });

export const ShareRow = open({
  id: Type.String(),
  name: Type.String(),
  kind: oneOf('folder', 'team'),
  role: ShareRole,
  standing: oneOf('invited', 'member'),
  /** Null: this user made it. */
  invitedBy: nullable(Type.String()),
  at: Millis,
  /** Where it stands in the synced folder; null: nowhere yet. */
  path: nullable(Type.String()),
  /** The user took its folder off this computer. */
  away: Type.Optional(Type.Boolean()),
  /** How its folder is doing; null: there is none yet. */
  state: nullable(SyncState),
  /** Why its folder does not go on; null: nothing keeps it. */
  trouble: nullable(open({ code: Type.String(), facts: Facts })),
  sentence: Sentence,
});
export type ShareRow = Static<typeof ShareRow>;
export const SharesListResult = open({ shares: Type.Array(ShareRow) });

export const ShareCreateParams = record({
  name: Name,
  kind: oneOf('folder', 'team'),
  /** A folder of the user's own: what is in it moves into the new one, which takes its place. */
  folder: Type.Optional(SyncPath),
});
export const ShareParams = record({ share: Which });
export const ShareAnswerParams = record({
  share: Which,
  accept: Type.Boolean(),
  /** Path in the synced folder; by default its name. */
  place: Type.Optional(Type.String({ maxLength: 65_536 })),
});
export const ShareMemberParams = record({ share: Which, user: User, role: ShareRole });
export const ShareRemoveParams = record({ share: Which, user: User });
export const ShareMoveParams = record({
  share: Which,
  place: Type.String({ minLength: 1, maxLength: 65_536 }),
});
/** Whether its folder is on this computer; it stays on one's others, and one stays in it. */
export const ShareHereParams = record({ share: Which, here: Type.Boolean() });
export const ShareDone = open({ id: Type.String(), path: nullable(Type.String()), sentence: Sentence });
export type ShareDone = Static<typeof ShareDone>;

export const MemberRow = open({
  user: Type.String(),
  role: ShareRole,
  standing: oneOf('invited', 'member'),
  at: Millis,
});
export type MemberRow = Static<typeof MemberRow>;
export const ShareMembersResult = open({ id: Type.String(), members: Type.Array(MemberRow) });

/** What is stored, and how much may be: per namespace, each stored chunk counted once in it. */
export const UsageRow = open({
  /** Id of the share; null: the user's own space. */
  share: nullable(Type.String()),
  name: Type.String(),
  kind: oneOf('own', 'folder', 'team'),
  /** Its folder; '' is the synced folder itself, null: it has none on this computer. */
  path: nullable(Type.String()),
  /** Null: it could not be asked. */
  used: nullable(Count),
  /** Null: as much as there is room. */
  quota: nullable(Count),
  sentence: Sentence,
});
export type UsageRow = Static<typeof UsageRow>;
/** The user's own space first. */
export const UsageResult = open({ namespaces: Type.Array(UsageRow) });
export type UsageResult = Static<typeof UsageResult>;
