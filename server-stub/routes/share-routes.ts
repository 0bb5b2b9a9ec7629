/** Shared folders and team spaces. The rules are in sharing/. */
import type { Static } from 'typebox';
import type { Empty, LinkAnswer } from '../../src/protocol/routes.ts';
import {
  type CreateShareAnswer,
  CreateShareRequest,
  InvitationRequest,
  LinkShareRequest,
  MemberRequest,
  type MembersAnswer,
  OneShareRequest,
  PlaceRequest,
  RemoveMemberRequest,
  type SharesAnswer,
} from '../../src/protocol/shares.ts';
import type { Refused } from '../accounts/refused.ts';
import type { Done } from '../sharing/shares.ts';
import { forDevice, forDeviceBare, json, type RouteAnswer, type ServerParts } from './route-context.ts';

export const shares = forDeviceBare(async ({ parts, session }) =>
  json<SharesAnswer>(await parts.shares.list(session)),
);

export const createShare = forDevice(CreateShareRequest, async ({ parts, session }, { name, kind }) => {
  const made = await parts.shares.create(session, name, kind);
  if (typeof made !== 'string') return made;
  parts.hub.sharesChanged(session.user.name);
  return json<CreateShareAnswer>({ namespace: made });
});

export const shareMembers = forDevice(OneShareRequest, async ({ parts, session }, { namespace }) => {
  const found = await parts.shares.members(session, namespace);
  return 'kind' in found ? found : json<MembersAnswer>({ members: [...found] });
});

export const setMember = forDevice(MemberRequest, async ({ parts, session }, { namespace, user, role }) =>
  told(parts, await parts.shares.setMember(session, namespace, user, role)),
);

export const removeMember = forDevice(RemoveMemberRequest, async ({ parts, session }, { namespace, user }) =>
  told(parts, await parts.shares.removeMember(session, namespace, user)),
);

export const answerInvitation = forDevice(
  InvitationRequest,
  async ({ parts, session }, { namespace, accept, place }) =>
    told(parts, await parts.shares.answerInvitation(session, namespace, accept, place ?? null)),
);

export const placeShare = forDevice(PlaceRequest, async ({ parts, session }, { namespace, place }) =>
  told(parts, await parts.shares.place(session, namespace, place)),
);

export const linkShare = forDevice(LinkShareRequest, async ({ parts, session }, { namespace, instance }) => {
  const answer = await parts.shares.link(session, namespace, instance);
  return 'kind' in answer ? answer : json<LinkAnswer>(answer);
});

/** Long polls of devices whose tokens ended end with them. */
function told(parts: ServerParts, outcome: Done | Refused): RouteAnswer {
  if (outcome.kind === 'refused') return outcome;
  for (const device of outcome.ended) parts.hub.endDevice(device);
  for (const user of outcome.news) parts.hub.sharesChanged(user);
  return json<Static<typeof Empty>>({});
}
