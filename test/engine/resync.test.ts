/** The namespace is read anew while this device goes on telling the server of changes. */
import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { FaultRule } from '../../server-stub/faults.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import { parseNodeId } from '../../src/protocol/ids.ts';
import { JournalRequest } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import {
  at,
  call,
  faults,
  inStep,
  put,
  Stage,
  serverTree,
  synced,
  tree,
  until,
  value,
  versions,
} from './stage.ts';

const parse = parserOf(JournalRequest);

/** Holds the answer to the first journal request after a snapshot, and notes the seq of every cursor that is sent. */
class SlowTail {
  readonly cursors: number[] = [];
  readonly held = Promise.withResolvers<void>();
  readonly released = Promise.withResolvers<void>();
  #next: 'other' | 'tail' | 'over' = 'other';

  readonly over = (env: Environment): Environment => {
    const { transport } = env;
    const exchange: Environment['transport']['exchange'] = async (request) => {
      if (request.path === '/v1/snapshot' && this.#next === 'other') this.#next = 'tail';
      if (request.path !== '/v1/journal') return transport.exchange(request);
      const isTail = this.#next === 'tail';
      const asked = parse(JSON.parse(Buffer.from(request.body ?? []).toString('utf8')));
      if (asked.kind === 'ok' && asked.value.applied !== false && asked.value.cursor)
        this.cursors.push(asked.value.cursor.seq);
      const answer = await transport.exchange(request);
      if (!isTail) return answer;
      this.#next = 'over';
      this.held.resolve();
      await this.released.promise;
      return answer;
    };
    const line: Environment['transport'] = {
      exchange,
      get bytesSent() {
        return transport.bytesSent;
      },
      get bytesReceived() {
        return transport.bytesReceived;
      },
      close: () => transport.close(),
    };
    return { ...env, transport: line };
  };
}

test('RULES 15, I7: what was answered to claims while a snapshot was read is not forgotten with it', async (t) => {
  const stage = await Stage.open(t);
  const slow = new SlowTail();
  const a = await stage.device('A', { environment: slow.over });
  put(a, 'f.txt', 'one');
  await inStep(a);
  const undo = faults.add({ fault: { kind: 'expired-cursor' }, route: 'journal', times: 1 });
  t.after(undo);
  a.engine.connection.hurry();
  await slow.held.promise;
  put(a, 'f.txt', 'another one');
  await until('the edit is on the server', async () => (await serverTree(a))['f.txt'] === 'another one');
  await until('its answer is folded', () => a.engine.state.claims.unanswered().length === 0);
  slow.cursors.push(a.engine.state.meta.cursor()?.seq ?? 0);
  slow.released.resolve();
  await inStep(a);
  const forwards = [...slow.cursors].sort((x, y) => x - y);
  assert.deepEqual(slow.cursors, forwards, 'the cursor never goes back');
  assert.deepEqual(tree(a), { 'f.txt': 'another one' });
  assert.deepEqual(await versions(a, 'f.txt'), ['another one', 'one']);
});

test('I7: what is read of a snapshot is not told to be applied before it is', async (t) => {
  const stage = await Stage.open(t);
  const slow = new SlowTail();
  const a = await stage.device('A', { environment: slow.over });
  const b = await stage.device('B');
  await inStep(a, b);
  const isOfA = `Bearer ${a.engine.token}`;
  const when: FaultRule['when'] = ({ headers }) => headers.authorization === isOfA;
  t.after(faults.add({ fault: { kind: 'expired-cursor' }, route: 'journal', when, times: 1 }));
  put(b, 'f.txt', 'of B');
  await slow.held.promise;
  const applied = a.engine.state.meta.cursor()?.seq ?? 0;
  const told = slow.cursors.filter((seq) => seq > applied);
  slow.released.resolve();
  assert.deepEqual(told, []);
  await inStep(a, b);
  assert.deepEqual(tree(a), { 'f.txt': 'of B' });
});

test('RULES 25: what a server that was put back does not have is not waited for', async (t) => {
  const { a } = await synced(t, ['A'], { 'f.txt': 'one' });
  a.engine.journal.heardOfHead(a.engine.journal.serverHead + 5);
  assert.equal(a.engine.inStep(), false, 'it was told of more');
  a.engine.connection.greetAgain();
  await inStep(a);
});

test('RULES 25: a server that lost what it had decided beyond the cursor begins a new history', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'one');
  await inStep(a);
  const { meta } = a.engine.state;
  const before = meta.cursor();
  assert.ok(before);
  meta.noteDecided({ ...before, seq: before.seq + 3, hash: 'f'.repeat(before.hash.length) });
  a.engine.connection.hurry();
  await until('the new history', () => meta.cursor()?.epoch !== before.epoch);
  await inStep(a);
  assert.equal(meta.decidedAt(), null);
  assert.deepEqual(tree(a), { 'f.txt': 'one' });
  assert.deepEqual(await serverTree(a), { 'f.txt': 'one' });
});

test('RULES 26: who returns after journal and tombstone were forgotten is asked; clean files are neither deleted nor uploaded', async (t) => {
  const { stage, a, b } = await synced(t, ['A', 'B'], { 'old.txt': 'was deleted long ago', 'f.txt': 'one' });
  await stage.stop(b);
  const ns = a.engine.parts.account.namespace;
  unlinkSync(at(a, 'old.txt'));
  put(a, 'f.txt', 'two');
  await inStep(a);
  const [dead] = value(await a.control.history({ path: 'old.txt' }, call)).nodes;
  const node = parseNodeId(dead?.node);
  await stage.server.server.core.metadata.store.write(async (tx) => {
    const deadSeq = (await tx.node(ns, node))?.deadSeq ?? assert.fail('it lives');
    await tx.setTrashDue(ns, deadSeq, 0);
    await tx.releaseTrash(ns, deadSeq, 1);
    const row = (await tx.namespace(ns)) ?? assert.fail('no namespace');
    await tx.setJournalFloor(ns, row.headSeq, row.headHash, 1);
    await tx.dropJournal(ns, 1000);
    assert.deepEqual(await tx.lettableDead(ns, row.headSeq, null, 9), [node]);
    await tx.forgetNode(ns, node);
  });
  const again = await stage.restart(b);
  const asked = async () => value(await again.control['review.list']({}, call)).batches;
  await until('it asks about what nobody knows any more', async () => (await asked()).length === 1);
  await until('the rest is in step', () => tree(again)['f.txt'] === 'two');
  assert.deepEqual(tree(again), { 'old.txt': 'was deleted long ago', 'f.txt': 'two' });
  assert.deepEqual(await serverTree(a), { 'f.txt': 'two' });
  const [batch] = await asked();
  assert.equal(batch?.files, 1);
  value(await again.control['review.reject']({ id: batch?.id ?? '' }, call));
  await inStep(a, again);
  assert.deepEqual(tree(a), { 'old.txt': 'was deleted long ago', 'f.txt': 'two' }, 'kept: it goes up as new');
});
