import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Caller } from '../../server-stub/metadata/rules.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import { checkTree, fold } from './metadata-fold.ts';
import { Hand, World } from './metadata-world.ts';

const WRITER = fileURLToPath(new URL('./metadata-crash-writer.ts', import.meta.url));

interface Acknowledged {
  readonly claims: readonly Claim[];
  readonly nodes: readonly NodeId[];
}

/** Runs a writer, kills it after some acknowledgements, and answers what it had acknowledged. */
async function runAndKill(path: string, seed: number, after: number) {
  const child = spawn(process.execPath, [WRITER, path, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: Acknowledged[] = [];
  let caller: Caller | null = null;
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line);
    if (caller === null) caller = said.caller;
    else acknowledged.push(said);
    if (acknowledged.length === after) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL');
  assert.ok(caller !== null);
  return { caller, acknowledged };
}

test('I5: what was acknowledged survives a kill in the middle of commits, and answers as before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-crash-'));
  const path = join(folder, 'metadata.db');
  for (const [seed, after] of [
    [1, 3],
    [2, 17],
    [3, 40],
  ] as const) {
    const { caller, acknowledged } = await runAndKill(path, seed, after);
    const world = new World(path, 100 + seed);
    const hand = new Hand(world, caller);
    const journal = await world.journal(hand);
    const tree = fold(journal);
    checkTree(tree);
    assert.equal(journal.at(-1)?.seq, journal.length);
    for (const { claims, nodes } of acknowledged) {
      for (const node of nodes) assert.equal(tree.get(node)?.entry.live, true);
      const again = await hand.send(...claims);
      assert.deepEqual(
        again.map((outcome) => outcome.node),
        nodes,
      );
    }
    assert.equal((await world.journal(hand)).length, journal.length);
    await world.close();
  }
  await rm(folder, { recursive: true });
});
