/** The user's wishes for this engine: kept in the state, given to the line at once and at each start. */
import { EngineSettings } from '../ipc/settings.ts';
import { parserOf } from '../protocol/schema.ts';
import type { Transport } from './environment/transport.ts';
import type { MetaTable } from './state/meta.ts';

const KEY = 'settings';
const parse = parserOf(EngineSettings);

const DEFAULT: EngineSettings = { up: null, down: null, schedule: null, proxy: { kind: 'system' } };

export class Settings {
  private readonly meta: MetaTable;
  private readonly transport: Transport;
  private now: EngineSettings;

  constructor(meta: MetaTable, transport: Transport) {
    this.meta = meta;
    this.transport = transport;
    const text = meta.get(KEY);
    const parsed = text === null ? null : parse(JSON.parse(text));
    this.now = parsed?.kind === 'ok' ? parsed.value : DEFAULT;
    this.transport.configure?.(this.now);
  }

  get(): EngineSettings {
    return this.now;
  }

  set(settings: EngineSettings): void {
    this.meta.set(KEY, JSON.stringify(settings));
    this.now = settings;
    this.transport.configure?.(settings);
  }
}
