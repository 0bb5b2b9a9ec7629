/** Shared folders and team spaces on the wire: who is in, with which role, and how a device gets at them. */
import { type Static, Type } from 'typebox';
import { LIMITS } from './limits.ts';
import { Millis, NamespaceIdSchema, NodeIdSchema, nullable, record } from './schema.ts';

/** An owner also decides who else is in; a viewer changes nothing. */
export const RoleSchema = Type.Union([Type.Literal('owner'), Type.Literal('editor'), Type.Literal('viewer')]);
export type Role = Static<typeof RoleSchema>;

/** A folder that somebody shares, or a space that belongs to all who are in it. */
export const ShareKind = Type.Union([Type.Literal('folder'), Type.Literal('team')]);
export type ShareKind = Static<typeof ShareKind>;

const ShareName = Type.String({ minLength: 1, maxLength: LIMITS.nameBytes });
const UserName = Type.String({ minLength: 1, maxLength: LIMITS.userNameBytes });
const Standing = Type.Union([Type.Literal('invited'), Type.Literal('member')]);

/** Of all that one user is told of their shares: another one whenever any of it is another one. */
export const ShareMark = Type.String({ pattern: '^[0-9a-f]{32}$' });

/** Where a member has a share: a name in a folder of their own namespace; the same on all their devices. */
export const SharePlace = record({ parent: NodeIdSchema, name: ShareName });
export type SharePlace = Static<typeof SharePlace>;

export const Share = record({
  namespace: NamespaceIdSchema,
  kind: ShareKind,
  name: ShareName,
  role: RoleSchema,
  standing: Standing,
  /** Who invited; null: it was made by the one who asks. */
  invitedBy: nullable(Type.String()),
  at: Millis,
  /** Null: not said yet. */
  place: nullable(SharePlace),
});
export type Share = Static<typeof Share>;
/** What the user is not in any more: who ended it, by name (their own where they left), and when. */
export const EndedShare = record({ namespace: NamespaceIdSchema, by: Type.String(), at: Millis });
export type EndedShare = Static<typeof EndedShare>;
export const SharesAnswer = record({
  shares: Type.Array(Share),
  /** The latest first, as many as are told; absent where the server does not say. */
  ended: Type.Optional(Type.Array(EndedShare)),
  /** Changes with any of it; polls tell it as well. */
  mark: ShareMark,
});
export type SharesAnswer = Static<typeof SharesAnswer>;

export const CreateShareRequest = record({ name: ShareName, kind: ShareKind });
export const CreateShareAnswer = record({ namespace: NamespaceIdSchema });
export type CreateShareAnswer = Static<typeof CreateShareAnswer>;

export const OneShareRequest = record({ namespace: NamespaceIdSchema });
export const Member = record({ user: UserName, role: RoleSchema, standing: Standing, at: Millis });
export type Member = Static<typeof Member>;
export const MembersAnswer = record({ members: Type.Array(Member) });
export type MembersAnswer = Static<typeof MembersAnswer>;

/** Invites somebody, or changes the role of who is in. Whether there is such a user is not told. */
export const MemberRequest = record({ namespace: NamespaceIdSchema, user: UserName, role: RoleSchema });
/** Takes somebody out, or oneself. */
export const RemoveMemberRequest = record({ namespace: NamespaceIdSchema, user: UserName });
export const InvitationRequest = record({
  namespace: NamespaceIdSchema,
  accept: Type.Boolean(),
  /** Where one's devices are to have it, known before the first of them hears of it. */
  place: Type.Optional(SharePlace),
});

/** Where one's devices are to have it, from now on. */
export const PlaceRequest = record({ namespace: NamespaceIdSchema, place: SharePlace });

/** A token of this device for that one namespace: it speaks there as a device of its own, with keys and cursor of its own. */
export const LinkShareRequest = record({
  namespace: NamespaceIdSchema,
  instance: Type.String({ pattern: '^[0-9a-f]{32}$' }),
});
