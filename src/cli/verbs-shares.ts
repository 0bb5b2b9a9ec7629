/** Verbs about shared folders and team spaces. Only data: it loads fast. */
import { flag, optional, STATE } from './option-shapes.ts';
import type { Verb } from './verbs.ts';

const shares = () => import('./verb-shares.ts');

export const SHARE_VERBS: readonly Verb[] = [
  {
    name: 'shares',
    group: 'Every day',
    positionals: [],
    options: { state: STATE },
    summary: 'List what is shared with you: shared folders, team spaces, invitations.',
    details: 'SHARE in the verbs below is a name, the path of its folder, or an id.',
    load: async () => (await shares()).listShares,
  },
  {
    name: 'shares create',
    group: 'Every day',
    positionals: ['NAME'],
    options: { state: STATE, team: flag('a team space, which belongs to all who are in it') },
    summary: 'Make a shared folder; you own it.',
    details:
      'Its folder comes into the synced folder, on all your devices. What you move into it, others see.',
    load: async () => (await shares()).createShare,
  },
  {
    name: 'shares invite',
    group: 'Every day',
    positionals: ['SHARE', 'USER'],
    options: { state: STATE, role: optional('ROLE', 'owner, editor or viewer (editor)') },
    summary: 'Invite somebody.',
    details: 'Whether there is a user of that name is not told.',
    load: async () => (await shares()).inviteMember,
  },
  {
    name: 'shares accept',
    group: 'Every day',
    positionals: ['SHARE'],
    options: {
      state: STATE,
      place: optional('PATH', 'where its folder is to be in the synced folder (its name)'),
    },
    summary: 'Accept an invitation.',
    details: 'A name that is taken gets a number.',
    load: async () => (await shares()).acceptShare,
  },
  {
    name: 'shares decline',
    group: 'Every day',
    positionals: ['SHARE'],
    options: { state: STATE },
    summary: 'Decline an invitation.',
    details: '',
    load: async () => (await shares()).declineShare,
  },
  {
    name: 'shares members',
    group: 'Every day',
    positionals: ['SHARE'],
    options: { state: STATE },
    summary: 'List who is in, and with which role.',
    details: '',
    load: async () => (await shares()).listMembers,
  },
  {
    name: 'shares role',
    group: 'Every day',
    positionals: ['SHARE', 'USER', 'ROLE'],
    options: { state: STATE },
    summary: 'Give a member another role: owner, editor or viewer.',
    details: 'A viewer changes nothing; what they edit stays on their computer.',
    load: async () => (await shares()).changeRole,
  },
  {
    name: 'shares remove',
    group: 'Every day',
    positionals: ['SHARE', 'USER'],
    options: { state: STATE },
    summary: 'Take somebody out.',
    details: 'What they had not sent yet stays with them, outside the share.',
    load: async () => (await shares()).removeMember,
  },
  {
    name: 'shares leave',
    group: 'Every day',
    positionals: ['SHARE'],
    options: { state: STATE },
    summary: 'Leave a share. Its folder goes to the trash of your computers.',
    details: 'What was not sent yet is kept beside, as files of your own.',
    load: async () => (await shares()).leaveShare,
  },
  {
    name: 'shares move',
    group: 'Every day',
    positionals: ['SHARE', 'PLACE'],
    options: { state: STATE },
    summary: 'Have the folder of a share elsewhere, on all your devices.',
    details: 'PLACE is a path in the synced folder. Renaming or moving the folder itself does the same.',
    load: async () => (await shares()).moveShare,
  },
];
