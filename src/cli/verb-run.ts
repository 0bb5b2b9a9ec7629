/** The engine in the foreground. What it says about itself comes over its own socket, as for everybody else. */
import { type ControlClient, connectControl } from '../ipc/node-control-client.ts';
import { stateFolder } from './ask-engine.ts';
import type { Out } from './out.ts';
import { when } from './text.ts';
import type { VerbRun } from './verbs.ts';

/** Follows this process's own engine until `ended`; connects as soon as it listens. */
async function follow(state: string, out: Out, ended: AbortSignal): Promise<void> {
  let client: ControlClient | null = null;
  for (let delay = 20; client === null && !ended.aborted; delay = Math.min(500, delay * 1.5)) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    const connected = await connectControl(state);
    if (connected.kind !== 'connected') continue;
    if (connected.client.pid === process.pid) client = connected.client;
    else connected.client.close();
  }
  if (client === null) return;
  if (ended.aborted) return client.close();
  ended.addEventListener('abort', () => client.close());
  let last = '';
  await client.subscribe(
    (event) => {
      if (out.json) return out.result(event);
      if (event.kind !== 'status' || event.status.state === last) return;
      last = event.status.state;
      out.say(`${when(event.at)}  ${event.status.sentence}`);
    },
    out.json ? ['status', 'activity'] : ['status'],
  );
}

export const run: VerbRun = async (input) => {
  const state = stateFolder(input);
  const { runEngine } = await import('../engine/main.ts');
  const ended = new AbortController();
  const following = follow(state, input.out, ended.signal);
  try {
    return await runEngine({ state, paused: input.switches.has('paused') });
  } finally {
    ended.abort();
    await following;
  }
};
