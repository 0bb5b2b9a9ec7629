/** The door between pages and main: who asks, what is asked, and what is answered are all checked. */
import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { METHODS, type Params } from '../ipc/contract.ts';
import {
  type EngineReply,
  WINDOW_CALLS,
  WINDOW_METHODS,
  type WindowCall,
  type WindowMethod,
  type WindowParams,
  type WindowResult,
} from '../ipc/window.ts';
import { CHANNELS } from '../ipc/window-names.ts';
import { type Parsed, parserOf } from '../protocol/schema.ts';
import { PAGES_ORIGIN } from './app-protocol.ts';

/** Who asked: a call may depend on it. */
export interface Asker {
  readonly isPopover: boolean;
}

export type WindowCalls = {
  readonly [C in WindowCall]: (params: WindowParams<C>, asker: Asker) => Promise<WindowResult<C>>;
};

export interface Guarded {
  readonly isOurs: (contents: Electron.WebContents) => boolean;
  readonly isPopover: (contents: Electron.WebContents) => boolean;
  readonly calls: WindowCalls;
  readonly engine: <M extends WindowMethod>(method: M, params: Params<M>) => Promise<EngineReply<M>>;
}

type Check = (value: unknown) => Parsed<unknown>;

function checks<Name extends string>(
  names: readonly Name[],
  schemaOf: (name: Name) => Parameters<typeof parserOf>[0],
): ReadonlyMap<string, Check> {
  return new Map(names.map((name) => [name, parserOf(schemaOf(name))]));
}

const CALL_NAMES = Object.keys(WINDOW_CALLS).filter((name): name is WindowCall =>
  Object.hasOwn(WINDOW_CALLS, name),
);
const CALL_PARAMS = checks(CALL_NAMES, (name) => WINDOW_CALLS[name].params);
const CALL_RESULTS = checks(CALL_NAMES, (name) => WINDOW_CALLS[name].result);
const METHOD_PARAMS = checks(WINDOW_METHODS, (name) => METHODS[name].params);

/** A page of ours, in the top frame of a window of ours. */
function isAllowed(event: IpcMainInvokeEvent, guarded: Guarded): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame !== event.sender.mainFrame) return false;
  return frame.url.startsWith(`${PAGES_ORIGIN}/`) && guarded.isOurs(event.sender);
}

function demand(parsers: ReadonlyMap<string, Check>, name: unknown, value: unknown, what: string): void {
  const check = typeof name === 'string' ? parsers.get(name) : undefined;
  if (check === undefined) throw new Error(`There is no ${what} of this name.`);
  const parsed = check(value);
  if (parsed.kind === 'invalid') throw new Error(`${what} ${String(name)}: ${parsed.why}`);
}

function isCall(name: unknown): name is WindowCall {
  return typeof name === 'string' && CALL_PARAMS.has(name);
}

function isMethod(name: unknown): name is WindowMethod {
  return typeof name === 'string' && METHOD_PARAMS.has(name);
}

export function guardIpc(guarded: Guarded): void {
  ipcMain.handle(CHANNELS.ask, async (event, name: unknown, params: unknown) => {
    if (!isAllowed(event, guarded)) throw new Error('Not allowed.');
    demand(CALL_PARAMS, name, params, 'call');
    if (!isCall(name)) throw new Error('There is no call of this name.');
    // The schema of this very name has just checked them.
    const call = guarded.calls[name] as (params: unknown, asker: Asker) => Promise<unknown>;
    const result = await call(params, { isPopover: guarded.isPopover(event.sender) });
    demand(CALL_RESULTS, name, result, 'result');
    return result;
  });
  ipcMain.handle(CHANNELS.engine, async (event, method: unknown, params: unknown) => {
    if (!isAllowed(event, guarded)) throw new Error('Not allowed.');
    demand(METHOD_PARAMS, method, params, 'method');
    if (!isMethod(method)) throw new Error('There is no method of this name.');
    // What comes back was checked by the client of the control socket.
    const engine = guarded.engine as (method: string, params: unknown) => Promise<unknown>;
    return engine(method, params);
  });
}
