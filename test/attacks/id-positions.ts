/** Where in a request something of somebody else could be named: found in the schemas, so that a new field is a new place. */
import type { TSchema } from 'typebox';
import { parserOf } from '../../src/protocol/schema.ts';

export type PlaceKind = 'uuid' | 'hash' | 'version' | 'cursor' | 'content' | 'text';

/** `name`: the same for every request, like `claims[].delete.unapplied[]`. `path`: where it is in this one. */
export interface Place {
  readonly name: string;
  readonly kind: PlaceKind;
  readonly path: readonly (string | number)[];
}

interface Shape {
  readonly type?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
}

/** Texts that are no names of anything: passwords, instances, numbers written out, encodings that `content` covers. */
const PLAIN_PATTERNS = ['^[0-9a-f]{32}$', '^-?[0-9]{1,20}$', '^[A-Za-z0-9+/]*={0,2}$'];

/** Every place that a schema has, whatever a request fills in. */
export function placesOfSchema(schema: TSchema, name = ''): readonly Omit<Place, 'path'>[] {
  const shape: Shape = schema;
  const here = kindOf(shape);
  if (here === 'plain') return [];
  const below: Omit<Place, 'path'>[] = here === null ? [] : [{ name, kind: here }];
  if (here === 'cursor') return below;
  for (const variant of shape.anyOf ?? []) below.push(...placesOfSchema(variant, name + label(variant)));
  if (shape.items !== undefined) below.push(...placesOfSchema(shape.items, `${name}[]`));
  for (const [key, property] of Object.entries(shape.properties ?? {}))
    below.push(...placesOfSchema(property, name === '' ? key : `${name}.${key}`));
  return below;
}

const parsers = new WeakMap<TSchema, ReturnType<typeof parserOf>>();

/** Compiled once: there are as many questions as there are requests. */
function parserFor(schema: TSchema): ReturnType<typeof parserOf> {
  const known = parsers.get(schema) ?? parserOf(schema);
  parsers.set(schema, known);
  return known;
}

/** The places that this request fills in. */
export function placesOf(
  schema: TSchema,
  value: unknown,
  name = '',
  path: readonly (string | number)[] = [],
): readonly Place[] {
  const shape: Shape = schema;
  const here = kindOf(shape);
  if (here === 'plain') return [];
  const below: Place[] = here === null ? [] : [{ name, kind: here, path }];
  if (here === 'cursor') return below;
  const variant = shape.anyOf?.find((each) => parserFor(each)(value).kind === 'ok');
  if (variant !== undefined) below.push(...placesOf(variant, value, name + label(variant), path));
  if (shape.items !== undefined && Array.isArray(value)) {
    const { items } = shape;
    value.forEach((item, at) => {
      below.push(...placesOf(items, item, `${name}[]`, [...path, at]));
    });
  }
  if (isRecord(value))
    for (const [key, property] of Object.entries(shape.properties ?? {}))
      if (key in value)
        below.push(...placesOf(property, value[key], name === '' ? key : `${name}.${key}`, [...path, key]));
  return below;
}

/** The same request with something else at a place. */
export function withAt(request: unknown, path: readonly (string | number)[], put: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return put;
  if (Array.isArray(request))
    return request.map((item, at) => (at === first ? withAt(item, rest, put) : item));
  if (!isRecord(request)) throw new Error(`there is no ${String(first)} in ${JSON.stringify(request)}`);
  return { ...request, [first]: withAt(request[first], rest, put) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(shape: Shape): PlaceKind | 'plain' | null {
  const { properties, pattern } = shape;
  if (properties !== undefined && 'epoch' in properties && 'hash' in properties) return 'cursor';
  if (properties !== undefined && 'encoded' in properties) return 'content';
  if (shape.type !== 'string') return null;
  if (shape.const !== undefined || shape.enum !== undefined) return 'plain';
  if (pattern === undefined) return 'text';
  if (PLAIN_PATTERNS.includes(pattern)) return 'plain';
  if (pattern.includes('{64}')) return 'hash';
  if (pattern.includes('\\.')) return 'version';
  if (pattern.includes('{8}-')) return 'uuid';
  throw new Error(`a text of a form that this matrix does not know: ${pattern}`);
}

/** A variant is called after the literal that tells it apart. */
function label(variant: TSchema): string {
  const { properties }: Shape = variant;
  const mark: Shape | undefined = properties?.['op'] ?? properties?.['kind'];
  return typeof mark?.const === 'string' ? `.${mark.const}` : '';
}
