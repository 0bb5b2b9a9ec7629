import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FaultRule, FaultScript } from '../../server-stub/faults.ts';
import { linkDevice } from '../../src/engine/remote/link.ts';
import { createNodeTransport } from '../../src/engine/remote/node-transport.ts';
import type { DownloadItem } from '../../src/engine/remote/server.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { type Linked, linkTo, madeBy, REAL_CLOCK, wireBytes } from './linked.ts';
import { type Content, contentOf, noise } from './rig.ts';

const MIB = 1024 * 1024;
const KIB = 1024;

interface World {
  readonly far: TestServer;
  readonly faults: FaultScript;
  readonly a: Linked;
  readonly b: Linked;
}

async function world(t: TestContext, rules: readonly FaultRule[] = []): Promise<World> {
  const faults = new FaultScript();
  const far = await startTestServer({ faults, limits: { scryptCost: 2 ** 10 } });
  t.after(() => far.close());
  const a = await linkTo(t, far, 'desk');
  const b = await linkTo(t, far, 'laptop');
  for (const rule of rules) faults.add(rule);
  return { far, faults, a, b };
}

async function assertArrived(
  device: Linked,
  item: DownloadItem | undefined,
  content: Content,
): Promise<void> {
  assert.ok(item);
  const result = await device.server.download([item]);
  if (result.kind === 'trouble') assert.fail(JSON.stringify(result));
  const [first] = result.value;
  if (first?.kind !== 'staged') assert.fail(first?.detail);
  const bytes = await device.rig.staged(item.staged);
  assert.ok(bytes.equals(content.bytes), `${item.staged} has the bytes that were sent`);
}

test('files of all sizes go from one device to the other', async (t) => {
  const { a, b } = await world(t);
  const sizes = { empty: 0, one: 1, small: 2000, exact: MIB, above: MIB + 1, large: 9 * MIB };
  const contents = new Map<string, Content>();
  const items = [];
  for (const [name, size] of Object.entries(sizes)) {
    const content = contentOf(noise(size, size + 1));
    contents.set(name, content);
    await a.rig.write(name, content.bytes);
    items.push(await a.rig.upload(name, content));
  }
  const answer = await a.upload([a.rig.folder('folder'), ...items]);
  assert.deepEqual(new Set(answer.outcomes.map((outcome) => outcome.kind)), new Set(['committed']));
  const wanted = b.wanted(await b.pull());
  for (const [name, content] of contents) await assertArrived(b, wanted.get(name), content);
});

test('twelve small edits in 200 MiB, and a byte in front of it, cost little in both directions', async (t) => {
  const { a, b } = await world(t);
  const bytes = new Uint8Array(200 * MIB);
  // Long stretches of nothing between what changes, as disk images have them.
  for (let at = 0; at < bytes.length; at += 16 * MIB) bytes.set(noise(6 * MIB, at + 1), at);
  let before = contentOf(bytes);
  await a.rig.write('disk.img', bytes);
  const create = await a.rig.upload('disk.img', before);
  let [node, version] = madeBy(await a.upload([create]), create.claim.key);
  let item = b.wanted(await b.pull()).get('disk.img')!;
  await assertArrived(b, item, before);

  const pass = async (next: Content, most: number): Promise<void> => {
    const stamp = await b.rig.place(item.staged, 'disk.img');
    const reuse = [{ path: 'disk.img', stamp, manifest: before.manifest }];
    const edit = await a.rig.upload('disk.img', next, { old: before, edit: [node, version] });
    const up = await wireBytes(a, async () => {
      [node, version] = madeBy(await a.upload([edit]), edit.claim.key);
    });
    item = b.wanted(await b.pull(), reuse).get('disk.img')!;
    const down = await wireBytes(b, () => assertArrived(b, item, next));
    t.diagnostic(`up ${up.sent} bytes, down ${down.received} bytes`);
    assert.ok(up.sent < most && up.received < most, `up: ${JSON.stringify(up)}`);
    assert.ok(down.received < most && down.sent < most, `down: ${JSON.stringify(down)}`);
    before = next;
  };

  const edited = bytes.slice();
  const file = await open(join(a.rig.root, 'disk.img'), 'r+');
  for (let i = 0; i < 12; i += 1) {
    const at = i * 16 * MIB + 123_457;
    edited.set(noise(KIB, 9000 + i), at);
    await file.write(edited, at, KIB, at);
  }
  await file.close();
  await pass(contentOf(edited), 330 * KIB);

  const grown = new Uint8Array(edited.length + 1);
  grown.set(edited, 1);
  await a.rig.write('disk.img', grown);
  await pass(contentOf(grown), 90 * KIB);
});

test('a lost reply to a commit is asked for again, and one version was made', async (t) => {
  const { a, faults } = await world(t);
  for (const size of [3000, 6 * MIB]) {
    const content = contentOf(noise(size, 700));
    await a.rig.write('f', content.bytes);
    const item = await a.rig.upload('f', content);
    faults.add({ route: ['commit', 'finalize'], fault: { kind: 'drop-reply' }, times: 1 });
    const lost = await a.server.upload([item], null, 0);
    assert.ok(lost.kind === 'trouble' && lost.code === 'unreachable' && lost.unknown, JSON.stringify(lost));
    const [node] = madeBy(await a.upload([item]), item.claim.key);
    const history = await a.server.history(node);
    assert.equal(history.kind === 'ok' && history.value.versions.length, 1);
  }
});

test('answers that break off, refusals and cut connections amid transfers are got over', async (t) => {
  const { a, b, faults } = await world(t, [
    { route: 'putChunks', fault: { kind: 'cut-connection' }, skip: 1, times: 1 },
    { route: 'putChunks', fault: { kind: 'refuse', code: 'unavailable' }, skip: 2, times: 1 },
    { route: 'getChunks', fault: { kind: 'truncated-body', share: 0.5 }, times: 2 },
    { route: 'getChunks', fault: { kind: 'refuse', code: 'internal' }, skip: 2, times: 1 },
    { route: 'manifests', fault: { kind: 'truncated-body', share: 0.9 }, times: 1 },
  ]);
  const contents = [contentOf(noise(20 * MIB, 800)), contentOf(noise(500, 801))];
  const items = [];
  for (const [i, content] of contents.entries()) {
    await a.rig.write(`f${i}`, content.bytes);
    items.push(await a.rig.upload(`f${i}`, content));
  }
  await a.upload(items);
  const wanted = b.wanted(await b.pull());
  for (const [i, content] of contents.entries()) await assertArrived(b, wanted.get(`f${i}`), content);
  const struck = faults.struck.map(({ route, fault }) => `${route} ${fault}`);
  assert.equal(struck.filter((name) => name === 'getChunks truncated-body').length, 2);
  assert.ok(struck.includes('putChunks cut-connection'), struck.join());
});

test('a download cut by the end of the server goes on where it was', async (t) => {
  const { a, b, far, faults } = await world(t);
  const content = contentOf(noise(24 * MIB, 810));
  await a.rig.write('f', content.bytes);
  await a.upload([await a.rig.upload('f', content)]);
  const item = b.wanted(await b.pull()).get('f')!;
  const back = faults.add({
    route: 'getChunks',
    fault: { kind: 'refuse', code: 'unavailable', retryAfter: 120 },
    skip: 3,
  });
  const cut = await b.server.download([item]);
  assert.ok(
    cut.kind === 'trouble' && cut.code === 'unavailable' && cut.retryAfterMs > 100_000,
    JSON.stringify(cut),
  );
  const paused = await b.server.history(item.node);
  assert.equal(paused.kind === 'trouble' && paused.code, 'unavailable', 'the pause holds for all calls');
  back();
  const next = await far.restart();
  t.after(() => next.close());
  const again = await linkTo(t, next, 'tablet');
  await again.pull();
  await assertArrived(again, item, content);
});

test('a long poll wakes when the other device commits, and parks while nothing happens', async (t) => {
  const { a, b } = await world(t);
  await b.pull();
  const controller = new AbortController();
  const poll = b.server.notify(() => Promise.resolve(b.cursor), controller.signal);
  const early = await Promise.race([poll, REAL_CLOCK.sleep(60).then(() => 'parked' as const)]);
  assert.equal(early, 'parked');
  await a.upload([a.rig.folder('news')]);
  const woken = await poll;
  assert.equal(woken.kind === 'ok' && woken.value.changed, true);
  await b.pull();
  const parked = b.server.notify(() => Promise.resolve(b.cursor), controller.signal);
  setTimeout(() => controller.abort(), 20);
  const aborted = await parked;
  assert.equal(aborted.kind === 'ok' && aborted.value.changed, false);
});

test('all other calls are understood', async (t) => {
  const { a, b } = await world(t);
  const content = contentOf(noise(3 * MIB, 820));
  await a.rig.write('f', content.bytes);
  const item = await a.rig.upload('f', content);
  const [node] = madeBy(await a.upload([item]), item.claim.key);
  const snapshot = await b.server.snapshot(null);
  assert.ok(snapshot.kind === 'ok' && snapshot.value.events.some((event) => event.node === node));
  const lookup = await b.server.lookup('f');
  assert.ok(lookup.kind === 'ok' && lookup.value.nodes[0]?.node === node);
  const trash = await b.server.trash();
  assert.deepEqual(trash.kind === 'ok' && trash.value.items, []);
  const conflicts = await b.server.conflicts();
  assert.deepEqual(conflicts.kind === 'ok' && conflicts.value.conflicts, []);
  assert.deepEqual(await b.server.manifest(content.manifestId), { kind: 'ok', value: content.manifest });
  const ids = content.manifest.chunks.map((chunk) => chunk.id);
  const chunks = await b.server.chunks(ids);
  assert.deepEqual(chunks.kind === 'ok' && [...chunks.value.keys()].sort(), [...ids].sort());
  const unknown = await b.server.history(a.rig.folder('x').claim.node);
  assert.equal(unknown.kind === 'trouble' && unknown.code, 'not-found');
});

test('a wrong password and a revoked device are told as such', async (t) => {
  const { far, a } = await world(t);
  const linked = await linkDevice(
    { clock: REAL_CLOCK, connect: (serverUrl) => createNodeTransport({ serverUrl, env: {} }) },
    far.url,
    { user: far.user, password: 'wrong', device: 'x', os: 'linux', instance: 'f'.repeat(32) },
  );
  assert.equal(linked.kind === 'trouble' && linked.code, 'wrong-password');
  const cloned = await a.server.hello({
    instance: 'e'.repeat(32),
    generation: 1,
    start: 'ab'.repeat(16),
    cursor: null,
  });
  assert.equal(cloned.kind === 'trouble' && cloned.code, 'device-cloned');
});
