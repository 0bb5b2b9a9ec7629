/** What the people of a run with a share do about it, besides their work. */

import type { EngineControl } from '../../../src/ipc/contract.ts';
import type { NamespaceId } from '../../../src/protocol/ids.ts';
import type { Person } from '../linking.ts';

export const OWNER: Person = { name: 'ada', password: 'correct horse' };
export const MEMBER: Person = { name: 'bob', password: 'battery staple' };

/** By name of the machine: the second one and the third are the member's. */
export function personOf(machine: string): Person {
  return machine === 'B' || machine === 'C' ? MEMBER : OWNER;
}

/** What is asked for about the share, and how often; `move-across` is work with files. */
export const OWNERS_KINDS = { 'make-viewer': 5, 'make-editor': 7, 'take-out': 5, 'move-across': 9 } as const;
export const MEMBERS_KINDS = {
  accept: 10,
  leave: 2,
  'put-away': 1,
  'bring-back': 2,
  'move-across': 9,
} as const;

export type ShareKind = keyof typeof OWNERS_KINDS | keyof typeof MEMBERS_KINDS;
export type ShareVerb = Exclude<ShareKind, 'move-across'>;

export function isShareKind(kind: string): kind is ShareKind {
  return kind in OWNERS_KINDS || kind in MEMBERS_KINDS;
}

/** How much of what people do is about the share. */
export const SHARE_OF_SHARING = 0.3;

const CALL = { signal: new AbortController().signal } as const;

/** Asks; the answer says what became of it, and may never come. */
export async function askAboutShare(
  kind: ShareVerb,
  control: EngineControl,
  share: NamespaceId,
): Promise<string> {
  const answer = await answerTo(kind, control, share);
  return `${kind}: ${answer.kind === 'ok' ? 'done' : answer.code}`;
}

function answerTo(kind: ShareVerb, control: EngineControl, share: NamespaceId) {
  switch (kind) {
    case 'make-viewer':
      return control['shares.member']({ share, user: MEMBER.name, role: 'viewer' }, CALL);
    case 'make-editor':
      return control['shares.member']({ share, user: MEMBER.name, role: 'editor' }, CALL);
    case 'take-out':
      return control['shares.remove']({ share, user: MEMBER.name }, CALL);
    case 'accept':
      return control['shares.answer']({ share, accept: true }, CALL);
    case 'leave':
      return control['shares.leave']({ share }, CALL);
    case 'put-away':
      return control['shares.here']({ share, here: false }, CALL);
    case 'bring-back':
      return control['shares.here']({ share, here: true }, CALL);
  }
}
