/** From one message to one answer line: look up, check, call, say. Nothing a client sends makes it throw. */
import {
  type Call,
  type EngineControl,
  isMethod,
  METHODS,
  type Method,
  type Refused,
} from '../../ipc/contract.ts';
import { errorLine, RPC_ERRORS, type RpcId, resultLine } from '../../ipc/json-rpc.ts';
import { syncPathOf } from '../../ipc/sync-path.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import { type Parsed, parserOf } from '../../protocol/schema.ts';
import type { Log } from '../environment/environment.ts';

export interface MethodHost {
  readonly control: EngineControl;
  /** The synced folder: absolute paths in params are taken relative to it. */
  readonly folder: string;
  readonly windows: boolean;
  /** Wall milliseconds, for the stamps of events. */
  readonly now: () => number;
  readonly log: Log;
}

function refusedLine(id: RpcId, { code, facts }: Refused): string {
  return errorLine(id, RPC_ERRORS.refused, sentenceOf(code, facts), { code, facts });
}

const parsers = new Map<string, (value: unknown) => Parsed<unknown>>();

function parse(method: Method, params: unknown): Parsed<unknown> {
  let parser = parsers.get(method);
  if (parser === undefined) {
    parser = parserOf(METHODS[method].params);
    parsers.set(method, parser);
  }
  return parser(params);
}

const PATH_PARAMS = ['path', 'surface', 'file', 'folder'] as const;

/** Paths as people type them become paths below the folder; null when one lies outside. */
function withSyncPaths(host: MethodHost, params: unknown): unknown {
  if (typeof params !== 'object' || params === null) return params;
  const out: Record<string, unknown> = { ...params };
  for (const name of PATH_PARAMS) {
    const typed = out[name];
    if (typeof typed !== 'string') continue;
    const outcome = syncPathOf(host.folder, typed, host.windows);
    if (outcome.kind === 'outside') return null;
    out[name] = outcome.path;
  }
  return out;
}

/** Answers with the line to send back. */
export async function callMethod(
  host: MethodHost,
  id: RpcId,
  name: string,
  params: unknown,
  call: Call,
): Promise<string> {
  if (!isMethod(name)) return errorLine(id, RPC_ERRORS.unknownMethod, `There is no method "${shown(name)}".`);
  const inside = withSyncPaths(host, params);
  if (inside === null) return errorLine(id, RPC_ERRORS.invalidParams, `That path is not in ${host.folder}.`);
  const parsed = parse(name, inside);
  if (parsed.kind === 'invalid')
    return errorLine(id, RPC_ERRORS.invalidParams, `The params of ${name} are not right: ${parsed.why}.`);
  try {
    // The value was just checked against the schema that types this very method's params.
    const method = host.control[name] as (params: unknown, call: Call) => ReturnType<EngineControl[Method]>;
    const answer = await method.call(host.control, parsed.value, call);
    return answer.kind === 'ok' ? resultLine(id, answer.value) : refusedLine(id, answer);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // A method whose caller is gone may well end by throwing: nobody is owed an answer.
    if (!call.signal.aborted) host.log('error', `control method ${name} failed`, { detail });
    return errorLine(id, RPC_ERRORS.internal, 'Tidemark had a fault of its own; its log says more.');
  }
}

function shown(name: string): string {
  return name.slice(0, 80);
}
