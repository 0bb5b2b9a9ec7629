/** Two people in one share, both in step: what happens at exactly the wrong moment is played on it. */
import assert from 'node:assert/strict';
import type { UserAction } from '../../scenarios/actions.ts';
import type { Machine } from '../machine.ts';
import { shownOn } from './share-places.ts';
import { askAboutShare, type ShareVerb } from './sharing-plan.ts';
import { SharingWorld } from './sharing-world.ts';

/** Where what is only on the member's computer is put aside. */
export const KEPT = 'Team (kept from a share)';
const decoder = new TextDecoder();

export interface Stage {
  readonly world: SharingWorld;
  /** Of the owner, and of the member. */
  readonly owners: Machine;
  readonly members: Machine;
  readonly ask: (machine: Machine, kind: ShareVerb) => Promise<void>;
  readonly act: (machine: Machine, action: UserAction) => Promise<void>;
  readonly run: (ms: number) => Promise<void>;
}

/** Both are in, and `Team/agreed` is on both computers. */
export async function stage(seed: number, play: (stage: Stage) => Promise<void>): Promise<void> {
  const world = new SharingWorld(seed);
  try {
    await world.open();
    for (const name of ['A', 'B']) {
      await world.add(name).link();
      world.machine(name).start();
    }
    const [owners, members] = [world.machine('A'), world.machine('B')];
    assert.ok(await world.settle());
    const act = (machine: Machine, action: UserAction): Promise<void> =>
      world.time.drive(machine.act(action), 60_000, action.do);
    const run = async (ms: number): Promise<void> => void (await world.time.run(ms));
    await act(owners, { do: 'write', path: 'Team/agreed', text: 'agreed' });
    assert.ok(await world.settle());
    const ask = async (machine: Machine, kind: ShareVerb): Promise<void> => {
      assert.ok(machine.device);
      const asked = askAboutShare(kind, machine.device.control, world.share);
      assert.equal(await world.time.drive(asked, 60_000, kind), `${kind}: done`);
    };
    await play({ world, owners, members, ask, act, run });
    assert.deepEqual(await world.alwaysTrue(), []);
  } finally {
    await world.close();
  }
}

/** Files, by path. */
export function files(machine: Machine): Readonly<Record<string, string>> {
  const shown = shownOn(machine).filter(([, { kind }]) => kind === 'file');
  return Object.fromEntries(shown.map(([path, node]) => [path, decoder.decode(node.bytes)]));
}
