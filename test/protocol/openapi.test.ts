import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { openApiDocument } from '../../server-stub/routes/openapi-document.ts';
import { HANDLERS, matchRoute, routeNames } from '../../server-stub/routes/table.ts';
import { ROUTES, type Route } from '../../src/protocol/routes.ts';

type Node = Readonly<Record<string, unknown>>;

const document = openApiDocument('1.2.3') as Node;
const at = (...path: readonly string[]): unknown =>
  path.reduce<unknown>((node, key) => (node as Node | undefined)?.[key], document);
const routes: readonly (readonly [string, Route])[] = Object.entries(ROUTES);

/** Keywords of JSON Schema 2020-12 that our schemas use, and what each must be. */
const KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (v) => ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'].includes(String(v)),
  properties: (v) => typeof v === 'object' && v !== null,
  required: (v) =>
    Array.isArray(v) && v.every((name) => typeof name === 'string') && new Set(v).size === v.length,
  additionalProperties: (v) => v === false,
  items: (v) => typeof v === 'object',
  anyOf: (v) => Array.isArray(v) && v.length > 0,
  enum: (v) => Array.isArray(v) && v.length > 0,
  const: () => true,
  pattern: (v) => typeof v === 'string' && new RegExp(v, 'u') !== null,
  format: (v) => v === 'binary',
  description: (v) => typeof v === 'string',
  $ref: (v) => typeof v === 'string',
  'x-json-part': (v) => typeof v === 'object',
  ...Object.fromEntries(
    ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'].map((name) => [
      name,
      Number.isSafeInteger,
    ]),
  ),
};

function checkSchema(schema: unknown, where: string): void {
  assert(typeof schema === 'object' && schema !== null, where);
  const node = schema as Node;
  for (const [name, value] of Object.entries(node)) {
    assert(KEYWORDS[name]?.(value) === true, `${where}: ${name} ${JSON.stringify(value)?.slice(0, 80)}`);
  }
  if (typeof node['$ref'] === 'string') {
    assert.deepEqual(Object.keys(node), ['$ref'], where);
    const path = node['$ref'].replace('#/', '').split('/');
    assert(at(...path) !== undefined, `${where}: ${node['$ref']} leads nowhere`);
    return;
  }
  const required = (node['required'] ?? []) as readonly string[];
  const properties = (node['properties'] ?? {}) as Node;
  for (const name of required) assert(name in properties, `${where}: ${name} is required but not described`);
  for (const [name, member] of Object.entries(properties)) checkSchema(member, `${where}.${name}`);
  if (node['items'] !== undefined) checkSchema(node['items'], `${where}[]`);
  if (node['x-json-part'] !== undefined) checkSchema(node['x-json-part'], `${where}#json`);
  ((node['anyOf'] ?? []) as readonly unknown[]).forEach((option, i) => {
    checkSchema(option, `${where}|${i}`);
  });
}

/** The document's own schema with its references filled in. */
function resolved(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(resolved);
  if (typeof schema !== 'object' || schema === null) return schema;
  const ref = (schema as Node)['$ref'];
  if (typeof ref === 'string') return resolved(at(...ref.replace('#/', '').split('/')));
  return Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, resolved(member)]));
}

test('every route has its code, under the very schema that describes it', () => {
  assert.deepEqual([...routeNames()].sort(), Object.keys(ROUTES).sort());
  for (const [name, route] of routes) {
    const handler = HANDLERS[name as keyof typeof HANDLERS];
    assert.equal(handler.schema, route.request, name);
    assert.equal(handler.access, route.access, name);
    const match = matchRoute(route.method, `${route.path}?a=b`);
    assert(match.kind === 'found' && match.name === name);
  }
  assert.equal(new Set(routes.map(([, route]) => route.path)).size, routes.length);
});

test('the description has every route and no other, with its body, answers and who may call', () => {
  assert.equal(document['openapi'], '3.1.0');
  assert.equal(at('info', 'version'), '1.2.3');
  const described = Object.entries(document['paths'] as Node).flatMap(([path, methods]) =>
    Object.keys(methods as Node).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(described.sort(), routes.map(([, route]) => `${route.method} ${route.path}`).sort());
  for (const [name, route] of routes) {
    const operation = at('paths', route.path, route.method.toLowerCase()) as Node;
    assert.equal(operation['operationId'], name);
    assert.equal(operation['requestBody'] !== undefined, route.requestBody !== 'none', name);
    assert.equal((operation['security'] as unknown[]).length, route.access === 'device' ? 1 : 0);
    const responses = operation['responses'] as Node;
    assert.deepEqual(Object.keys(responses), ['200', 'default']);
  }
});

test('the description is made of valid schemas whose references lead somewhere', () => {
  for (const [name, schema] of Object.entries(at('components', 'schemas') as Node)) checkSchema(schema, name);
  for (const [name, route] of routes) {
    const operation = at('paths', route.path, route.method.toLowerCase()) as Node;
    const bodies = [operation['requestBody'], ...Object.values(operation['responses'] as Node)] as (
      | Node
      | undefined
    )[];
    for (const body of bodies) {
      for (const media of Object.values((body?.['content'] ?? {}) as Node)) {
        const schema = (media as Node)['schema'];
        if (Object.keys(schema as Node).length > 0) checkSchema(schema, name);
      }
    }
  }
});

test('a described schema validates what the protocol’s own does', () => {
  const cursor = { epoch: '0123456789ab', seq: 4, hash: '0123456789abcdef' };
  const schema = Compile(resolved(at('components', 'schemas', 'Cursor')) as never);
  assert.equal(schema.Check(cursor), true);
  assert.equal(schema.Check({ ...cursor, extra: 1 }), false);
  assert.equal(schema.Check({ ...cursor, seq: -1 }), false);
  const claim = Compile(resolved(at('components', 'schemas', 'Claim')) as never);
  assert.equal(claim.Check({ op: 'move' }), false);
});
