/** The one door to main and engine. */
import type { Params } from '../../ipc/contract.ts';
import type {
  EngineReply,
  WindowBridge,
  WindowCall,
  WindowEvent,
  WindowMethod,
  WindowParams,
  WindowResult,
} from '../../ipc/window.ts';

declare global {
  interface Window {
    readonly tidemark: WindowBridge;
  }
}

export function ask<C extends WindowCall>(name: C, params: WindowParams<C>): Promise<WindowResult<C>> {
  return window.tidemark.ask(name, params);
}

/** Never rejects: a broken bridge is a fault like any other. */
export async function engine<M extends WindowMethod>(method: M, params: Params<M>): Promise<EngineReply<M>> {
  try {
    return await window.tidemark.engine(method, params);
  } catch (error) {
    return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
  }
}

export function onEvent(listener: (event: WindowEvent) => void): () => void {
  return window.tidemark.onEvent(listener);
}
