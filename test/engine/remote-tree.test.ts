/** The remote tree only goes on, node by node: a row that is older than what is known takes nothing back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileId, Stamp } from '../../src/engine/environment/disk.ts';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import {
  parseDeviceId,
  parseEpoch,
  parseManifestId,
  parseNodeId,
  ROOT_NODE,
  versionId,
} from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';

const EPOCH = parseEpoch('0123456789ab');
const NODE = parseNodeId('01990000-0000-7000-8000-000000000001');
const WHO = {
  device: parseDeviceId('01990000-0000-7000-8000-000000000002'),
  deviceName: 'A',
  user: 'ada',
  at: 1,
};

const FOLDER: Omit<Stamp, 'fileId'> = {
  kind: 'folder',
  trusted: true,
  device: '1',
  size: 0,
  mtimeNs: 1n,
  ctimeNs: 1n,
  executable: false,
  links: 1,
};

/** A file whose place is of `entrySeq`, and whose head is of `headSeq`. */
function told(name: string, entrySeq: number, headSeq: number): JournalEvent {
  return {
    seq: Math.max(entrySeq, headSeq),
    node: NODE,
    kind: 'file',
    cause: 'edit',
    entry: {
      parent: ROOT_NODE,
      name,
      live: true,
      rev: entrySeq,
      seq: entrySeq,
      deadSeq: null,
      successor: null,
    },
    head: {
      version: versionId(EPOCH, headSeq),
      number: headSeq,
      base: null,
      content: {
        kind: 'file',
        manifest: parseManifestId(String(headSeq).padStart(64, '0')),
        size: 1,
        executable: false,
        encoded: null,
      },
      mtimeNs: '1',
      seq: headSeq,
      editedAt: 1,
      ...WHO,
    },
    subtree: null,
    revivedBatch: null,
    approved: false,
    conflict: null,
    ...WHO,
  };
}

test('RULES 15: an older row takes back neither the head nor the place, and each goes on without the other', () => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  const { remote } = new State(opened.db);
  const seen = (): readonly unknown[] => {
    const row = remote.get(NODE);
    return [row?.name, row?.entrySeq, row?.head?.seq];
  };
  remote.fold(told('a', 1, 5));
  remote.fold(told('a', 1, 3));
  assert.deepEqual(seen(), ['a', 1, 5]);
  remote.fold(told('b', 4, 3));
  assert.deepEqual(seen(), ['b', 4, 5]);
  remote.fold(told('a', 1, 7));
  assert.deepEqual(seen(), ['b', 4, 7]);
  opened.db.close();
});

test('a folder that is observed again, by whatever, brings back what rested as it was not', () => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  const { local, remote, frontier } = new State(opened.db);
  const folder = parseNodeId('01990000-0000-7000-8000-00000000000f');
  const sighted = (fileId: string): Stamp => ({ ...FOLDER, fileId: fileId as FileId });
  local.put(folder, ROOT_NODE, 'd', sighted('1:1'), null, { condition: 'unseen' });
  const event = told('in-it', 1, 1);
  remote.fold({ ...event, node: folder, kind: 'folder', head: null });
  assert.ok(remote.fold({ ...event, entry: { ...event.entry, parent: folder } }));
  frontier.take(10);
  local.put(folder, ROOT_NODE, 'd', sighted('1:2'), null, { condition: 'unseen' });
  assert.ok(!frontier.take(10).includes(NODE), 'still unseen');
  local.put(folder, ROOT_NODE, 'd', sighted('1:2'), null);
  assert.ok(frontier.take(10).includes(NODE));
});

test('what could not be looked at and is parked is not waited for: while it is parked nobody looks', () => {
  const opened = openState(':memory:');
  assert.ok(opened.kind === 'open');
  const { local } = new State(opened.db);
  const stamp: Stamp = { ...FOLDER, kind: 'file', fileId: '1:1' as FileId };
  local.put(NODE, ROOT_NODE, 'f', stamp, null, { condition: 'unseen' });
  local.park(NODE, 'parked');
  assert.equal(local.get(NODE)?.condition, 'seen');
  local.setCondition(NODE, 'unseen');
  assert.equal(local.get(NODE)?.condition, 'seen', 'a look that ends late says nothing either');
});
