/** Values that a schema allows, with hostile contents: for asking what a server does with requests that are well-formed. */
import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

/** What strings that mean something are drawn from, by the pattern of their schema. */
export type Pools = ReadonlyMap<string, readonly string[]>;

const HOSTILE_TEXT = [
  '',
  '.',
  '..',
  '../../etc/passwd',
  'a/b',
  '\\\\server\\share',
  'C:',
  'con',
  'a\u0000b',
  '\ud800',
  '.tidemark',
  '.TIDEMARK-x',
  'ﬀ',
  'e\u0301',
  '\u202egnp.exe',
  '__proto__',
  'constructor',
  'x'.repeat(255),
  'ü'.repeat(200),
  "'; DROP TABLE nodes; --",
  '%s%n',
  '\r\nset-cookie: a=b',
  'name',
];
const NUMBERS = [0, 1, 2, 10, 255, 65_536, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -1, -(2 ** 53) + 1];

export function arbitraryOf(given: object, pools: Pools): fc.Arbitrary<unknown> {
  const schema: Schema = { ...given };
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (Array.isArray(schema['anyOf']))
    return fc.oneof(...schema['anyOf'].map((option: Schema) => arbitraryOf(option, pools)));
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum']);
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, pools);
    case 'array': {
      const { minItems = 0, maxItems = 5 } = schema as { minItems?: number; maxItems?: number };
      const items = arbitraryOf(schema['items'] as Schema, pools);
      return fc.array(items, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 4)) });
    }
    case 'string':
      return stringOf(schema, pools);
    case 'integer':
    case 'number': {
      const { minimum = -Infinity, maximum = Infinity } = schema as { minimum?: number; maximum?: number };
      return fc.constantFrom(
        ...NUMBERS.filter((n) => n >= minimum && n <= maximum),
        ...(minimum > -Infinity ? [minimum] : []),
      );
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`no values for schema ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

function objectOf(schema: Schema, pools: Pools): fc.Arbitrary<unknown> {
  const properties = schema['properties'] as Readonly<Record<string, Schema>>;
  const required = (schema['required'] ?? []) as readonly string[];
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [name, arbitraryOf(member, pools)]),
  );
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) });
}

function stringOf(schema: Schema, pools: Pools): fc.Arbitrary<string> {
  const {
    pattern,
    minLength = 0,
    maxLength = Infinity,
  } = schema as {
    pattern?: string;
    minLength?: number;
    maxLength?: number;
  };
  if (pattern === undefined)
    return fc.constantFrom(
      ...HOSTILE_TEXT.filter((text) => text.length >= minLength && text.length <= maxLength),
    );
  const pool = pools.get(pattern) ?? [];
  const form = new RegExp(pattern);
  const free = fc.stringMatching(form).filter((text) => text.length <= maxLength);
  return pool.length === 0
    ? free
    : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pool) }, { weight: 1, arbitrary: free });
}

/** What one place of a request may be replaced by, to break it. */
export const BREAKERS: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e308,
  '',
  'x'.repeat(5000),
  [],
  {},
  [[]],
  { length: 1 },
  ...HOSTILE_TEXT,
];

/** Every path into a JSON value, the value itself first. */
export function pathsOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [path, ...below];
}

export type Breakage =
  | { readonly kind: 'replace'; readonly by: unknown }
  | { readonly kind: 'remove' }
  | { readonly kind: 'add'; readonly name: string };

/** A copy with one place changed. */
export function broken(value: unknown, path: readonly (string | number)[], how: Breakage): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (how.kind === 'replace') return how.by;
    if (how.kind === 'add' && typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ...value, [how.name]: 1 };
    return undefined;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    if (how.kind === 'remove' && rest.length === 0) copy.splice(Number(key), 1);
    else copy[Number(key)] = broken(copy[Number(key)], rest, how);
    return copy;
  }
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  if (how.kind === 'remove' && rest.length === 0) delete copy[key];
  else copy[key] = broken(copy[key], rest, how);
  return copy;
}
