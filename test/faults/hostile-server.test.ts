/** A server that lies: whatever it sends, no byte on this disk changes, and one clear sentence says what happened. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { allHold, everything, inStep, pause, put, Stage, tree, until } from '../engine/stage.ts';
import type { TestDevice } from '../support/engines.ts';
import { changing, Liar } from './tampered-transport.ts';

interface Event {
  seq: number;
  node: string;
  kind: string;
  entry: { parent: string | null; name: string; live: boolean; seq: number; rev: number };
  head: { seq: number; content: Record<string, unknown>; mtimeNs: string } | null;
  subtree: string | null;
  [more: string]: unknown;
}
interface Page {
  kind: string;
  events: Event[];
  next: { epoch: string; seq: number; hash: string };
  hasMore: boolean;
  head: number;
  [more: string]: unknown;
}

const ROOT = '00000000-0000-7000-8000-000000000000';
const STRANGER = '01990000-0000-7000-8000-00000000abcd';

/** What the user has: everything but our own folder, to the inode and the nanosecond. */
function users(device: TestDevice): Record<string, string> {
  const found = everything(device.root);
  for (const path of Object.keys(found))
    if (path === '.tidemark/' || path.startsWith('.tidemark/')) delete found[path];
  return found;
}

/** B is in step; then A changes something, and what B is told of it is a lie. */
async function lieTo(
  t: Parameters<typeof Stage.open>[0],
  tamper: (page: Page) => void,
  act: (a: TestDevice) => void | Promise<void> = (a) => put(a, 'innocent.txt', 'innocent'),
) {
  const stage = await Stage.open(t);
  const liar = new Liar();
  const a = await stage.device('A');
  const b = await stage.device('B', { environment: liar.environment });
  const start = { 'd/precious.txt': 'precious', 'plain.txt': 'plain' };
  for (const [path, text] of Object.entries(start)) put(a, path, text);
  await inStep(a, b);
  const before = users(b);
  const outside = readdirSync(stage.base).sort();
  liar.lie((answer, path) => {
    if (!path.startsWith('/v1/journal') || !Array.isArray(answer['events'])) return undefined;
    const page = answer as unknown as Page;
    if (page.events.length === 0 && page.kind === 'page' && !page.hasMore) return undefined;
    tamper(page);
    return page as unknown as Record<string, unknown>;
  });
  await act(a);
  await inStep(a);
  await until('B was lied to', () => liar.lies > 0);
  await pause(150);
  return { stage, a, b, liar, before, outside, start };
}

function told(device: TestDevice): string {
  const status = device.status();
  return status.halted?.sentence ?? status.sentence;
}

/** All of it goes up in one batch. */
async function atOnce(device: TestDevice, paths: readonly string[]): Promise<void> {
  device.engine.pause();
  for (const path of paths) put(device, path, path);
  await device.engine.scanner.scanAll();
  device.engine.resume();
}

const NAMES: readonly [what: string, name: string][] = [
  ['..', '..'],
  ['.', '.'],
  ['nothing', ''],
  ['a way up', '../outside.txt'],
  ['an absolute path', '/tmp/outside.txt'],
  ['a path', 'd/inside.txt'],
  ['NUL', 'x\0y'],
  ['the reserved folder', '.tidemark'],
  ['the reserved folder in other letters', '.TideMark'],
  ['a reserved prefix', '.tidemark-staging'],
  ['300 bytes', 'x'.repeat(300)],
  ['255 characters of two bytes', 'é'.repeat(255)],
  ['half a character', '\ud800.txt'],
];

for (const [what, name] of NAMES)
  test(`hostile: a name that is ${what}`, async (t) => {
    const { b, stage, before, outside } = await lieTo(t, (page) => {
      for (const event of page.events) event.entry.name = name;
    });
    assert.deepEqual(users(b), before);
    assert.deepEqual(readdirSync(stage.base).sort(), outside);
    assert.match(told(b), /no honest server sends|makes no sense/, told(b));
    assert.notEqual(b.status().state, 'up-to-date');
  });

const PAGES: readonly [
  what: string,
  tamper: (page: Page) => void,
  act?: (a: TestDevice) => void | Promise<void>,
][] = [
  [
    'a file in a folder that does not exist',
    (page) =>
      page.events.forEach((each) => {
        each.entry.parent = STRANGER;
      }),
  ],
  [
    'a file in no folder',
    (page) =>
      page.events.forEach((each) => {
        each.entry.parent = null;
      }),
  ],
  [
    'a node that is its own folder',
    (page) =>
      page.events.forEach((each) => {
        each.entry.parent = each.node;
      }),
  ],
  [
    'two folders inside each other',
    (page) => {
      const [first, second] = page.events.filter((each) => each.kind === 'folder');
      if (first && second) first.entry.parent = second.node;
    },
    (a) => atOnce(a, ['outer/inner/f.txt']),
  ],
  [
    'a known folder that moves into its own child',
    (page) => {
      const [child, next] = page.events;
      if (!child || !next) return;
      const entry = { ...next.entry, parent: child.node, name: 'd', rev: 2 };
      page.events[1] = { ...next, node: child.entry.parent ?? '', kind: 'folder', head: null, entry };
    },
    (a) => atOnce(a, ['d/child/grandchild/f.txt']),
  ],
  [
    'the root, moved',
    (page) =>
      page.events.forEach((each) => {
        each.node = ROOT;
      }),
  ],
  [
    'a gap in the sequence',
    (page) => {
      const last = page.events.at(-1);
      if (last) last.seq += 5;
      page.next.seq += 5;
    },
  ],
  [
    'a sequence that goes back',
    (page) =>
      page.events.forEach((each) => {
        each.seq = 1;
      }),
  ],
  [
    'an empty page that skips changes',
    (page) => {
      page.events = [];
    },
  ],
  [
    'an empty page that promises more, for ever',
    (page) => {
      page.events = [];
      page.next.seq -= 1;
      page.hasMore = true;
    },
  ],
  [
    'a page of another history',
    (page) => {
      page.next.epoch = 'ffffffffffff';
    },
  ],
  [
    'more changes than were asked for',
    (page) => {
      const [first] = page.events;
      if (!first) return;
      page.events = Array.from({ length: 13_000 }, (_, i) => ({ ...first, seq: first.seq + i }));
      page.next.seq = first.seq + 12_999;
      page.head = page.next.seq;
    },
  ],
  [
    'a file without content',
    (page) =>
      page.events.forEach((each) => {
        each.head = null;
      }),
  ],
  [
    'a folder with content',
    (page) =>
      page.events.forEach((each) => {
        each.kind = 'folder';
      }),
  ],
  [
    'a link to a name with NUL',
    (page) =>
      page.events.forEach((each) => {
        each.kind = 'symlink';
        if (each.head) each.head.content = { kind: 'symlink', target: 'a\0b' };
      }),
  ],
  [
    'a manifest id that is no hash',
    (page) =>
      page.events.forEach((each) => {
        if (each.head) each.head.content['manifest'] = '../../etc/passwd';
      }),
  ],
  [
    'a size beyond reason',
    (page) =>
      page.events.forEach((each) => {
        if (each.head) each.head.content['size'] = 2 ** 60;
      }),
  ],
  [
    'a time beyond reason',
    (page) =>
      page.events.forEach((each) => {
        if (each.head) each.head.mtimeNs = '9'.repeat(40);
      }),
  ],
  [
    'fields that nobody knows',
    (page) => {
      page['instructions'] = 'delete everything';
    },
  ],
  [
    'a synced file that turns into a folder',
    (page) =>
      page.events.forEach((each) => {
        each.kind = 'folder';
        each.head = null;
      }),
    (a) => put(a, 'plain.txt', 'edited'),
  ],
];

for (const [what, tamper, act] of PAGES)
  test(`hostile: ${what}`, async (t) => {
    const { b, stage, before, outside } = await lieTo(t, tamper, act);
    const found = users(b);
    for (const [path, bytes] of Object.entries(before)) assert.equal(found[path], bytes, path);
    assert.deepEqual(readdirSync(stage.base).sort(), outside);
    assert.match(told(b), /no honest server sends|makes no sense/, told(b));
    assert.notEqual(b.status().state, 'up-to-date');
  });

test('hostile: an engine that was lied to does not spin, and goes on when it is started again with an honest server', async (t) => {
  const { stage, a, b, liar, start } = await lieTo(t, (page) => {
    for (const event of page.events) event.entry.name = '..';
  });
  const lies = liar.lies;
  await pause(500);
  assert.ok(liar.lies - lies < 5, `${liar.lies - lies} more`);
  liar.lie(() => undefined);
  const again = await stage.restart(b, { environment: (env) => env });
  await allHold([a, again], { ...start, 'innocent.txt': 'innocent' });
});

test('hostile: everything was deleted, says the server: the brake holds it', async (t) => {
  const stage = await Stage.open(t);
  const liar = new Liar();
  const a = await stage.device('A');
  const b = await stage.device('B', { environment: liar.environment, brakeFiles: 200 });
  for (let i = 0; i < 30; i += 1) put(a, `p/${i}.txt`, `${i}`);
  await inStep(a, b);
  const before = users(b);
  liar.lie((answer, path) => {
    const events = answer['events'];
    if (!path.startsWith('/v1/journal') || !Array.isArray(events) || events.length === 0) return undefined;
    const page = answer as unknown as Page;
    const folder = b.engine.state.nodeAt('p');
    for (const event of page.events) {
      event.node = String(folder);
      event.kind = 'folder';
      event.head = null;
      event.entry = { ...event.entry, name: 'p', live: false, deadSeq: event.seq } as Event['entry'];
      event.subtree = 'dead';
      event['cause'] = 'delete';
    }
    return page as unknown as Record<string, unknown>;
  });
  put(a, 'bait.txt', 'x');
  await inStep(a);
  await until('B was lied to', () => liar.lies > 0);
  await until('it is held', () => b.status().review === 1);
  await pause(200);
  assert.deepEqual(users(b), before);
});

test('hostile: wrong bytes and wrong manifests never reach a path', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  let corrupt = false;
  const b = await stage.device('B', {
    environment: (env) => ({
      ...env,
      transport: changing(env.transport, (answer, path) => {
        if (!corrupt || !path.includes('chunks')) return answer;
        const body = Buffer.from(answer.body);
        const last = body.length - 1;
        body[last] = (body[last] ?? 0) ^ 0x55;
        return { ...answer, body };
      }),
    }),
  });
  put(a, 'f.txt', 'the agreed text');
  await inStep(a, b);
  const before = users(b);
  corrupt = true;
  put(a, 'f.txt', 'another text');
  put(a, 'new.txt', 'new');
  await inStep(a);
  await until('it is told', () => b.status().problems > 0);
  // The last chunk of an answer is damaged: a file whose bytes came before it in the same answer has arrived.
  const honest: Record<string, string> = { 'f.txt': 'another text', 'new.txt': 'new' };
  const { problemList } = b.status();
  for (const each of problemList) assert.match(each.sentence, /did not arrive whole/);
  const damaged = new Set(problemList.map((each) => each.path));
  const found = users(b);
  for (const [path, text] of Object.entries(tree(b)))
    assert.ok(found[path] === before[path] || (text === honest[path] && !damaged.has(path)), path);
  corrupt = false;
  await until('it is fetched again', () => b.status().problems === 0);
  await allHold([a, b], { 'f.txt': 'another text', 'new.txt': 'new' });
  assert.equal(b.status().problems, 0);
});

test('hostile: an answer without an end is dropped at its bound, and it is said', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'f');
  await inStep(a);
  const before = users(a);
  // What the transport says once an answer is longer than what was asked for can be.
  const oversized = { kind: 'oversized', detail: 'the answer is larger than 1000 bytes' } as const;
  const again = await stage.restart(a, {
    environment: (env) => ({
      ...env,
      transport: {
        exchange: () => Promise.resolve(oversized),
        bytesSent: 0,
        bytesReceived: 0,
        close: () => env.transport.close(),
      },
    }),
  });
  await until('it was tried', () => again.status().nextTryAt !== null);
  assert.match(told(again), /makes no sense \(the answer is larger than 1000 bytes\)/);
  assert.deepEqual(users(again), before);
});

test('hostile: another server answers at the address: stopped, nothing changed', async (t) => {
  const stage = await Stage.open(t);
  const a = await stage.device('A');
  put(a, 'f.txt', 'f');
  await inStep(a);
  const before = users(a);
  const again = await stage.restart(a, {
    environment: (env) => ({
      ...env,
      transport: changing(env.transport, (answer) => ({
        ...answer,
        headers: { ...answer.headers, 'x-tidemark-server': 'f'.repeat(32) },
      })),
    }),
  });
  await until('it has halted', () => again.engine.halted !== null);
  assert.equal(again.engine.halted?.code, 'server-changed');
  assert.match(told(again), /is not the one this device was linked to/);
  put(again, 'g.txt', 'g');
  await pause(200);
  const found = users(again);
  for (const [path, bytes] of Object.entries(before)) assert.equal(found[path], bytes);
});

for (const [what, body] of [
  ['no JSON', 'this is not JSON'],
  ['nothing', ''],
  ['a proxy page', '<html>Please log in to the hotel network</html>'],
  ['a list', '[]'],
] as const)
  test(`hostile: ${what} instead of an answer: nothing changes, and it is said`, async (t) => {
    const stage = await Stage.open(t);
    const a = await stage.device('A');
    put(a, 'f.txt', 'f');
    await inStep(a);
    const before = users(a);
    const again = await stage.restart(a, {
      environment: (env) => ({
        ...env,
        transport: changing(env.transport, (answer) => ({ ...answer, body: Buffer.from(body) })),
      }),
    });
    await until('it was tried', () => again.status().nextTryAt !== null);
    assert.equal(again.status().connected, false);
    assert.match(told(again), /makes no sense/);
    assert.deepEqual(users(again), before);
  });
