import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { FaultScript } from '../../server-stub/faults.ts';
import { JournalAnswer, NotifyAnswer } from '../../src/protocol/routes.ts';
import { freshName, linkDevice, parsedAs, textFile, type WireDevice } from '../protocol/wire-device.ts';
import { assertRefused, Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';

const script = new FaultScript();
let server: TestServer;
let wire: Wire;
let device: WireDevice;

before(async () => {
  server = await startTestServer({ faults: script });
  wire = new Wire(server.url);
  device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
});
after(async () => {
  await wire.close();
  await server.close();
});
beforeEach(() => script.clear());

test('a reply dropped after the commit leaves the outcome for the next try under the same key', async () => {
  const claim = device.create(freshName('lost reply'), null);
  script.add({ route: 'finalize', fault: { kind: 'drop-reply' }, times: 1 });
  await assert.rejects(device.finalize(claim));
  const page = await device.journal();
  assert(
    page.events.some((event) => event.node === claim.node),
    'it was committed',
  );
  const [outcome] = await device.finalize(claim);
  assert.equal(outcome?.kind, 'committed');
  assert.equal((await device.journal()).head, page.head, 'and not committed again');
});

test('a connection that is cut first does nothing', async () => {
  const claim = device.create(freshName('never came'), null);
  script.add({ route: 'finalize', fault: { kind: 'cut-connection' }, times: 1 });
  await assert.rejects(device.finalize(claim));
  assert((await device.journal()).events.every((event) => event.node !== claim.node));
  assert.equal((await device.finalize(claim))[0]?.kind, 'committed');
});

test('refusals of every kind come as the protocol says them', async () => {
  const refusals = [
    ['device-cloned', 409],
    ['too-many-requests', 429],
    ['internal', 500],
    ['unavailable', 503],
  ] as const;
  for (const [code, status] of refusals) {
    script.add({ route: 'trash', fault: { kind: 'refuse', code, retryAfter: 7 }, times: 1 });
    const answer = await device.ask('trash');
    assert.equal(answer.status, status);
    assert.equal(answer.headers['retry-after'], '7');
    assert.equal(assertRefused(answer).retryAfter, 7);
    assert.equal((await device.ask('trash')).status, 200);
  }
});

test('an answer can be delayed, and one can break off in the middle', async () => {
  script.add({ route: 'trash', fault: { kind: 'delay', ms: 300 }, times: 1 });
  const began = performance.now();
  await device.ask('trash');
  assert(performance.now() - began >= 290);
  const { frames } = textFile(randomBytes(20_000).toString('hex'));
  await device.ask('putChunks', {}, { frames });
  script.add({ route: 'getChunks', fault: { kind: 'truncated-body', share: 0.5 }, times: 1 });
  const want = frames.map(({ id }) => id);
  await assert.rejects(device.getChunks(want));
  assert.equal((await device.getChunks(want)).frames.length, 1);
});

test('a cursor can expire, and the journal can lag behind', async () => {
  await device.finalize(device.create(freshName('news'), null));
  const cursor = { ...(await device.cursor()) };
  await device.finalize(device.create(freshName('more news'), null));
  script.add({ route: 'journal', fault: { kind: 'expired-cursor' }, times: 1 });
  const expired = parsedAs(JournalAnswer, await device.ask('journal', { cursor, limit: 10 }));
  assert(expired.kind === 'resync' && expired.why === 'expired');
  script.add({ route: ['journal', 'notify'], fault: { kind: 'journal-lag' }, times: 2 });
  const lagging = parsedAs(JournalAnswer, await device.ask('journal', { cursor, limit: 10 }));
  assert(lagging.kind === 'page' && lagging.events.length === 0 && lagging.next.seq === cursor.seq);
  const asleep = parsedAs(NotifyAnswer, await device.ask('notify', { seen: cursor, seconds: 0 }));
  assert.equal(asleep.changed, false);
  const now = parsedAs(JournalAnswer, await device.ask('journal', { cursor, limit: 10 }));
  assert(now.kind === 'page' && now.events.length === 1);
});

test('a notification can come twice', async () => {
  const seen = await device.cursor();
  script.add({ route: 'notify', fault: { kind: 'duplicate-notification' }, times: 1 });
  const woken = parsedAs(NotifyAnswer, await device.ask('notify', { seen, seconds: 50 }));
  assert.equal(woken.changed, true);
  const quiet = parsedAs(NotifyAnswer, await device.ask('notify', { seen, seconds: 0 }));
  assert.equal(quiet.changed, false);
});

test('rules strike by route, by predicate, after some, so many times, and by chance', () => {
  const seeded = [0.1, 0.9, 0.4, 0.6];
  const chance = new FaultScript([], () => seeded.shift() ?? 1);
  chance.add({ fault: { kind: 'drop-reply' }, probability: 0.5 });
  const ask = (route: 'trash' | 'open', header = '') =>
    ({ route, headers: { 'x-test': header }, body: null }) as const;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => chance.strike(ask('trash')).length),
    [1, 0, 1, 0],
  );
  const counted = new FaultScript([{ route: 'open', skip: 1, times: 2, fault: { kind: 'cut-connection' } }]);
  assert.equal(counted.strike(ask('trash')).length, 0);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => counted.strike(ask('open')).length),
    [0, 1, 1, 0],
  );
  assert.equal(counted.struck.length, 2);
  const picky = new FaultScript();
  const takeBack = picky.add({
    fault: { kind: 'drop-reply' },
    when: ({ headers }) => headers['x-test'] === 'me',
  });
  assert.deepEqual([picky.strike(ask('open')).length, picky.strike(ask('open', 'me')).length], [0, 1]);
  takeBack();
  assert.equal(picky.strike(ask('open', 'me')).length, 0);
});

test('no request, environment variable or command-line option reaches the faults', async () => {
  const names = ['TIDEMARK_FAULTS', 'FAULTS', 'TIDEMARK_TEST'];
  for (const name of names) process.env[name] = 'drop-reply,refuse,delay';
  const plain = await startTestServer();
  const other = new Wire(plain.url);
  try {
    const who = await linkDevice(other, { user: plain.user, password: plain.password });
    const headers = { 'x-tidemark-fault': 'drop-reply', 'x-tidemark-faults': '{"kind":"drop-reply"}' };
    assert.equal((await who.ask('trash', {}, { headers })).status, 200);
    const path = '/v1/trash?fault=drop-reply&faults=refuse';
    assert.equal((await other.send('GET', path, null, { headers: who.headers() })).status, 200);
    assert.equal(
      (await who.refusal('finalize', { claims: [], settledBelow: 0, cursor: null, faults: [] })).code,
      'bad-request',
    );
  } finally {
    for (const name of names) delete process.env[name];
    await other.close();
    await plain.close();
  }
  const sources = new URL('../../server-stub/', import.meta.url).pathname;
  for (const name of await readdir(sources, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const text = await readFile(join(sources, name), 'utf8');
    assert(!/process\s*\.\s*(env|argv)/.test(text), `${name} reads its surroundings`);
    assert(!/new FaultScript/.test(text), `${name} makes faults`);
  }
});
