/** A scene: what the shell is, and what the engine answers. */
import type { Method, Params } from '../../../src/ipc/contract.ts';
import type {
  EngineReply,
  ShellState,
  WindowCall,
  WindowEvent,
  WindowMethod,
  WindowParams,
  WindowResult,
} from '../../../src/ipc/window.ts';

export type Replies = { readonly [M in WindowMethod]?: (params: Params<M>) => EngineReply<M> };
export type Answers = { readonly [C in WindowCall]?: (params: WindowParams<C>) => WindowResult<C> };

export interface Scene {
  readonly shell: ShellState;
  readonly replies: Replies;
  readonly answers: Answers;
  /** Told once the window listens. */
  readonly events: readonly WindowEvent[];
}

export const NOW = Date.parse('2026-09-18T16:05:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function replyIn<M extends Method & WindowMethod>(
  scene: Scene,
  method: M,
  params: Params<M>,
): EngineReply<M> {
  const answer = scene.replies[method];
  return answer === undefined
    ? { kind: 'fault', message: `the scene has no answer to ${method}` }
    : (answer as (given: Params<M>) => EngineReply<M>)(params);
}

export const ok = <T>(value: T) => ({ kind: 'ok', value }) as const;
