/** Answers stay below the bound that clients set, however long names and links are. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SnapshotPage } from '../../src/protocol/journal.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { linkDevice, parsedAs, type WireDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';

const LINKS = 400;
let server: TestServer;
let wire: Wire;
let device: WireDevice;

before(async () => {
  server = await startTestServer();
  wire = new Wire(server.url);
  device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
  // Every character is six bytes in JSON.
  const target = '\u0001'.repeat(LIMITS.linkTargetBytes);
  for (let i = 0; i < LINKS; i += 200) {
    const claims = Array.from({ length: 200 }, (_, j) =>
      device.create(`link ${i + j}`, { kind: 'symlink', target }),
    );
    const outcomes = await device.finalize(...claims);
    assert(outcomes.every(({ kind }) => kind === 'committed'));
  }
});
after(async () => {
  await wire.close();
  await server.close();
});

test('a journal page of very long link targets is cut to what fits, and nothing is missing', async () => {
  const seen = new Set<string>();
  let page = await device.journal(null, LIMITS.journalPage);
  for (;;) {
    assert(Buffer.byteLength(JSON.stringify(page)) <= LIMITS.jsonBytes);
    for (const event of page.events) seen.add(event.entry.name);
    if (!page.hasMore) break;
    page = await device.journal(page.next, LIMITS.journalPage);
  }
  assert.equal(seen.size, LINKS);
});

test('so is a snapshot page', async () => {
  const seen = new Set<string>();
  let continuation: string | null = null;
  do {
    const answer = await device.ask('snapshot', { continuation, limit: LIMITS.snapshotPage });
    assert(answer.body.length <= LIMITS.jsonBytes);
    const page: SnapshotPage = parsedAs(SnapshotPage, answer);
    for (const event of page.events) seen.add(event.entry.name);
    continuation = page.continuation;
  } while (continuation !== null);
  assert.equal(seen.size, LINKS);
});
