/** A share ends, and something comes in between: what is nowhere else is put aside, whatever happens, and nothing is given up unseen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from './machine.ts';
import { files, KEPT, type Stage, stage } from './sharing/stage.ts';
import { contentName } from './sim-user.ts';

const mounts = (machine: Machine): number => machine.device?.engine.state.mounts.list().length ?? 0;
const codes = (machine: Machine): readonly string[] =>
  machine.device?.engine.state.problems.list().map(({ code }) => code) ?? [];

/** The member edited `agreed` offline, and is taken out: only this computer has the edit. */
async function takenOutWithAnEdit({ owners, members, ask, act, run }: Stage): Promise<void> {
  members.network.goOffline();
  await act(members, { do: 'write', path: 'Team/agreed', text: 'edited, not sent' });
  await run(2000);
  await ask(owners, 'take-out');
}

const PUT_ASIDE = { [`${KEPT}/agreed`]: 'edited, not sent' } as const;

/** What fails, where, and what it is called: until it does not any more, the share is there. */
const FAILING: readonly (readonly [operation: string, path: string, says: string])[] = [
  ['control', 'root.json', 'the mark of the root cannot be read'],
  ['look', '', 'the root cannot be looked at'],
  ['list', 'Team', 'its folder cannot be listed'],
  ['make', KEPT, 'nothing can be put aside'],
  ['move', 'Team/agreed', 'what is only here cannot be moved'],
  ['trash', 'Team', 'its folder cannot go to the trash'],
];

for (const [operation, path, says] of FAILING)
  test(`a share that ended while ${says} is there until that is over, and then what was not sent is put aside`, () =>
    stage(11, async (the) => {
      const { world, members, run } = the;
      await takenOutWithAnEdit(the);
      members.diskFault = (met, at) => (met === operation && at === path ? 'input-output' : null);
      members.network.goOnline();
      let lists = 0;
      const asked = world.host.onAsked;
      world.host.onAsked = (request) => {
        if (request.path === '/v1/shares') lists += 1;
        asked(request);
      };
      await run(30_000);
      world.host.onAsked = asked;
      assert.equal(mounts(members), 1);
      assert.ok(lists < 5, `the server was asked ${lists} times`);
      members.diskFault = () => null;
      assert.ok(await world.settle());
      assert.deepEqual(files(members), PUT_ASIDE);
      assert.equal(mounts(members), 0);
      assert.deepEqual(codes(members), ['share-ended-kept']);
    }));

test('a share whose folder its user had deleted ends, and nothing is put aside', () =>
  stage(12, async ({ world, owners, members, ask, act }) => {
    members.network.goOffline();
    await act(members, { do: 'remove-all', path: 'Team' });
    await ask(owners, 'take-out');
    members.network.goOnline();
    assert.ok(await world.settle());
    assert.deepEqual([files(members), mounts(members)], [{}, 0]);
    assert.deepEqual(files(owners), { 'Team/agreed': 'agreed' });
    assert.deepEqual(codes(members), ['share-ended']);
  }));

test('a share in a folder that is gone with it ends', () =>
  stage(13, async ({ world, owners, members, ask, act, run }) => {
    await act(members, { do: 'mkdir', path: 'd' });
    assert.ok(await world.settle());
    await act(members, { do: 'move', from: 'Team', to: 'd/Team' });
    assert.ok(await world.settle());
    assert.deepEqual(files(members), { 'd/Team/agreed': 'agreed' });
    members.network.goOffline();
    await act(members, { do: 'remove-all', path: 'd' });
    await run(5000);
    await ask(owners, 'take-out');
    members.network.goOnline();
    assert.ok(await world.settle());
    assert.deepEqual([files(members), mounts(members)], [{}, 0]);
  }));

for (const saved of ['Team/agreed', 'Team/new', 'Team/d/agreed'] as const)
  test(`what is saved as ${saved} while the engine of a share that ended stops is put aside in the next try`, () =>
    stage(14, async ({ world, owners, members, ask, act }) => {
      await act(owners, { do: 'mkdir', path: 'Team/d' });
      await act(owners, { do: 'write', path: 'Team/d/agreed', text: 'agreed, too' });
      assert.ok(await world.settle());
      const device = members.device;
      assert.ok(device?.shares);
      const [running] = device.shares.running.values();
      assert.ok(running);
      const { engine } = running;
      const stop = engine.stop.bind(engine);
      engine.stop = async () => {
        await members.act({ do: 'write', path: saved, text: 'saved late' });
        await stop();
      };
      await ask(owners, 'take-out');
      assert.ok(await world.settle());
      assert.deepEqual(files(members), { [saved.replace('Team', KEPT)]: 'saved late' });
    }));

test('a disk that cannot list the folder once more before it goes lets it stay', () =>
  stage(15, async ({ world, owners, members, ask, run }) => {
    const device = members.device;
    assert.ok(device?.shares);
    const [running] = device.shares.running.values();
    assert.ok(running);
    const { engine } = running;
    const stop = engine.stop.bind(engine);
    engine.stop = async () => {
      await stop();
      members.diskFault = (met, at) => (met === 'list' && at === 'Team' ? 'input-output' : null);
    };
    await ask(owners, 'take-out');
    await run(20_000);
    assert.deepEqual([files(members), mounts(members)], [{ 'Team/agreed': 'agreed' }, 1]);
    members.diskFault = () => null;
    assert.ok(await world.settle());
    assert.deepEqual([files(members), mounts(members)], [{}, 0]);
  }));

test('what a rule of the share leaves out goes with it, as others never had it', () =>
  stage(16, async ({ world, owners, members, ask, act }) => {
    await act(members, { do: 'write', path: 'Team/.tidemarkignore', text: '*.log\n' });
    await act(members, { do: 'write', path: 'Team/x.log', text: 'log' });
    assert.ok(await world.settle());
    await ask(owners, 'take-out');
    assert.ok(await world.settle());
    assert.equal(mounts(members), 0);
    assert.deepEqual(
      Object.keys(files(members)).filter((path) => path.includes('x.log')),
      [],
    );
  }));

test('what is saved without end while a share ends is put aside in the end', () =>
  stage(17, async ({ world, owners, members, ask }) => {
    let saves = 0;
    members.diskFault = (met, at) => {
      if (met !== 'list' || at !== 'Team' || saves >= 8) return null;
      saves += 1;
      members.volume.flushAll();
      void members.act({ do: 'write', path: `Team/save ${saves}`, text: `save ${saves}` });
      return null;
    };
    await ask(owners, 'take-out');
    assert.ok(await world.settle());
    assert.equal(mounts(members), 0);
    const saved = Array.from({ length: 8 }, (_, i) => [`${KEPT}/save ${i + 1}`, `save ${i + 1}`]);
    assert.deepEqual(files(members), Object.fromEntries(saved));
  }));

test('what is saved again under the name of what was put aside is put beside it', () =>
  stage(21, async ({ world, owners, members, ask, act }) => {
    const names = ['late', 'late.txt', '.late'];
    let tries = 0;
    members.diskFault = (met, at) => {
      if (met !== 'trash' || !at.startsWith('Team') || tries > 1) return null;
      tries += 1;
      for (const name of names)
        void members.act({ do: 'write', path: `Team/${name}`, text: `save ${tries}` });
      return 'denied';
    };
    await ask(owners, 'take-out');
    assert.ok(await world.settle());
    assert.equal(mounts(members), 0);
    const kept = ['late', 'late (2)', 'late.txt', 'late (2).txt', '.late', '.late (2)'];
    const saved = kept.map((name, i) => [`${KEPT}/${name}`, `save ${1 + (i % 2)}`]);
    assert.deepEqual(files(members), Object.fromEntries(saved));
    await act(owners, { do: 'remove', path: 'Team/agreed' });
  }));

test('a share of which nothing is kept on this computer but its folder ends: all of it is put aside', () =>
  stage(18, async ({ world, owners, members, ask, run }) => {
    members.network.goOffline();
    members.kill();
    await ask(owners, 'take-out');
    const parked = members.volume.find('Team/.tidemark/parked');
    members.volume.create(parked, 'in the middle', { kind: 'file', bytes: new Uint8Array(0) });
    members.start();
    members.device?.shares?.homes.remove(world.share);
    await run(3000);
    members.network.goOnline();
    assert.ok(await world.settle());
    assert.equal(mounts(members), 0);
    assert.deepEqual(files(members), { [`${KEPT}/agreed`]: 'agreed', [`${KEPT}/in the middle`]: '' });
  }));

for (const isWritten of [false, true])
  test(`what a stop left in the middle of a rename in a share goes with it${isWritten ? ', unless it was written to since' : ''}`, () =>
    stage(19, async ({ world, owners, members, act, run }) => {
      await act(owners, { do: 'write', path: 'Team/other', text: 'other' });
      assert.ok(await world.settle());
      members.diskFault = (met) => {
        if (met !== 'move') return null;
        members.device?.shares?.setAway(world.share, true);
        members.kill();
        return null;
      };
      await act(owners, { do: 'swap', a: 'Team/agreed', b: 'Team/other' });
      await run(10_000);
      assert.equal(members.device, null, 'it was killed');
      members.diskFault = () => null;
      const parked = members.volume.find('Team/.tidemark/parked');
      const [moving] = parked.children.values();
      assert.ok(moving);
      if (isWritten) {
        members.volume.write(moving, new TextEncoder().encode('written since'));
        world.ledger.shown(contentName(moving));
      }
      members.start();
      assert.ok(await world.settle());
      assert.equal(mounts(members), 0);
      const kept = Object.entries(files(members));
      assert.deepEqual(
        kept.map(([path, text]) => [/^Team \(kept from a share\)\/(agreed|other)$/.test(path), text]),
        isWritten ? [[true, 'written since']] : [],
      );
      assert.deepEqual(files(owners), { 'Team/agreed': 'other', 'Team/other': 'agreed' });
    }));

test('a share that is put away with an edit that nobody else has: the edit stays, and that is said', () =>
  stage(20, async ({ world, owners, members, ask, act }) => {
    const keeper = members.device?.shares;
    assert.ok(keeper);
    members.network.goOffline();
    await act(members, { do: 'write', path: 'Team/agreed', text: 'edited, not sent' });
    keeper.setAway(world.share, true);
    members.network.goOnline();
    void keeper.wake();
    assert.ok(await world.settle());
    assert.deepEqual(files(members), PUT_ASIDE);
    assert.deepEqual(codes(members), ['share-away-kept']);
    await ask(members, 'bring-back');
    assert.ok(await world.settle());
    assert.deepEqual(files(members), { ...PUT_ASIDE, 'Team/agreed': 'agreed' });
    assert.deepEqual(files(owners), { 'Team/agreed': 'agreed' });
  }));

test('a share that is put away with nothing that only this computer has goes without a word', () =>
  stage(22, async ({ world, members, ask }) => {
    await ask(members, 'put-away');
    assert.ok(await world.settle());
    assert.deepEqual([files(members), mounts(members), codes(members)], [{}, 0, []]);
  }));

test('a file that its user moves out of a share as it is put aside stays where they moved it', () =>
  stage(23, async (the) => {
    const { world, members, run } = the;
    await takenOutWithAnEdit(the);
    let isMoved = false;
    members.diskFault = (met, at) => {
      if (met !== 'move' || at !== 'Team/agreed' || isMoved) return null;
      isMoved = true;
      members.volume.rename(members.volume.find('Team/agreed'), members.volume.root, 'mine', false);
      return null;
    };
    members.network.goOnline();
    await run(10_000);
    assert.ok(await world.settle());
    assert.deepEqual(files(members), { mine: 'edited, not sent' });
  }));
