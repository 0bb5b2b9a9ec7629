/** What a device asks the server about what is shared, as the user whose device it is. */
import type { NamespaceId } from '../../protocol/ids.ts';
import { Empty, LinkAnswer } from '../../protocol/link.ts';
import { ROUTES } from '../../protocol/routes.ts';
import {
  CreateShareAnswer,
  MembersAnswer,
  type Role,
  type ShareKind,
  type SharePlace,
  SharesAnswer,
} from '../../protocol/shares.ts';
import { Caller, type CallParts, defineCall } from './call.ts';
import type { ServerResult } from './server.ts';

const SHARES = defineCall(ROUTES.shares, SharesAnswer);
const CREATE = defineCall(ROUTES.createShare, CreateShareAnswer);
const MEMBERS = defineCall(ROUTES.shareMembers, MembersAnswer);
const SET_MEMBER = defineCall(ROUTES.setMember, Empty);
const REMOVE_MEMBER = defineCall(ROUTES.removeMember, Empty);
const ANSWER = defineCall(ROUTES.answerInvitation, Empty);
const PLACE = defineCall(ROUTES.placeShare, Empty);
const LINK = defineCall(ROUTES.linkShare, LinkAnswer);

export interface ShareCalls {
  list(): Promise<ServerResult<SharesAnswer>>;
  create(name: string, kind: ShareKind): Promise<ServerResult<CreateShareAnswer>>;
  members(namespace: NamespaceId): Promise<ServerResult<MembersAnswer>>;
  setMember(namespace: NamespaceId, user: string, role: Role): Promise<ServerResult<unknown>>;
  removeMember(namespace: NamespaceId, user: string): Promise<ServerResult<unknown>>;
  answer(namespace: NamespaceId, accept: boolean, place: SharePlace | null): Promise<ServerResult<unknown>>;
  place(namespace: NamespaceId, place: SharePlace): Promise<ServerResult<unknown>>;
  /** A token of this device for that namespace; one it had before ends. */
  link(namespace: NamespaceId, instance: string): Promise<ServerResult<LinkAnswer>>;
}

export function createShareCalls(parts: CallParts): ShareCalls {
  const caller = new Caller(parts);
  return {
    list: () => caller.json(SHARES, null),
    create: (name, kind) => caller.json(CREATE, { name, kind }),
    members: (namespace) => caller.json(MEMBERS, { namespace }),
    setMember: (namespace, user, role) => caller.json(SET_MEMBER, { namespace, user, role }),
    removeMember: (namespace, user) => caller.json(REMOVE_MEMBER, { namespace, user }),
    answer: (namespace, accept, place) =>
      caller.json(ANSWER, { namespace, accept, ...(place === null ? {} : { place }) }),
    place: (namespace, place) => caller.json(PLACE, { namespace, place }),
    link: (namespace, instance) => caller.json(LINK, { namespace, instance }),
  };
}
