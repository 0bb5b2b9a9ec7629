/** The OpenAPI document, made from the schemas that validate requests. Schemas used in several places become components. */
import type { TSchema } from 'typebox';
import { Claim } from '../../src/protocol/claims.ts';
import { ErrorAnswer } from '../../src/protocol/errors.ts';
import { WireHead } from '../../src/protocol/head.ts';
import {
  Cursor,
  JournalEvent,
  JournalPage,
  ResyncRequired,
  SnapshotPage,
  WireConflict,
  WireEntry,
} from '../../src/protocol/journal.ts';
import { Outcome } from '../../src/protocol/outcomes.ts';
import { ROUTES, type Route } from '../../src/protocol/routes.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const COMPONENTS: Readonly<Record<string, TSchema>> = {
  Claim,
  Conflict: WireConflict,
  Cursor,
  Entry: WireEntry,
  Error: ErrorAnswer,
  Head: WireHead,
  JournalEvent,
  JournalPage,
  Outcome,
  ResyncRequired,
  SnapshotPage,
};
const NAMES: ReadonlyMap<unknown, string> = new Map(
  Object.entries(COMPONENTS).map(([name, schema]) => [schema, name]),
);

const JSON_TYPE = 'application/json';
const FRAMES_TYPE = 'application/octet-stream';
const FRAMES_NOTE =
  "A packed body: 'TMF1', u32le length of the JSON part, the JSON part (its schema is x-json-part), then per chunk: 32 bytes hash, u8 encoding (0 raw, 1 delta), u32le length, bytes.";
const HEADERS: Json = {
  'x-tidemark-server': { description: 'Id of this server.', schema: { type: 'string' } },
  'x-tidemark-epoch': {
    description: 'Epoch of the namespace of the calling device.',
    schema: { type: 'string' },
  },
};

/** Plain JSON of a schema, with references in place of components. */
function plain(value: unknown, top: boolean): Json {
  if (!top) {
    const name = NAMES.get(value);
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, false));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, member]) =>
        key.startsWith('~') || member === undefined ? [] : [[key, plain(member, false)]],
      ),
    );
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}

function content(kind: 'json' | 'frames', schema: TSchema): Json {
  if (kind === 'json') return { [JSON_TYPE]: { schema: plain(schema, false) } };
  const body = {
    type: 'string',
    format: 'binary',
    description: FRAMES_NOTE,
    'x-json-part': plain(schema, false),
  };
  return { [FRAMES_TYPE]: { schema: body } };
}

function operation(name: string, route: Route): Json {
  const described: { [key: string]: Json } = {
    operationId: name,
    summary: route.summary,
    security: route.access === 'device' ? [{ device: [] }] : [],
    responses: {
      '200': { description: 'Done.', headers: HEADERS, content: content(route.answerBody, route.answer) },
      default: {
        description: 'Refused, with a code and what it is about.',
        headers: HEADERS,
        content: content('json', ErrorAnswer),
      },
    },
  };
  if (route.requestBody !== 'none' && route.request !== null) {
    described['requestBody'] = { required: true, content: content(route.requestBody, route.request) };
  }
  return described;
}

export function openApiDocument(version: string): Json {
  const paths: { [path: string]: { [method: string]: Json } } = {};
  for (const [name, route] of Object.entries(ROUTES)) {
    const methods = paths[route.path] ?? {};
    paths[route.path] = methods;
    methods[route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tidemark server',
      version,
      description: 'Chunk present is not version committed; push received is not change seen.',
    },
    paths,
    components: {
      securitySchemes: {
        device: { type: 'http', scheme: 'bearer', description: 'The token that linking the device gave.' },
      },
      schemas: Object.fromEntries(
        Object.entries(COMPONENTS).map(([name, schema]) => [name, plain(schema, true)]),
      ),
    },
  };
}
