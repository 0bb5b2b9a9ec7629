/** Answers on their way out of a share: paths in them are of its folder, and the user reads them from the synced folder. */
import type { TSchema } from 'typebox';
import { pathIn } from '../../core/names/path-parts.ts';
import { checkResult } from '../../ipc/check-answer.ts';
import { type Answer, METHODS, ok, type Refused, type Result } from '../../ipc/contract.ts';
import { SHOWN_PATH } from '../../ipc/shapes.ts';
import type { RoutedMethod } from '../verbs/engine-verbs.ts';
import type { Surface } from './surfaces.ts';

/** A path in a share, from the synced folder. */
export function shownIn(folder: string, below: string): string {
  return below === '' ? folder : pathIn(folder, below);
}

export function outward<M extends RoutedMethod>(
  method: M,
  { share, path }: Surface,
  answer: Answer<Result<M>>,
): Answer<Result<M>> {
  if (share === null) return answer;
  if (answer.kind === 'refused') return refusedIn(path, answer);
  const { result } = METHODS[method];
  const parsed = checkResult(method, translated(result, answer.value, path));
  if (parsed.kind === 'invalid') throw new Error(`an answer to ${method} fits no more: ${parsed.why}`);
  return ok(parsed.value);
}

/** Every string that the schema marks as a path; all else is as it was. */
export function translated(schema: TSchema, value: unknown, folder: string): unknown {
  if (typeof value === 'string') return isPath(schema) ? shownIn(folder, value) : value;
  if (Array.isArray(value)) {
    const items = inner(schema, 'items');
    return items === null ? value : value.map((each: unknown) => translated(items, each, folder));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]): [string, unknown] => {
    const member = memberOf(schema, name);
    return [name, member === null ? each : translated(member, each, folder)];
  });
  return Object.fromEntries(entries);
}

function isPath(schema: TSchema): boolean {
  return SHOWN_PATH in schema || choices(schema).some(isPath);
}

function inner(schema: TSchema, name: string): TSchema | null {
  const own: unknown = Object.getOwnPropertyDescriptor(schema, name)?.value;
  if (isSchema(own)) return own;
  return choices(schema).reduce<TSchema | null>((found, each) => found ?? inner(each, name), null);
}

function memberOf(schema: TSchema, name: string): TSchema | null {
  const own: unknown = Object.getOwnPropertyDescriptor(schema, 'properties')?.value;
  const member: unknown =
    typeof own === 'object' && own !== null ? Object.getOwnPropertyDescriptor(own, name)?.value : undefined;
  if (isSchema(member)) return member;
  return choices(schema).reduce<TSchema | null>((found, each) => found ?? memberOf(each, name), null);
}

function choices(schema: TSchema): readonly TSchema[] {
  const all: unknown = Object.getOwnPropertyDescriptor(schema, 'anyOf')?.value;
  return Array.isArray(all) ? all.filter(isSchema) : [];
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What fills the braces of a sentence and is a path, unless it is one of this computer or the name that was asked for. */
const PATH_FACTS = ['file', 'other'] as const;

function refusedIn(folder: string, { code, facts, kind }: Refused): Refused {
  if (code === 'bad-name') return { kind, code, facts };
  const out: Record<string, string | number> = { ...facts };
  for (const name of PATH_FACTS) {
    const fact = out[name];
    if (typeof fact === 'string' && !/^(?:\/|[A-Za-z]:[\\/])/.test(fact)) out[name] = shownIn(folder, fact);
  }
  return { kind, code, facts: out };
}
