/** A folder with very many entries: what an entry costs must not grow with their number. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openState } from '../../src/engine/state/database.ts';
import { State } from '../../src/engine/state/state.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import type { Cursor, JournalPage } from '../../src/protocol/journal.ts';
import { type Hand, World } from '../server/metadata-world.ts';
import { type Figure, timed } from './figure.ts';

const ENTRIES = 400_000;
const BATCH = 1000;

interface Costs {
  readonly made: number;
  readonly replayed: number;
  readonly folded: number;
  readonly snapshot: number;
  readonly listed: number;
  readonly looked: number;
}

export async function wideFolder(scale: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-figures-'));
  const world = new World(join(folder, 'metadata.db'));
  try {
    const hand = await world.device('figures');
    const { node } = await hand.make('wide', null);
    const few = (ENTRIES / 4) * scale;
    const first = await costsOf(hand, node, 0, few);
    const all = await costsOf(hand, node, few, ENTRIES * scale);
    const rows: readonly [string, keyof Costs][] = [
      ['made', 'made'],
      ['replayed from the journal', 'replayed'],
      ["folded into a device's tree, page by page", 'folded'],
      ['read in a snapshot', 'snapshot'],
      ['listed as of a moment', 'listed'],
      ['found by its path', 'looked'],
    ];
    return rows.map(([what, name]) => ({
      what: `an entry of ${ENTRIES * scale} in one folder, ${what}`,
      value: `${all[name].toFixed(1)} µs, ${(all[name] / first[name]).toFixed(2)} x as among ${few}`,
      aim: 'not quadratic: about 1 x',
    }));
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fills the folder up; microseconds for each entry. */
async function costsOf(hand: Hand, folder: NodeId, from: number, to: number): Promise<Costs> {
  const { metadata } = hand.world;
  let making = 0;
  for (let at = from; at < to; at += BATCH) {
    const claims: Claim[] = [];
    for (let number = at; number < at + BATCH; number += 1) {
      hand.world.clock.now += 1;
      const content = { kind: 'symlink', target: `target ${number}` } as const;
      claims.push(hand.create({ name: `entry ${number}`, parent: folder, content }));
    }
    const request = { claims, settledBelow: claims[0]?.key ?? 0, cursor: null };
    const { value, ms } = await timed(() => metadata.finalize(hand.caller, request));
    if (value.outcomes.some(({ kind }) => kind !== 'committed')) throw new Error('a create failed');
    making += ms;
  }
  const replay = await timed(() => replayed(hand, () => undefined));
  const folding = await folded(hand);
  const snapshot = await timed(() => snapshotOf(hand));
  const listing = await timed(() => listed(hand, folder));
  const looks = await timed(async () => {
    for (let look = 0; look < 1000; look += 1)
      await metadata.lookup(hand.caller, `wide/entry ${Math.floor((look * to) / 1000)}`);
  });
  const each = (ms: number, count: number) => (ms * 1000) / count;
  return {
    made: each(making, to - from),
    replayed: each(replay.ms, to),
    folded: each(folding, to),
    snapshot: each(snapshot.ms, to),
    listed: each(listing.ms, to),
    looked: each(looks.ms, 1000),
  };
}

async function replayed({ world, caller }: Hand, take: (page: JournalPage) => void): Promise<void> {
  for (let cursor: Cursor | null = null; ; ) {
    const page = await world.metadata.journal(caller, cursor, 2000);
    if (page.kind !== 'page') throw new Error(page.why);
    take(page);
    cursor = page.next;
    if (!page.hasMore) return;
  }
}

/** Milliseconds that a device which knows nothing takes for the pages, a transaction each, without the wire. */
async function folded(hand: Hand): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-figures-'));
  const opened = openState(join(folder, 'state.db'));
  if (opened.kind !== 'open') throw new Error(`the state is ${opened.kind}`);
  const state = new State(opened.db);
  let ms = 0;
  try {
    await replayed(hand, (page) => {
      const began = performance.now();
      state.transaction(() => {
        for (const event of page.events)
          if (!state.remote.fold(event)) throw new Error(`seq ${event.seq} came before its folder`);
        state.meta.setCursor(page.next);
      });
      ms += performance.now() - began;
    });
    return ms;
  } finally {
    opened.db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function snapshotOf({ world, caller }: Hand): Promise<number> {
  let count = 0;
  for (let continuation: string | null = null; ; ) {
    const page = await world.metadata.snapshot(caller, continuation, 2000);
    if (page === null) throw new Error('the continuation was refused');
    count += page.events.length;
    if (page.continuation === null) return count;
    ({ continuation } = page);
  }
}

async function listed({ world, caller }: Hand, folder: NodeId): Promise<void> {
  for (let continuation: string | null = null; ; ) {
    const question = { folder, at: world.clock.now, continuation, limit: 1000 };
    const page = await world.metadata.moment(caller, question);
    if (page?.kind !== 'moment') throw new Error('there is no such moment');
    if (page.continuation === null) return;
    ({ continuation } = page);
  }
}
