/** What metrics tell, and to whom. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayReadMetrics } from '../../server-stub/metrics/access.ts';
import { Histogram } from '../../server-stub/metrics/registry.ts';
import { Visibility } from '../../server-stub/metrics/visibility.ts';
import { WakeBook } from '../../server-stub/notify/wake-book.ts';
import { parseDeviceId, parseNamespaceId } from '../../src/protocol/ids.ts';
import { fileOf, linkDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';

const ME = { user: TEST_USER.name, password: TEST_USER.password };

test('commits, forks and refusals are counted, and what is stored is told', async () => {
  const server = await startTestServer();
  const wire = new Wire(server.url);
  try {
    const [a, b] = [await linkDevice(wire, ME, 'a'), await linkDevice(wire, ME, 'b')];
    const event = await a.addFile('f', Buffer.alloc(1000, 1));
    const two = fileOf(Buffer.alloc(500, 2));
    await a.commit(two.frames, a.edit(event, two.content));
    const three = fileOf(Buffer.alloc(250, 3));
    await b.commit(three.frames, b.edit(event, three.content));
    const asked = { claims: [a.create('g', two.content)], settledBelow: 0, cursor: null };
    for (let time = 0; time < 3; time += 1) await a.ask('finalize', asked);
    await a.ask('open', { claims: [a.create('h', fileOf(Buffer.alloc(9)).content)] });
    const elsewhere = { epoch: '0'.repeat(12), seq: 1, hash: '0'.repeat(16) };
    await a.ask('journal', { cursor: elsewhere, limit: 1 });
    await b.journal(await b.cursor());
    await wire.ask('trash', {});
    await server.server.core.jobs.runNow('collection');
    const answer = await fetch(`${server.url}/metrics`);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const has = (line: string) => assert(text.split('\n').includes(line), `${line} in\n${text}`);
    has('tidemark_claims_total{outcome="committed"} 3');
    has('tidemark_repeated_claims_total 2');
    has('tidemark_upload_sessions_open 1');
    has('tidemark_resyncs_total{why="other-epoch"} 1');
    has('tidemark_claims_total{outcome="forked"} 1');
    has('tidemark_stale_bases_total{outcome="forked"} 1');
    has('tidemark_requests_refused_total{route="none",status="401"} 1');
    has('tidemark_chunk_bytes{tier="hot"} 1750');
    has('tidemark_versions_total 4');
    has('tidemark_uploaded_bytes_total 1750');
    has('tidemark_cursor_lag_devices{behind="more"} 0');
    has('tidemark_orphan_age_hours{what="chunk"} 0');
    has('tidemark_woken_not_pulled 0');
    assert.match(text, /tidemark_visible_seconds_count [1-9]/, 'what a committed, b has acknowledged');
    has('tidemark_chunk_bytes{tier="quarantined"} 0');
    has('tidemark_request_duration_seconds_count{route="commit"} 3');
    has('tidemark_job_running{job="collection"} 0');
    assert.match(text, /tidemark_conflicts_total\{cause="[a-z-]+"\} 1\n/);
    assert.match(text, /tidemark_conflicts_open\{cause="[a-z-]+"\} 1\n/);
    assert.match(text, /tidemark_job_last_end_seconds\{job="collection"\} \d+/);
    for (const line of text.trimEnd().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) tidemark_\w+ .+|tidemark_\w+(\{[^}]*\})? [\d.e+-]+)$/);
    const away = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    assert.equal(away.status, 404, 'a proxy on this computer speaks for somebody else');
  } finally {
    await wire.close();
    await server.close();
  }
});

test('metrics are told on this computer, and elsewhere to the operator alone', () => {
  const token = 'a-token-of-an-operator';
  const bearer = (word: string) => ({ authorization: `Bearer ${word}` });
  const cases: readonly [string, Record<string, string>, string | null, boolean][] = [
    ['127.0.0.1', {}, null, true],
    ['::1', {}, token, true],
    ['::ffff:127.0.0.1', {}, null, true],
    ['203.0.113.9', {}, token, false],
    ['203.0.113.9', bearer(token), token, true],
    ['203.0.113.9', bearer(`${token}x`), token, false],
    ['203.0.113.9', bearer('anything'), null, false],
    ['127.0.0.1', { forwarded: 'for=203.0.113.9' }, null, false],
    ['127.0.0.1', { ...bearer(token), 'x-forwarded-for': '203.0.113.9' }, token, true],
    ['127.0.0.1.example', {}, null, false],
  ];
  for (const [remote, headers, operator, may] of cases)
    assert.equal(mayReadMetrics({ remote, headers }, operator), may, `${remote} ${JSON.stringify(headers)}`);
});

test('a change counts as visible once for each other device that says it has it', () => {
  let now = 0;
  const seen: number[] = [];
  const visibility = new Visibility(
    () => now,
    (ms) => seen.push(ms),
  );
  const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
  const ns = parseNamespaceId(id(1));
  const [a, b, c] = [2, 3, 4].map((n) => parseDeviceId(id(n)));
  visibility.committed(ns, 5, a!);
  now = 100;
  visibility.acked(ns, b!, 4);
  visibility.acked(ns, b!, 5);
  now = 300;
  for (const device of [a!, b!, c!, c!]) visibility.acked(ns, device, 9);
  assert.deepEqual(seen, [100, 300]);
});

test('a device that was told and did not look is counted until it looks', () => {
  let now = 0;
  const wakes = new WakeBook(() => now);
  const device = parseDeviceId('00000000-0000-7000-8000-000000000001');
  assert.deepEqual(wakes.of(device), { wokenAt: null, pulledAt: null });
  wakes.pulled(device);
  now = 10;
  wakes.woken(device);
  assert.equal(wakes.unheeded(50), 0);
  now = 100;
  assert.equal(wakes.unheeded(50), 1);
  wakes.pulled(device);
  assert.deepEqual([wakes.unheeded(50), wakes.of(device)], [0, { wokenAt: 10, pulledAt: 100 }]);
});

test('a histogram counts each value in every bucket that holds it, and quotes its labels', () => {
  const histogram = new Histogram('h', 'help', [1, 2]);
  for (const value of [0.5, 1.5, 9]) histogram.observe({ route: 'a"\\\n' }, value);
  assert.equal(
    histogram.text(),
    [
      '# HELP h help',
      '# TYPE h histogram',
      'h_bucket{route="a\\"\\\\\\n",le="1"} 1',
      'h_bucket{route="a\\"\\\\\\n",le="2"} 2',
      'h_bucket{route="a\\"\\\\\\n",le="+Inf"} 3',
      'h_sum{route="a\\"\\\\\\n"} 11',
      'h_count{route="a\\"\\\\\\n"} 3',
      '',
    ].join('\n'),
  );
});
