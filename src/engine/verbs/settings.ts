/** The user's wishes for this engine. */
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import type { EngineSettings } from '../../ipc/settings.ts';
import type { Engine } from '../engine.ts';

export function setSettings(engine: Engine, settings: EngineSettings): Promise<Answer<EngineSettings>> {
  const { proxy } = settings;
  if (proxy.kind === 'manual' && !isAddress(proxy.url))
    return Promise.resolve(
      refused('bad-address', { detail: 'The address of the proxy cannot be understood.' }),
    );
  engine.settings.set(settings);
  // Another way to the server: perhaps it can be reached now.
  if (engine.ready && !engine.paused && !engine.connection.online) engine.connection.hurry();
  return Promise.resolve(ok(engine.settings.get()));
}

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && (url.protocol === 'http:' || url.protocol === 'https:');
}
