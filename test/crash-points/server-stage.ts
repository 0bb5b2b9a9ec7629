/** The server is under test: a real server process; both devices run in this process. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { addUser } from '../../server-stub/main.ts';
import type { Answer } from '../../src/ipc/contract.ts';
import type { Status } from '../../src/ipc/status.ts';
import { pause } from '../support/devices.ts';
import { type TestDevice as NearDevice, startDevice } from '../support/engines.ts';
import { Running } from '../support/processes.ts';
import { TEST_USER } from '../support/server.ts';
import { buildShim, PointControl } from './point-shim.ts';
import { deviceResidue } from './residue.ts';
import { PATIENCE_MS, Stage, type Verbs, type Where } from './stage.ts';

const Ready = Type.Object({ url: Type.String() });

export class ServerStage extends Stage {
  #devices: { readonly tested: NearDevice; readonly other: NearDevice } | null = null;
  #url = '';

  private constructor(base: string, shim: string) {
    super(base, new PointControl(shim, join(base, 'points'), join(base, 'data')));
  }

  static async open(): Promise<ServerStage> {
    const shim = buildShim();
    assert.ok('file' in shim, 'why' in shim ? shim.why : '');
    const base = await mkdtemp(join(tmpdir(), 'tidemark-points-'));
    const stage = new ServerStage(base, shim.file);
    await addUser({ data: join(base, 'data'), ...TEST_USER, scryptCost: 2 ** 10 });
    assert.ok(await stage.start(), stage.log());
    const server = { url: stage.#url, user: TEST_USER.name, password: TEST_USER.password };
    const [tested, other] = [
      await startDevice(server, 'tested', base),
      await startDevice(server, 'other', base),
    ];
    stage.#devices = { tested, other };
    return stage;
  }

  get #parties() {
    assert.ok(this.#devices, 'the stage is open');
    return this.#devices;
  }

  get other(): NearDevice {
    return this.#parties.other;
  }

  protected async closeParties(): Promise<void> {
    await this.#parties.tested.stop();
    await this.#parties.other.stop();
  }

  async start(): Promise<boolean> {
    const ready = join(this.base, 'ready.json');
    rmSync(ready, { force: true });
    const port = this.#url === '' ? '0' : new URL(this.#url).port;
    const words = ['server', '--data', join(this.base, 'data'), '--port', port, '--ready-file', ready];
    const process = new Running(words, join(this.base, 'server.log'), this.points.env);
    this.process = process;
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (!process.alive) return false;
      const text = readIfThere(ready);
      if (text !== null) {
        this.#url = Value.Parse(Ready, JSON.parse(text)).url;
        for (const device of Object.values(this.#devices ?? {})) device.engine.connection.hurry();
        return true;
      }
      await pause(15);
    }
    throw new Error(`the server does not answer\n${this.log()}`);
  }

  get database(): string {
    return join(this.base, 'data', 'metadata.sqlite');
  }

  /** Files under way are gone after a start, and the devices have nothing open. */
  residue(): readonly string[] {
    const files = readdirSync(join(this.base, 'data'), { recursive: true, encoding: 'utf8' });
    const halves = files.filter((name) => /\.new$|\.part$|\.tmp$/.test(name));
    const { tested, other } = this.#parties;
    return [
      ...halves.map((name) => `left in the data folder: ${name}`),
      ...deviceResidue(tested.root, tested.statePath),
      ...deviceResidue(other.root, other.statePath),
    ];
  }

  folder(where: Where): string {
    return this.#parties[where].root;
  }

  get #control() {
    return this.#parties.tested.control;
  }

  readonly verbs: Verbs = {
    wait: async (params) => answered(await this.#control.wait(params, CALL)),
    pause: async (params) => answered(await this.#control.pause(params, CALL)),
    resume: async (params) => answered(await this.#control.resume(params, CALL)),
    restore: async (params) => answered(await this.#control.restore(params, CALL)),
    'trash.list': async (params) => answered(await this.#control['trash.list'](params, CALL)),
    'trash.restore': async (params) => answered(await this.#control['trash.restore'](params, CALL)),
  };

  async status(): Promise<Status> {
    return this.#parties.tested.status();
  }
}

const CALL = { signal: new AbortController().signal };

function answered<T>(answer: Answer<T>): T | null {
  return answer.kind === 'ok' ? answer.value : null;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
