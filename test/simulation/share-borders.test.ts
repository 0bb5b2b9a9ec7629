/** Where one namespace ends and another begins on a disk: whose a folder is, and what is moved from one into the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMarker } from '../../src/engine/root-marker.ts';
import type { NamespaceId } from '../../src/protocol/ids.ts';
import type { Machine } from './machine.ts';
import { files, stage } from './sharing/stage.ts';

const CALL = { signal: new AbortController().signal } as const;
const encoder = new TextEncoder();

test('the folder of a share that takes the name of a folder of one’s own: both are there, under their new names', () =>
  stage(31, async ({ world, owners, members, act }) => {
    await act(members, { do: 'mkdir', path: 'Docs' });
    await act(members, { do: 'write', path: 'Docs/mine', text: 'my own' });
    assert.ok(await world.settle());
    await act(members, { do: 'move', from: 'Docs', to: 'Other' });
    await act(members, { do: 'move', from: 'Team', to: 'Docs' });
    assert.ok(await world.settle());
    assert.deepEqual(files(members), { 'Docs/agreed': 'agreed', 'Other/mine': 'my own' });
    await world.ownOf(members).read();
    assert.deepEqual([...world.ownOf(members).fold.tree().keys()].toSorted(), ['Other', 'Other/mine']);
    assert.deepEqual(files(owners), { 'Team/agreed': 'agreed' });
  }));

/** A folder with the mark of another root in it, as a copy of a disk would bring. */
function putRoot(machine: Machine, path: string, namespace: NamespaceId | null): void {
  const { volume } = machine;
  const found = parseMarker(volume.find('Team/.tidemark/root.json').bytes);
  assert.equal(found.kind, 'marker');
  const marker = found.kind === 'marker' ? found.marker : null;
  const { folder, name } = volume.place(path);
  const root = volume.create(folder, name, { kind: 'folder' });
  const reserved = volume.create(root, '.tidemark', { kind: 'folder' });
  const bytes = encoder.encode(JSON.stringify({ ...marker, namespace: namespace ?? marker?.namespace }));
  volume.create(reserved, 'root.json', { kind: 'file', bytes });
  volume.create(root, 'inside', { kind: 'file', bytes: encoder.encode('') });
}

test('a root that belongs to somebody else is left alone and told; a copy of a share in it is an ordinary folder', () =>
  stage(32, async ({ world, owners, members, run }) => {
    putRoot(members, 'Lost', world.namespaceOf(owners));
    putRoot(members, 'Copy', null);
    putRoot(members, 'Team/Copy', null);
    await run(20_000);
    assert.ok(await world.settle());
    await world.ownOf(members).read();
    const told = [...world.ownOf(members).fold.tree().keys()].filter((path) => path.endsWith('/inside'));
    assert.deepEqual(told, ['Copy/inside']);
    assert.equal(files(owners)['Team/Copy/inside'], '');
    const problems = members.device?.engine.state.problems.list().map(({ path }) => path);
    assert.deepEqual(problems, ['Lost']);
  }));

test('a folder that is moved into a share takes along what its files were made from', () =>
  stage(33, async ({ world, owners, members, act, run }) => {
    await act(members, { do: 'mkdir', path: 'd' });
    await act(members, { do: 'write', path: 'd/mine', text: 'my own' });
    assert.ok(await world.settle());
    members.network.goOffline();
    await act(members, { do: 'move', from: 'd', to: 'Team/d' });
    await run(5000);
    assert.equal(members.device?.engine.state.nodeAt('d'), null, 'it is believed gone, and waits');
    await members.stop();
    members.start();
    await run(5000);
    members.network.goOnline();
    assert.ok(await world.settle());
    assert.deepEqual(files(owners), { 'Team/agreed': 'agreed', 'Team/d/mine': 'my own' });
    const history = async (path: string) => {
      assert.ok(members.device);
      const asked = members.device.control.history({ path }, CALL);
      const answer = await world.time.drive(asked, 60_000, 'the history');
      assert.ok(answer.kind === 'ok', JSON.stringify(answer));
      return answer.value.nodes[0];
    };
    const there = await history('Team/d/mine');
    assert.equal(there?.versions[0]?.madeFrom?.share, null, 'it was a file of the user’s own');
    const left = await history('d/mine');
    assert.deepEqual(left?.deleted?.wentTo, { share: world.share, path: 'Team/d/mine', node: there?.node });
  }));
