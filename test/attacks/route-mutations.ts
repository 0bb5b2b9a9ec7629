/** What can be wrong with a request, drawn from a chance stream: the same stream, the same request. */
import fc from 'fast-check';
import { encodeFrames, type Frame } from '../../src/protocol/frames.ts';
import { parseChunkId } from '../../src/protocol/ids.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import { arbitraryOf, BREAKERS, broken, type Pools, pathsOf } from '../protocol/schema-arbitrary.ts';
import { type PlaceKind, placesOf, withAt } from './id-positions.ts';
import type { Loot } from './person.ts';
import type { Asked } from './tenant-world.ts';

export interface Sent {
  readonly route: RouteName;
  /** What is wrong with it, for people. */
  readonly why: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export type Chance = () => number;

export function pick<T>(chance: Chance, from: readonly T[]): T {
  const found = from[Math.floor(chance() * from.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

const WRONG: readonly unknown[] = [
  ...BREAKERS,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  2 ** 63,
  -0,
  1e-7,
  5e-324,
  '\u0000',
  '\ufeff',
  '\ud800\udc00'.repeat(300),
  '\udc00',
  'a\u0300'.repeat(2000),
  '9'.repeat(400),
  'x'.repeat(100_000),
  Array.from({ length: 1001 }, () => null),
  nested(1000),
];

function nested(depth: number): unknown {
  let value: unknown = null;
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
}

/** The request as it should be. */
export function asIs({ route, json, frames }: Asked, bearer: string): Sent {
  const { method, path, requestBody }: Route = ROUTES[route];
  const type = requestBody === 'frames' ? 'application/octet-stream' : 'application/json';
  const headers: Record<string, string> = { authorization: `Bearer ${bearer}` };
  if (requestBody !== 'none') headers['content-type'] = type;
  const body =
    requestBody === 'none'
      ? null
      : requestBody === 'json'
        ? utf8(JSON.stringify(json) ?? '')
        : encodeFrames({ json, frames: frames ?? [] });
  return { route, why: 'as it is', method, path, headers, body };
}

type Mutation = (asked: Asked, bearer: string, chance: Chance, loot: Loot, pools: Pools) => Sent;

/** Names of others, of oneself, of nobody, in one to three of the places that can hold one. */
const others: Mutation = (asked, bearer, chance, loot) => {
  const { request }: Route = ROUTES[asked.route];
  let json = asked.json;
  const said: string[] = [];
  for (let turn = 0; turn <= Math.floor(chance() * 3) && request !== null; turn += 1) {
    const places = placesOf(request, json);
    if (places.length === 0) break;
    const { path, kind, name } = pick(chance, places);
    const from = lootFor(kind, loot);
    if (from.length === 0) continue;
    const put = pick(chance, from);
    said.push(`${name} = ${JSON.stringify(put)}`);
    json = withAt(json, path, put);
  }
  return { ...asIs({ ...asked, json }, bearer), why: said.join(', ') };
};

function lootFor(kind: PlaceKind, loot: Loot): readonly unknown[] {
  return loot[kind].filter((each) => each !== undefined && each !== null);
}

/** Up to three places replaced, taken away, or joined by one that nobody knows. */
const wrong: Mutation = (asked, bearer, chance) => {
  let json = asked.json;
  const said: string[] = [];
  for (let turn = 0; turn <= Math.floor(chance() * 3); turn += 1) {
    const path = pick(chance, pathsOf(json));
    const what = chance();
    const how =
      what < 0.6
        ? ({ kind: 'replace', by: pick(chance, WRONG) } as const)
        : what < 0.8
          ? ({ kind: 'remove' } as const)
          : ({
              kind: 'add',
              name: pick(chance, ['extra', '__proto__', 'constructor', 'toJSON', '']),
            } as const);
    const next = broken(json, path, how);
    if (next === undefined) continue;
    said.push(`${how.kind} at /${path.join('/')}`);
    json = next;
  }
  return { ...asIs({ ...asked, json }, bearer), why: said.join(', ') };
};

/** As the schema allows, and out of nothing. */
const drawn: Mutation = (asked, bearer, chance, _loot, pools) => {
  const { request }: Route = ROUTES[asked.route];
  if (request === null) return asIs(asked, bearer);
  const [json] = fc.sample(arbitraryFor(asked.route, pools), {
    seed: Math.floor(chance() * 2 ** 31),
    numRuns: 1,
  });
  return { ...asIs({ ...asked, json: tamed(asked.route, json) }, bearer), why: 'drawn from its schema' };
};

const known = new WeakMap<Pools, Map<RouteName, fc.Arbitrary<unknown>>>();

function arbitraryFor(route: RouteName, pools: Pools): fc.Arbitrary<unknown> {
  const { request }: Route = ROUTES[route];
  const all = known.get(pools) ?? new Map<RouteName, fc.Arbitrary<unknown>>();
  known.set(pools, all);
  const made = all.get(route) ?? arbitraryOf(request ?? {}, pools);
  all.set(route, made);
  return made;
}

/** A poll that waits is no hang. */
function tamed(route: RouteName, json: unknown): unknown {
  return route === 'notify' && typeof json === 'object' && json !== null ? { ...json, seconds: 0 } : json;
}

/** Lists as long as they may be and longer, one row again and again. */
const long: Mutation = (asked, bearer, chance) => {
  const lists = pathsOf(asked.json).filter((path) => Array.isArray(at(asked.json, path)));
  if (lists.length === 0) return wrong(asked, bearer, chance, EMPTY, NO_POOLS);
  const path = pick(chance, lists);
  const list = at(asked.json, path);
  const [row = null] = Array.isArray(list) ? list : [];
  const length = pick(chance, [0, 2, 3, LIMITS.unansweredKeys + 1, LIMITS.claims, LIMITS.claims + 1]);
  const json = withAt(
    asked.json,
    path,
    Array.from({ length }, () => row),
  );
  return { ...asIs({ ...asked, json }, bearer), why: `/${path.join('/')} × ${length}` };
};

const EMPTY: Loot = { uuid: [], hash: [], version: [], cursor: [], content: [], text: [] };
const NO_POOLS: Pools = new Map();

function at(value: unknown, path: readonly (string | number)[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  return at(Object.entries(value).find(([name]) => name === String(key))?.[1], rest);
}

const RAW: readonly ((body: Uint8Array, chance: Chance) => Uint8Array)[] = [
  () => new Uint8Array(0),
  (body, chance) => body.subarray(0, Math.floor(chance() * body.length)),
  (body) => Buffer.concat([body, utf8('x')]),
  (body) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
  (body, chance) => flipped(body, chance),
  () => utf8('['.repeat(100_000)),
  () => utf8(`${'['.repeat(50_000)}${']'.repeat(50_000)}`),
  () => utf8(`{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`),
  () => utf8('{"claims":[],"claims":[1],"settledBelow":1e999,"cursor":null}'),
  () => utf8('NaN'),
  () => utf8('"\\ud800"'),
  () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  () => utf8('null'),
  () => utf8(`"${'x'.repeat(200_000)}"`),
  (body) => Buffer.from(body).reverse(),
];
const HUGE = () => new Uint8Array(LIMITS.jsonBytes + 1).fill(0x20);

function flipped(body: Uint8Array, chance: Chance): Uint8Array {
  const copy = Uint8Array.from(body);
  for (let turn = 0; turn < 3 && copy.length > 0; turn += 1)
    copy[Math.floor(chance() * copy.length)] = Math.floor(chance() * 256);
  return copy;
}

/** No JSON, no frames, or not quite. */
const raw: Mutation = (asked, bearer, chance) => {
  const good = asIs(asked, bearer);
  const number = Math.floor(chance() * RAW.length);
  const body = chance() < 0.005 ? HUGE() : (RAW[number]?.(good.body ?? utf8('{}'), chance) ?? null);
  return { ...good, body, why: `raw ${number}` };
};

const CHUNK = parseChunkId('e'.repeat(64));
const STRANGE: readonly (readonly Frame[])[] = [
  [{ id: CHUNK, encoding: 'raw', bytes: utf8('x') }],
  [{ id: CHUNK, encoding: 'delta', bytes: utf8('x') }],
  [{ id: CHUNK, encoding: 'delta', bytes: new Uint8Array(0) }],
  [{ id: CHUNK, encoding: 'raw', bytes: new Uint8Array(0) }],
  Array.from({ length: LIMITS.chunksPerBody + 1 }, () => ({
    id: CHUNK,
    encoding: 'raw' as const,
    bytes: utf8('x'),
  })),
];

/** Packed bodies whose lengths lie, whose chunks are others, or where none is expected. */
const frames: Mutation = (asked, bearer, chance) => {
  const strange = pick(chance, STRANGE);
  const packed = Uint8Array.from(
    encodeFrames({ json: asked.json ?? {}, frames: [...(asked.frames ?? []), ...strange] }),
  );
  const lies = chance() < 0.5;
  if (lies)
    new DataView(packed.buffer).setUint32(
      pick(chance, [0, 4, packed.length - 5]),
      pick(chance, [0, 1, 0x7fffffff, 0xffffffff, packed.length]),
      true,
    );
  return { ...asIs(asked, bearer), body: packed, why: `frames${lies ? ' that lie' : ''}` };
};

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  { 'content-type': 'text/html' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'multipart/form-data; boundary=' },
  { 'content-type': '' },
  { 'content-encoding': 'gzip' },
  { authorization: '' },
  { authorization: 'Bearer ' },
  { authorization: `Bearer ${'A'.repeat(43)}` },
  { authorization: `Basic ${'A'.repeat(5000)}` },
  { 'x-tidemark-protocol': '99999999999999999999' },
  { 'x-tidemark-protocol': '-1' },
  { 'x-tidemark-instance': `${'0'.repeat(32)}:1` },
  { 'x-tidemark-instance': `${'f'.repeat(32)}:9007199254740993:${'0'.repeat(32)}` },
  { 'x-tidemark-instance': 'x'.repeat(9000) },
  { 'x-tidemark-instance': `${'0'.repeat(32)}:9999999999999999` },
];
const PATHS: readonly ((path: string) => string)[] = [
  (path) => `${path}?a=b`,
  (path) => `${path}/`,
  (path) => path.toUpperCase(),
  (path) => path.replace('/v1', '/v1/..//v1'),
  (path) => `${path}%00`,
  (path) => `${path}?${'a'.repeat(5000)}`,
  () => '/v1/',
  () => '*',
  () => '',
];

/** Method, address or headers of another request, or of none. */
const envelope: Mutation = (asked, bearer, chance) => {
  const good = asIs(asked, bearer);
  const what = chance();
  if (what < 0.3)
    return {
      ...good,
      method: pick(chance, ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'x']),
      why: 'method',
    };
  if (what < 0.5) return { ...good, path: pick(chance, PATHS)(good.path), why: 'address' };
  const header = pick(chance, HEADERS);
  return { ...good, headers: { ...good.headers, ...header }, why: JSON.stringify(header).slice(0, 100) };
};

const MUTATIONS: readonly Mutation[] = [
  others,
  others,
  others,
  wrong,
  wrong,
  drawn,
  drawn,
  long,
  raw,
  frames,
  envelope,
];

export function mutated(asked: Asked, bearer: string, chance: Chance, loot: Loot, pools: Pools): Sent {
  return pick(chance, MUTATIONS)(asked, bearer, chance, loot, pools);
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
