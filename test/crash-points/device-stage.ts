/** The device is under test: a real engine process; server and other device run in this process. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Method, Params, Result } from '../../src/ipc/contract.ts';
import type { Status } from '../../src/ipc/status.ts';
import { pause, TestDevice } from '../support/devices.ts';
import { type TestDevice as NearDevice, startDevice } from '../support/engines.ts';
import { command } from '../support/processes.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { buildShim, PointControl } from './point-shim.ts';
import { deviceResidue, stateFolderResidue } from './residue.ts';
import { PATIENCE_MS, Stage, type Verbs, type Where } from './stage.ts';

export class DeviceStage extends Stage {
  readonly other: NearDevice;
  readonly device: TestDevice;
  readonly #server: TestServer;

  private constructor(base: string, server: TestServer, other: NearDevice, shim: string) {
    super(base, new PointControl(shim, join(base, 'points'), join(base, 'tested')));
    this.#server = server;
    this.other = other;
    this.device = new TestDevice(join(base, 'tested'), 'tested');
  }

  static async open(): Promise<DeviceStage> {
    const shim = buildShim();
    assert.ok('file' in shim, 'why' in shim ? shim.why : '');
    const base = await mkdtemp(join(tmpdir(), 'tidemark-points-'));
    const server = await startTestServer();
    const other = await startDevice(server, 'other', base);
    const stage = new DeviceStage(base, server, other, shim.file);
    await stage.#link();
    assert.ok(await stage.start(), stage.log());
    return stage;
  }

  async #link(): Promise<void> {
    mkdirSync(this.device.folder, { recursive: true });
    const password = join(this.base, 'password');
    writeFileSync(password, `${this.#server.password}\n`);
    const who = ['--server', this.#server.url, '--user', this.#server.user, '--password-file', password];
    const where = ['--device', 'tested', '--state', this.device.state, '--folder', this.device.folder];
    const linked = await command(['link', ...who, ...where, '--brake-files', 'off']);
    assert.equal(linked.code, 0, linked.stderr);
  }

  protected async closeParties(keep: boolean): Promise<void> {
    await this.other.stop();
    await (keep ? this.#server.stop() : this.#server.close());
  }

  async start(): Promise<boolean> {
    const process = this.device.begin(false, this.points.env);
    this.process = process;
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (!process.alive) return false;
      const status = await this.device.status().catch(() => null);
      if (status?.pid === process.pid) return true;
      await pause(15);
    }
    throw new Error(`the engine does not answer\n${this.log()}`);
  }

  get database(): string {
    return join(this.device.state, 'state.db');
  }

  residue(): readonly string[] {
    return [...deviceResidue(this.device.folder, this.database), ...stateFolderResidue(this.device.state)];
  }

  folder(where: Where): string {
    return where === 'tested' ? this.device.folder : this.other.root;
  }

  readonly verbs: Verbs = {
    wait: (params) => this.#ask('wait', params),
    pause: (params) => this.#ask('pause', params),
    resume: (params) => this.#ask('resume', params),
    restore: (params) => this.#ask('restore', params),
    'trash.list': (params) => this.#ask('trash.list', params),
    'trash.restore': (params) => this.#ask('trash.restore', params),
  };

  #ask<M extends Method>(method: M, params: Params<M>): Promise<Result<M> | null> {
    return this.device.ask(method, params, PATIENCE_MS).catch(() => null);
  }

  status(): Promise<Status> {
    return this.device.status();
  }
}
