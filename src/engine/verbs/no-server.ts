/** What a verb that needs the server answers while there is no way to it. */
import { type Refused, refused } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';

/** Null: the server can be asked. */
export function noServer(engine: Engine): Refused | null {
  return engine.ready && engine.connection.online ? null : unanswered(engine);
}

/** It did not answer, or is not asked: somebody who paused on purpose is not told of a broken line. */
export function unanswered({ paused, parts }: Engine): Refused {
  return paused ? refused('paused') : refused('unreachable', { server: parts.account.serverUrl });
}
