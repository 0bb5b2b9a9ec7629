/** Which list a share is in, and what is said ahead of the server's word. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberRow, ShareRow } from '../../src/ipc/shares.ts';
import {
  isOnlyOwner,
  pathBelow,
  sortedMembers,
  sortedShares,
} from '../../src/renderer/screens/shared/sorted-shares.ts';

function share(name: string, about: Partial<ShareRow>): ShareRow {
  const base = {
    id: name,
    name,
    kind: 'folder',
    role: 'editor',
    standing: 'member',
    invitedBy: 'ben',
  } as const;
  return { ...base, at: 1, path: name, state: 'up-to-date', trouble: null, sentence: '', ...about };
}
const member = (user: string, about: Partial<MemberRow> = {}): MemberRow => ({
  ...{ user, role: 'editor', standing: 'member', at: 1 },
  ...about,
});

test('invitations come newest first and are nowhere else; a folder is of who made it, a team space of nobody', () => {
  const sorted = sortedShares([
    share('mine', { invitedBy: null, role: 'owner' }),
    share('co-owned', { role: 'owner' }),
    share('team', { kind: 'team', invitedBy: null, role: 'owner' }),
    share('old', { standing: 'invited', at: 5 }),
    share('new', { standing: 'invited', kind: 'team', at: 9 }),
  ]);
  const names = (rows: readonly ShareRow[]) => rows.map((row) => row.name);
  assert.deepEqual(names(sorted.invitations), ['new', 'old']);
  assert.deepEqual(names(sorted.byMe), ['mine']);
  assert.deepEqual(names(sorted.withMe), ['co-owned']);
  assert.deepEqual(names(sorted.teams), ['team']);
});

test('who is in stands before who was asked, owners first; an owner who only was asked does not count', () => {
  const members = [
    member('zoe', { standing: 'invited', role: 'owner' }),
    member('ben'),
    member('anna', { role: 'owner' }),
  ];
  assert.deepEqual(
    sortedMembers(members).map(({ user }) => user),
    ['anna', 'ben', 'zoe'],
  );
  assert.ok(isOnlyOwner(members, 'anna'));
  assert.ok(!isOnlyOwner(members, 'ben'));
  assert.ok(!isOnlyOwner([...members, member('jo', { role: 'owner' })], 'anna'));
});

test('a chosen folder is a path in the synced folder, or none', () => {
  assert.equal(pathBelow('/home/anna/Tidemark', '/home/anna/Tidemark/Projects/Harbour'), 'Projects/Harbour');
  assert.equal(pathBelow('C:\\Users\\anna\\Tidemark', 'C:\\Users\\anna\\Tidemark\\Work\\'), 'Work');
  for (const outside of ['/home/anna/Tidemark', '/home/anna/Tidemark-old/x', '/etc'])
    assert.equal(pathBelow('/home/anna/Tidemark', outside), null);
  assert.equal(pathBelow(null, '/home'), null);
});
