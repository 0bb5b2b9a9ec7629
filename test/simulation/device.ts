/** The one file of the simulation that knows how the engine is put together: an engine over a simulated machine. */
import { Engine } from '../../src/engine/engine.ts';
import type { Environment } from '../../src/engine/environment/environment.ts';
import { markerOf, writeMarker } from '../../src/engine/root-marker.ts';
import { bordersOfRoot } from '../../src/engine/shares/mount-borders.ts';
import type { ShareHomes } from '../../src/engine/shares/share-home.ts';
import { ShareKeeper } from '../../src/engine/shares/share-keeper.ts';
import type { Db } from '../../src/engine/state/database.ts';
import { MetaTable } from '../../src/engine/state/meta.ts';
import { createControl } from '../../src/engine/verbs/control.ts';
import type { Answer, EngineControl } from '../../src/ipc/contract.ts';
import type { Status } from '../../src/ipc/status.ts';
import type { MachineAction } from '../scenarios/scenario.ts';
import { EPOCH_MS } from './clock.ts';
import type { LentDatabase } from './lent-database.ts';
import type { Linked } from './linking.ts';
import { stateFrom } from './memory-databases.ts';

export interface DeviceParts {
  readonly env: Environment;
  readonly db: Db;
  readonly linked: Linked;
  readonly name: string;
  /** Files that the delete brake lets pass; `null` switches it off. */
  readonly brakeFiles: number | null;
  readonly user: string;
  /** Null: nobody there looks after shares. */
  readonly homes: ShareHomes | null;
}

/** A fresh state, as linking leaves it. */
export function newState(): LentDatabase {
  const state = stateFrom();
  new MetaTable(state.db).set('union-merge', 'yes');
  return state;
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

const CALL = { signal: new AbortController().signal } as const;

function value<T>(answer: Answer<T>): T {
  if (answer.kind === 'ok') return answer.value;
  throw new Error(`refused: ${answer.code} ${JSON.stringify(answer.facts)}`);
}

function theOnly<T>(items: readonly T[], what: string): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${items.length} of one ${what}`);
  return item;
}

export class Device {
  readonly engine: Engine;
  readonly shares: ShareKeeper | null;
  /** Every verb, as the command line and the app call them. */
  readonly control: EngineControl;

  constructor(parts: DeviceParts) {
    const { env, db, linked, name, user, homes } = parts;
    const boundaries = bordersOfRoot(
      () => this.engine.state.mounts,
      linked,
      (seen) => this.shares?.noteSeen(seen),
    );
    this.engine = new Engine({
      env,
      db,
      token: linked.token,
      platform: 'linux',
      paused: false,
      ...(homes === null ? {} : { boundaries }),
      account: {
        serverUrl: linked.serverUrl,
        serverId: linked.serverId,
        namespace: linked.namespace,
        deviceId: linked.deviceId,
        device: name,
        user,
        instance: linked.instance,
        folder: `/sync/${name}`,
        brakeFiles: parts.brakeFiles,
      },
    });
    this.shares = homes === null ? null : new ShareKeeper(this.engine, homes);
    this.control = createControl(this.engine, FACTS, () => void this.engine.stop(), this.shares);
  }

  async start(): Promise<void> {
    await this.engine.start();
  }

  async stop(): Promise<void> {
    await this.shares?.close();
    await this.engine.stop();
  }

  /** Of every namespace here: that of the user first. */
  engines(): readonly Engine[] {
    return [this.engine, ...[...(this.shares?.running.values() ?? [])].map(({ engine }) => engine)];
  }

  async command(verb: DeviceVerb): Promise<void> {
    switch (verb.do) {
      case 'pause':
        value(await this.control.pause({}, CALL));
        return;
      case 'resume':
        value(await this.control.resume({}, CALL));
        return;
      case 'rescan':
        value(await this.control.rescan({}, CALL));
        return;
      case 'resolve': {
        const { conflicts } = value(await this.control['conflicts.list']({}, CALL));
        const only = theOnly(conflicts, 'open conflict');
        value(await this.control['conflicts.resolve']({ id: only.id, keep: verb.keep }, CALL));
        return;
      }
      case 'restore':
        value(await this.control.restore({ path: verb.path, version: verb.version }, CALL));
        return;
      case 'undelete': {
        const { items } = value(await this.control['trash.list']({}, CALL));
        const found = items.filter((item) => item.path === verb.path && item.where === 'server');
        value(
          await this.control['trash.restore']({ id: theOnly(found, `${verb.path} in the trash`).id }, CALL),
        );
        return;
      }
      default: {
        const { batches } = value(await this.control['review.list']({}, CALL));
        const { id } = theOnly(batches, 'held batch');
        value(await this.control[`review.${verb.decision}`]({ id }, CALL));
      }
    }
  }

  /** What `tidemark status` says. */
  async status(): Promise<Status> {
    return value(await this.control.status({}, CALL));
  }

  /** Nothing is left to do, as far as the engine knows. */
  settled(): boolean {
    return this.shares?.idle !== false && this.engines().every((each) => each.ready && each.inStep());
  }

  /** Seq up to which the journal is in the remote tree. */
  cursor(): number | null {
    return this.engine.state.meta.cursor()?.seq ?? null;
  }
}
