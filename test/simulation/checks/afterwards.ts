/**
 * What must hold once everything is at rest: a restart changes nothing (Q8), looking again finds nothing (Q9), a change
 * on one device reaches all others as it was made (Q4), and nothing moves but what has to (Q6).
 */
import type { UserAction } from '../../scenarios/actions.ts';
import type { Machine } from '../machine.ts';
import type { Stream } from '../random.ts';
import type { World } from '../world.ts';
import { diskTree, treeDifferences } from './at-rest.ts';

const LIMIT = 120_000;
/** What no brake of a run holds. */
const UNBRAKED = 3;

/** Everything that could be seen to change. */
function stateOf(world: World): string {
  const disks = [...world.machines.values()].map((machine) => [...diskTree(machine)].sort());
  return JSON.stringify([world.auditor.fold.seq, disks]);
}

function sentBytes(world: World): number {
  return [...world.machines.values()].reduce((sum, { network }) => sum + network.contentBytes, 0);
}

async function unchanged(world: World, what: string, act: () => Promise<void>): Promise<string[]> {
  const before = stateOf(world);
  const sent = sentBytes(world);
  await act();
  const isQuiet = await world.settle();
  const after = stateOf(world);
  return [
    ...(isQuiet ? [] : [`${what}: not in step afterwards`]),
    ...(before === after
      ? []
      : [`${what} changed something: ${before.slice(0, 600)} became ${after.slice(0, 600)}`]),
    ...(sentBytes(world) === sent ? [] : [`${what} sent ${sentBytes(world) - sent} bytes of content`]),
  ];
}

/** Q8: every engine stops or is killed, and starts again. */
function restart(world: World, stream: Stream): Promise<string[]> {
  return unchanged(world, 'Q8 a restart', async () => {
    for (const machine of world.machines.values()) {
      if (stream.chance(0.5)) machine.kill();
      else await machine.stop();
      machine.start();
    }
  });
}

/** Q9: the whole folder is looked at again. */
function look(world: World): Promise<string[]> {
  return unchanged(world, 'Q9 a rescan', async () => {
    for (const machine of world.machines.values())
      await world.time.drive(machine.command({ do: 'rescan' }), LIMIT, `the rescan of ${machine.name}`);
  });
}

interface Change {
  readonly action: UserAction;
  /** Rows of the journal that it takes; `null`: as many as there are files and folders in it. */
  readonly rows: number | null;
  readonly movesBytes: boolean;
}

/** Something that one person does alone. */
function changeOn(machine: Machine, stream: Stream): Change {
  const paths = [...diskTree(machine)];
  const folders = paths.filter(([, shape]) => shape === 'folder').map(([path]) => path);
  const small = folders.filter(
    (path) => paths.filter(([each]) => each.startsWith(`${path}/`)).length < UNBRAKED,
  );
  const files = paths.filter(([, shape]) => /^[0-9a-f]{64}/.test(shape)).map(([path]) => path);
  const fresh = `afterwards ${machine.name}`;
  const write: Change = {
    action: { do: 'write', path: fresh, text: `written afterwards on ${machine.name}` },
    // Slow hands: half of it may have become a version.
    rows: null,
    movesBytes: true,
  };
  switch (stream.below(4)) {
    case 0:
      return folders.length === 0
        ? write
        : { action: { do: 'move', from: stream.pick(folders), to: fresh }, rows: 1, movesBytes: false };
    case 1:
      return files.length === 0
        ? write
        : { action: { do: 'move', from: stream.pick(files), to: fresh }, rows: 1, movesBytes: false };
    case 2:
      return small.length === 0
        ? write
        : { action: { do: 'remove-all', path: stream.pick(small) }, rows: null, movesBytes: false };
    default:
      return write;
  }
}

/** Q4 and Q6. */
async function changeAlone(world: World, stream: Stream): Promise<string[]> {
  const machine = stream.pick([...world.machines.values()]);
  const { action, rows, movesBytes } = changeOn(machine, stream);
  const what = `${machine.name} ${JSON.stringify(action)}`;
  const [seq, sent] = [world.auditor.fold.seq, sentBytes(world)];
  await world.time.drive(machine.act(action), LIMIT, what);
  const wanted = diskTree(machine);
  if (!(await world.settle())) return [`Q4 ${what}: not everybody is in step afterwards`];
  const made = world.auditor.fold.seq - seq;
  return [
    ...[...world.machines.values()].flatMap((each) =>
      treeDifferences(`Q4 after ${what}, ${each.name}`, diskTree(each), wanted),
    ),
    ...(rows === null || made === rows ? [] : [`Q6 ${what} made ${made} rows`]),
    ...(movesBytes || sentBytes(world) === sent ? [] : [`Q6 ${what} sent ${sentBytes(world) - sent} bytes`]),
  ];
}

/** Only where nobody holds anything back, no rule leaves anything out, and all disks are alike. */
export async function afterwards(world: World, stream: Stream): Promise<string[]> {
  return [
    ...(await restart(world, stream)),
    ...(await look(world)),
    ...(await changeAlone(world, stream)),
    ...(await world.alwaysTrue()),
  ];
}
