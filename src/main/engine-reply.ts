/** What a page gets for a question to the engine. */
import type { Method } from '../ipc/contract.ts';
import type { CallOutcome } from '../ipc/node-control-client.ts';
import type { EngineReply } from '../ipc/window.ts';

export function replyOf<M extends Method>(outcome: CallOutcome<M>): EngineReply<M> {
  return outcome.kind === 'lost' || outcome.kind === 'no-answer' ? { kind: 'gone' } : outcome;
}
