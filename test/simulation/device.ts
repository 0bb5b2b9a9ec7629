/** The one file of the simulation that knows how the engine is put together: an engine over a simulated machine. */
import { Engine } from '../../src/engine/engine.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import { markerOf, writeMarker } from '../../src/engine/root-marker.ts';
import { type Db, openState } from '../../src/engine/state/database.ts';
import { MetaTable } from '../../src/engine/state/meta.ts';
import { statusOf } from '../../src/engine/verbs/status.ts';
import type { Status } from '../../src/ipc/status.ts';
import type { MachineAction } from '../scenarios/scenario.ts';
import { EPOCH_MS } from './clock.ts';
import type { Linked } from './linking.ts';

export interface DeviceParts {
  readonly env: Environment;
  readonly db: Db;
  readonly linked: Linked;
  readonly name: string;
  /** Files that the delete brake lets pass; `null` switches it off. */
  readonly brakeFiles: number | null;
}

/** A fresh state, as linking leaves it. */
export function newState(): Db {
  const opened = openState(':memory:');
  if (opened.kind !== 'open') throw new Error(`a new state does not open: ${opened.kind}`);
  new MetaTable(opened.db).set('union-merge', 'yes');
  return opened.db;
}

/** What linking leaves in the folder. */
export async function markRoot(env: Environment, linked: Linked): Promise<void> {
  const prepared = await env.disk.prepare();
  if (prepared.kind === 'failed') throw new Error(`the folder cannot be prepared: ${prepared.detail}`);
  await writeMarker(env.disk, markerOf(linked, 0, prepared.root));
}

/** Verbs of the command line that scenarios use. */
export type DeviceVerb = Extract<
  MachineAction,
  { readonly do: 'pause' | 'resume' | 'rescan' | 'resolve' | 'restore' | 'undelete' | 'review' }
>;

const FACTS = { version: '0', pid: 1, stateFolder: '/state', startedAt: EPOCH_MS } as const;

export class Device {
  readonly engine: Engine;

  constructor(parts: DeviceParts) {
    const { env, db, linked, name } = parts;
    this.engine = new Engine({
      env,
      db,
      token: linked.token,
      platform: 'linux',
      paused: false,
      account: {
        serverUrl: linked.serverUrl,
        serverId: linked.serverId,
        namespace: linked.namespace,
        deviceId: linked.deviceId,
        device: name,
        user: 'ada',
        instance: linked.instance,
        folder: `/sync/${name}`,
        brakeFiles: parts.brakeFiles,
      },
    });
  }

  async start(): Promise<void> {
    await this.engine.start();
  }

  async command(verb: DeviceVerb): Promise<void> {
    switch (verb.do) {
      case 'pause':
        return this.engine.pause();
      case 'resume':
        return this.engine.resume();
      case 'rescan':
        if (this.engine.ready) void this.engine.scan();
        return;
      default:
        throw new Error(`the verb ${verb.do} is not wired yet`);
    }
  }

  /** What `tidemark status` says. */
  status(): Status {
    return statusOf(this.engine, FACTS);
  }

  /** Nothing is left to do, as far as the engine knows. */
  settled(): boolean {
    return this.engine.ready && this.engine.inStep();
  }

  /** Seq up to which the journal is in the remote tree. */
  cursor(): number | null {
    return this.engine.state.meta.cursor()?.seq ?? null;
  }
}
