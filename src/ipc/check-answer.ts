/** Checks what the engine answers against the contract. Loaded when first needed: schemas take time to load. */
import { ERRORS, type ErrorCode } from '../protocol/errors.ts';
import { type Parsed, parserOf } from '../protocol/schema.ts';
import { METHODS, type Method, type Refused, type Result } from './contract.ts';
import { ControlEvent } from './events.ts';
import type { RefusedReply } from './json-rpc.ts';

/** Compiled once: it takes longer than any check. */
const parsers = new Map<Method, (value: unknown) => Parsed<unknown>>();

export function checkResult<M extends Method>(method: M, result: unknown): Parsed<Result<M>> {
  const parse = parsers.get(method) ?? parserOf(METHODS[method].result);
  parsers.set(method, parse);
  const parsed = parse(result);
  // The schema was looked up by the very method whose result type it gives.
  return parsed.kind === 'ok' ? { kind: 'ok', value: parsed.value as Result<M> } : parsed;
}

/** Null when this version does not know the code. */
export function checkRefused({ code, facts }: RefusedReply): Refused | null {
  return Object.hasOwn(ERRORS, code) ? { kind: 'refused', code: code as ErrorCode, facts } : null;
}

const parseEvent = parserOf(ControlEvent);

export function checkEvent(params: unknown): ControlEvent | null {
  const parsed = parseEvent(params);
  return parsed.kind === 'ok' ? parsed.value : null;
}
