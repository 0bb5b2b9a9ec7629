/** How fast the metadata plane commits, on a file with full flushes. Run by hand; nothing is asserted. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim } from '../../src/protocol/claims.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { eventOf, file, type Hand, World } from './metadata-world.ts';

const BATCH = 500;
const BATCHES = Number(process.argv[2] ?? 30);
const SINGLES = 300;

async function creates(hand: Hand): Promise<number> {
  const batches: Claim[][] = [];
  for (let b = 0; b < BATCHES; b += 1) {
    const folder = await hand.make(`folder ${b}`, null);
    const batch: Claim[] = [];
    for (let i = 0; i < BATCH; i += 1) {
      // Ids grow with time, as those of devices do.
      hand.world.clock.now += 1;
      const text = `content ${b} ${i}`;
      await hand.world.store(text, hand.caller);
      batch.push(hand.create({ name: `file ${i}.txt`, parent: folder.node, content: file(text) }));
    }
    batches.push(batch);
  }
  const started = performance.now();
  for (const batch of batches) {
    const request = { claims: batch, settledBelow: batch[0]?.key ?? 0, cursor: null };
    const { outcomes } = await hand.world.metadata.finalize(hand.caller, request);
    if (outcomes.some((outcome) => outcome.kind !== 'committed')) throw new Error('a create failed');
  }
  return (BATCH * BATCHES * 1000) / (performance.now() - started);
}

async function singleEdits(hand: Hand): Promise<number> {
  let seen = await hand.make('one file', 'begin', ROOT_NODE);
  const texts = Array.from({ length: SINGLES }, (_, i) => `edit ${i}`);
  for (const text of texts) await hand.world.store(text, hand.caller);
  const started = performance.now();
  for (const text of texts) {
    const base = seen.head?.version;
    if (base === undefined) throw new Error('no head');
    seen = eventOf(await hand.one(hand.edit({ node: seen.node, base, content: file(text) })));
  }
  return (SINGLES * 1000) / (performance.now() - started);
}

async function pages(hand: Hand): Promise<{ readonly journal: number; readonly snapshot: number }> {
  const started = performance.now();
  const events = await hand.world.journal(hand);
  const journal = (events.length * 1000) / (performance.now() - started);
  const begun = performance.now();
  let count = 0;
  let continuation: string | null = null;
  do {
    const page = await hand.world.metadata.snapshot(hand.caller, continuation, 2000);
    if (page === null) throw new Error('the continuation was refused');
    count += page.events.length;
    continuation = page.continuation;
  } while (continuation !== null);
  return { journal, snapshot: (count * 1000) / (performance.now() - begun) };
}

const folder = await mkdtemp(join(tmpdir(), 'tidemark-throughput-'));
const world = new World(join(folder, 'metadata.db'));
const hand = await world.device('bench');
console.log(`creates in batches of ${BATCH}: ${Math.round(await creates(hand))}/s`);
console.log(`edits, one per commit: ${Math.round(await singleEdits(hand))}/s`);
const read = await pages(hand);
console.log(`journal events read: ${Math.round(read.journal)}/s`);
console.log(`snapshot states read: ${Math.round(read.snapshot)}/s`);
await world.close();
await rm(folder, { recursive: true });
