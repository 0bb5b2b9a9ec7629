/**
 * What must hold of the three trees of every running engine, between any two of its steps: they are trees (I9), the
 * remote one is a prefix of the journal joined with the device's own commits (I7), and all of it is bounded (I20).
 */
import { RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import type { Db } from '../../../src/engine/state/database.ts';
import { isDisplaced } from '../../../src/engine/state/local-tree.ts';
import { type Epoch, ROOT_NODE } from '../../../src/protocol/ids.ts';
import type { Cursor } from '../../../src/protocol/journal.ts';
import type { Machine } from '../machine.ts';
import type { PlaceThen, ServerFold } from '../server-fold.ts';
import { below } from '../sim-user.ts';

interface Placed {
  readonly node: string;
  readonly parent: string;
  readonly name: string;
  readonly kind: string;
}

interface RemoteRow extends Placed {
  readonly live: number;
  readonly entry_seq: number;
  readonly head_seq: number;
  readonly version: string | null;
}

interface LocalRow extends Placed {
  readonly condition: string;
  readonly file_id: string;
  readonly parked: number;
}

function prepare(db: Db) {
  return {
    remote: db.prepare<[], RemoteRow>(
      'SELECT node, parent, name, kind, live, entry_seq, head_seq, version FROM remote',
    ),
    local: db.prepare<[], LocalRow>('SELECT node, parent, name, kind, condition, file_id, parked FROM local'),
    synced: db.prepare<[], Placed>('SELECT node, parent, name, kind FROM synced'),
    claimed: db.prepare<[], { node: string }>('SELECT DISTINCT node FROM claims'),
  };
}

const statements = new WeakMap<Db, ReturnType<typeof prepare>>();

function queriesOf(db: Db): ReturnType<typeof prepare> {
  const known = statements.get(db) ?? prepare(db);
  statements.set(db, known);
  return known;
}

/** I9: every parent is there and is a folder, and no way up comes back. `known`: nodes that need no way up. */
export function treeFaults(tree: string, rows: readonly Placed[], known: readonly string[] = []): string[] {
  const byNode = new Map(rows.map((row) => [row.node, row]));
  const good = new Set<string>([ROOT_NODE, ...known]);
  const faults: string[] = [];
  for (const row of rows) {
    const way: string[] = [];
    for (let at = row.node; !good.has(at); ) {
      const here = byNode.get(at);
      if (here === undefined) faults.push(`I9 ${tree}: the parent ${at} of ${row.name} is not there`);
      else if (way.includes(at)) faults.push(`I9 ${tree}: ${here.name} (${at}) is below itself`);
      else if (at !== row.node && here.kind !== 'folder')
        faults.push(`I9 ${tree}: ${row.name} stands in a ${here.kind}`);
      else {
        way.push(at);
        at = here.parent;
        continue;
      }
      break;
    }
    for (const each of way) good.add(each);
  }
  return faults;
}

/** Elsewhere the next object may get the number and the birth time of the last one. */
function identityIsCertain({ volume }: Machine): boolean {
  return volume.options.birthTimes && volume.options.granularityNs === 1n;
}

/**
 * I9: two nodes never are one object. A name whose object is gone or has gone elsewhere is known as such (displaced)
 * until it is decided, and agreed stamps may tell of an object that meanwhile is another node's.
 */
function sharedObjects(name: string, local: readonly LocalRow[]): string[] {
  const owners = new Map<string, LocalRow>();
  return local.flatMap((row) => {
    if (row.parked === 1 || isDisplaced(row.name)) return [];
    const other = owners.get(row.file_id);
    owners.set(row.file_id, row);
    return other === undefined
      ? []
      : [`I9 ${name} local: ${other.name} (${other.node}) and ${row.name} (${row.node}) are one object`];
  });
}

/**
 * Folders made here that nobody was told of: no word was said about them yet, neither agreed on nor there. What was moved
 * into one while the server moved it elsewhere has its place here as the agreed one, until it follows the server's.
 */
function madeHere(
  local: readonly LocalRow[],
  others: readonly (readonly { readonly node: string }[])[],
): readonly string[] {
  const told = new Set(others.flatMap((rows) => rows.map(({ node }) => node)));
  return local.flatMap(({ node, kind, condition }) =>
    kind === 'folder' && condition === 'seen' && !told.has(node) ? [node] : [],
  );
}

/**
 * Files and folders that died there with the folder they were in, which is gone here, too, and had been moved out of it:
 * they return at their new place, and until that is told the agreed one is where they had been.
 */
export function returning(
  local: readonly Omit<Placed, 'kind'>[],
  remote: readonly Pick<RemoteRow, 'node' | 'live'>[],
  synced: readonly Omit<Placed, 'kind'>[],
): readonly string[] {
  const here = new Map(local.map((row) => [row.node, row]));
  const dead = new Set(remote.flatMap(({ node, live }) => (live === 0 ? [node] : [])));
  return synced.flatMap(({ node, parent, name }) => {
    const row = here.get(node);
    const isOut = row !== undefined && (row.parent !== parent || row.name !== name);
    return isOut && dead.has(node) && dead.has(parent) && !here.has(parent) ? [node] : [];
  });
}

/** Everything about one device that needs no look at the server. */
export function clientTreeFaults(machine: Machine): string[] {
  const state = machine.device?.engine.state;
  if (state === undefined || !state.db.open) return [];
  const { name } = machine;
  const queries = queriesOf(state.db);
  const local = queries.local.all();
  const remote = queries.remote.all();
  const synced = queries.synced.all();
  // What is agreed about these is just being told: the journal may know of it before the answer does.
  const claimed = queries.claimed.all().map(({ node }) => node);
  // What a rule leaves out is left alone, with what was agreed about it, also where its folder was deleted elsewhere.
  const excluded = local.flatMap(({ node, condition }) => (condition === 'excluded' ? [node] : []));
  const known = [
    ...claimed,
    ...excluded,
    ...madeHere(local, [remote, synced]),
    ...returning(local, remote, synced),
  ];
  return [
    ...treeFaults(`${name} remote`, remote),
    ...treeFaults(`${name} synced`, synced, known),
    ...treeFaults(`${name} local`, local),
    ...(identityIsCertain(machine) ? sharedObjects(name, local) : []),
  ];
}

/** I7: each half of each row is what the journal said at its seq, and nothing up to the cursor is missing. */
export function prefixFaults(
  machine: Machine,
  fold: ServerFold,
  { epoch, tombstonesGo }: { readonly epoch: Epoch | undefined; readonly tombstonesGo: boolean },
): string[] {
  const state = machine.device?.engine.state;
  if (state === undefined || !state.db.open) return [];
  const cursor = state.meta.cursor();
  if (cursor === null || cursor.epoch !== epoch || fold.start > 0) return [];
  const upTo = Math.min(cursor.seq, fold.seq);
  const rows = new Map(
    queriesOf(state.db)
      .remote.all()
      .map((row) => [row.node, row]),
  );
  const faults: string[] = [];
  for (const node of fold.nodes.values()) {
    const place = node.places.findLast((each) => each.seq <= upTo);
    const head = node.heads.findLast((each) => each.seq <= upTo);
    const row = rows.get(node.node);
    if (place === undefined || node.node === ROOT_NODE) continue;
    const who = `I7 ${machine.name}: ${node.name} (${node.node})`;
    if (row === undefined) {
      // Whoever began with a snapshot was told of no death that everybody else had heard of.
      if (tombstonesGo && !place.live) continue;
      faults.push(`${who} came at ${place.seq}, the cursor is at ${cursor.seq}, and it is not there`);
      continue;
    }
    if (row.entry_seq < place.seq)
      faults.push(`${who} has its place of ${row.entry_seq}, not of ${place.seq}`);
    if (head !== undefined && row.head_seq < head.seq)
      faults.push(`${who} has its head of ${row.head_seq}, not of ${head.seq}`);
    const then = node.places.findLast((each) => each.seq === row.entry_seq);
    if (row.entry_seq <= fold.seq && !samePlace(then, row))
      faults.push(
        `${who} stands at ${row.name} as of ${row.entry_seq}: the journal says ${JSON.stringify(then)}`,
      );
    const headThen = node.heads.find((each) => each.seq === row.head_seq);
    if (row.version !== null && row.head_seq <= fold.seq && headThen?.version !== row.version)
      faults.push(`${who} has ${row.version} as of ${row.head_seq}: the journal says ${headThen?.version}`);
  }
  return faults;
}

function samePlace(then: PlaceThen | undefined, row: RemoteRow): boolean {
  return then?.parent === row.parent && then.name === row.name && then.live === (row.live === 1);
}

/** I7: what the server was told to be applied is applied, durably: also after a crash. */
export function acknowledgedFaults(machine: Machine, acknowledged: Cursor | undefined): string[] {
  const state = machine.device?.engine.state;
  if (state === undefined || acknowledged === undefined || !state.db.open) return [];
  const cursor = state.meta.cursor();
  if (cursor !== null && (cursor.epoch !== acknowledged.epoch || cursor.seq >= acknowledged.seq)) return [];
  if (cursor === null && machine.device?.engine.ready !== true) return [];
  return [`I7 ${machine.name} acknowledged ${acknowledged.seq} and has ${cursor?.seq ?? 'nothing'} applied`];
}

/** Bytes in staging, and undecided nodes, that no honest work needs at once (I20). */
const STAGED_BYTES = 64 * 1024 * 1024;
const FRONTIER = 5000;

export function boundsFaults(machine: Machine): string[] {
  const engine = machine.device?.engine;
  if (engine === undefined || machine.volume.absent) return [];
  const { volume } = machine;
  const reserved = volume.childOf(volume.root, RESERVED_FOLDER);
  const staging = reserved && volume.childOf(reserved, 'staging');
  const staged = staging === undefined ? 0 : below(staging).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const waiting = engine.state.frontier.size;
  return [
    ...(staged > STAGED_BYTES ? [`I20 ${machine.name} has ${staged} bytes in staging`] : []),
    ...(waiting > FRONTIER ? [`I20 ${machine.name} has ${waiting} undecided nodes`] : []),
  ];
}
