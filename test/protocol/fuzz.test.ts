/** Requests made from the schemas, and the same broken in bounded ways. The seed is printed with a failure. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { Frame } from '../../src/protocol/frames.ts';
import { parseChunkId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import { seed } from '../property/seeded.ts';
import { startTestServer, TEST_USER, type TestServer } from '../support/server.ts';
import { arbitraryOf, BREAKERS, type Breakage, broken, type Pools, pathsOf } from './schema-arbitrary.ts';
import { fileOf, linkDevice, textFile, type WireDevice } from './wire-device.ts';
import { assertHonest, Wire, type WireAnswer } from './wire-http.ts';

const OTHER = { name: 'grace', password: 'another long password' };
const RUNS = 40;
/** Answers a request may get, whatever it is. */
const ALLOWED = new Set([200, 400, 404, 409, 413, 422, 426]);
/** What else some of them may get: a password that is none, an account where nobody can make one. */
const ALSO: Partial<Record<RouteName, number>> = { link: 401, changePassword: 401, signUp: 403 };
/** The heart of the matter is asked more often. */
const MORE: Partial<Record<RouteName, number>> = { finalize: 4, open: 2 };

interface World {
  readonly server: TestServer;
  readonly wire: Wire;
  readonly mine: WireDevice;
  readonly pools: Pools;
  /** What only the other user knows, until a request that names it is accepted: a node id is anybody's to take for a node of their own. */
  readonly secrets: Set<string>;
  readonly faults: string[];
}

let world: World | null = null;

function here(): World {
  assert(world !== null);
  return world;
}

before(async () => {
  const faults: string[] = [];
  const log = (level: string, message: string, facts?: object) => {
    if (level === 'error') faults.push(`${message} ${JSON.stringify(facts)}`);
  };
  const generous = { burst: 1e6, perSecond: 1e6 };
  const limits = { login: generous, loginAddress: generous, stranger: generous };
  const server = await startTestServer({ users: [OTHER], log, limits });
  const wire = new Wire(server.url);
  const mine = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password }, 'mine');
  const theirs = await linkDevice(wire, { user: OTHER.name, password: OTHER.password }, 'theirs');
  const secretName = `secret ${randomBytes(8).toString('hex')}`;
  const secret = await theirs.addFile(secretName, randomBytes(70_000));
  const file = await mine.addFile('a', Buffer.from('content'));
  const [folder] = await mine.finalize(mine.create('folder', null));
  const content = textFile('content').content;
  const foreign = fileOf(randomBytes(10)).content;
  assert(secret.head?.content.kind === 'file' && file.head !== null && folder !== undefined);
  const cursor = await mine.cursor();
  const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  const pools: Pools = new Map([
    [uuid, [ROOT_NODE, file.node, folder.node, secret.node, mine.link.deviceId, theirs.link.deviceId]],
    ['^[0-9a-f]{64}$', [content.manifest, foreign.manifest, secret.head.content.manifest]],
    ['^[0-9a-f]{12}$', [cursor.epoch]],
    ['^[0-9a-f]{16}$', [cursor.hash]],
    ['^[0-9a-f]{12}\\.[1-9][0-9]{0,15}$', [file.head.version, secret.head.version]],
    ['^[0-9a-f]{32}$', [mine.instance]],
    ['^[A-Za-z0-9+/]*={0,2}$', [content.encoded, foreign.encoded, '']],
    ['^-?[0-9]{1,20}$', ['0', '-99999999999999999999', '99999999999999999999']],
  ]);
  const secrets = new Set<string>([
    secretName,
    secret.node,
    secret.head.content.manifest,
    theirs.link.deviceId,
    theirs.link.token,
  ]);
  world = { server, wire, mine, pools, secrets, faults };
});

after(async () => {
  await world?.wire.close();
  await world?.server.close();
});

/** Honest, in bounds, and silent about the other user, unless the request named it. */
function assertHarmless(name: RouteName, asked: unknown, answer: WireAnswer): void {
  const { secrets, faults } = here();
  const text = answer.body.toString('latin1');
  assert(
    ALLOWED.has(answer.status) || answer.status === ALSO[name],
    `${name} ${answer.status} ${text.slice(0, 300)}\n${JSON.stringify(asked)?.slice(0, 2000)}\n${faults.at(-1) ?? ''}`,
  );
  assertHonest(name, answer);
  const said = JSON.stringify(asked) ?? '';
  for (const secret of secrets) {
    if (!said.includes(secret)) assert(!text.includes(secret), `${name} told ${secret}`);
    else if (answer.status === 200) secrets.delete(secret);
  }
  assert.doesNotMatch(text, /node_modules|\.ts:\d|SqliteError|SQLITE_/);
}

/** Requests of a route that are as its schema says; those that would end the test's device or park are tamed. */
function requestsOf(name: RouteName, route: Route): fc.Arbitrary<unknown> {
  if (route.request === null) return fc.constant(null);
  const { pools, mine } = here();
  const any = arbitraryOf(route.request, pools);
  const tame: Partial<Record<RouteName, (value: Record<string, unknown>) => unknown>> = {
    notify: (value) => ({ ...value, seconds: 0 }),
    hello: (value) => ({ ...value, generation: 1 }),
    revoke: (value) => (value['deviceId'] === mine.link.deviceId ? { deviceId: ROOT_NODE } : value),
    link: (value) => ({ ...value, user: 'nobody' }),
    finalize: (value) => ({ ...value, settledBelow: 0 }),
    commit: (value) => ({ ...value, settledBelow: 0 }),
  };
  return any.map((value) => tame[name]?.(value as Record<string, unknown>) ?? value);
}

const frames = fc.array(
  fc.constantFrom<Frame>(
    { id: parseChunkId('e'.repeat(64)), encoding: 'raw', bytes: Buffer.from('x') },
    { id: parseChunkId('0'.repeat(64)), encoding: 'delta', bytes: Buffer.from([1, 0, 0]) },
    { id: parseChunkId('f'.repeat(64)), encoding: 'delta', bytes: Buffer.from('garbage') },
    ...textFile('content').frames,
  ),
  { maxLength: 3 },
);

function askFuzzed(name: RouteName, json: unknown, sent: readonly Frame[]): Promise<WireAnswer> {
  const { wire, mine } = here();
  return wire.ask(name, json, { frames: sent, headers: mine.headers() });
}

for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
  test(`${name}: any request that the schema allows gets an honest answer`, async () => {
    await fc.assert(
      fc.asyncProperty(requestsOf(name, route), frames, async (json, sent) => {
        assertHarmless(name, json, await askFuzzed(name, json, sent));
      }),
      { numRuns: route.request === null ? 3 : RUNS * (MORE[name] ?? 1), seed },
    );
  });

  test(`${name}: a request broken in one place is refused or harmless`, async () => {
    if (route.request === null) return;
    const breakage: fc.Arbitrary<Breakage> = fc.oneof(
      fc.record({ kind: fc.constant('replace' as const), by: fc.constantFrom(...BREAKERS) }),
      fc.constant({ kind: 'remove' as const }),
      fc.record({
        kind: fc.constant('add' as const),
        name: fc.constantFrom('extra', '__proto__', 'constructor', ''),
      }),
    );
    await fc.assert(
      fc.asyncProperty(requestsOf(name, route), fc.nat(), breakage, async (json, place, how) => {
        const paths = pathsOf(json);
        const bad = broken(json, paths[place % paths.length]!, how);
        const answer = await askFuzzed(name, bad === undefined ? null : bad, []);
        assertHarmless(name, bad, answer);
      }),
      { numRuns: RUNS * (MORE[name] ?? 1), seed },
    );
  });
}

test('the server logged no fault of its own', () => {
  assert.deepEqual([...new Set(here().faults)].slice(0, 3), []);
});
