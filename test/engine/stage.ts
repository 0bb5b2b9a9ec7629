/** A server for one test file, a user of its own per test, real devices on real folders, and what they hold afterwards. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, type TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { deriveWithScrypt } from '../../server-stub/accounts/passwords.ts';
import { addUserTo } from '../../server-stub/accounts/users.ts';
import { FaultScript } from '../../server-stub/faults.ts';
import { realClock, realRandom } from '../../server-stub/real-effects.ts';
import type { Db } from '../../src/engine/state/database.ts';
import type { Answer, Result } from '../../src/ipc/contract.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { type DeviceOptions, inStep, startDevice, type TestDevice } from '../support/engines.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

export { inStep, type TestDevice };

let server: Promise<TestServer> | null = null;
let users = 0;
/** Switches of the shared server: a test takes back what it set. */
export const faults = new FaultScript();

/** What killed engines leave behind goes when they have ended. */
const dying: Promise<void>[] = [];

after(async () => {
  await Promise.all(dying);
  const running = await server;
  await running?.close();
});

/** Devices of one fresh user; all of it is gone when the test ends. */
export class Stage {
  readonly server: TestServer;
  readonly base: string;
  private devices: TestDevice[] = [];
  private readonly leaving: Promise<void>[] = [];

  private constructor(shared: TestServer, base: string) {
    this.server = shared;
    this.base = base;
  }

  static async open(t: TestContext): Promise<Stage> {
    server ??= startTestServer({ faults });
    const shared = await server;
    users += 1;
    const user = { name: `user${users}`, password: 'a password for tests' };
    await addCheapUser(shared, user.name, user.password);
    const base = await mkdtemp(join(tmpdir(), 'tidemark-stage-'));
    const stage = new Stage({ ...shared, user: user.name, password: user.password }, base);
    t.after(() => stage.close());
    return stage;
  }

  async device(name: string, options: DeviceOptions = {}): Promise<TestDevice> {
    const device = await startDevice(this.server, name, this.base, options);
    this.devices.push(device);
    return device;
  }

  /** Stops the engine, if it runs, and starts another on the same folder and state. */
  async restart(device: TestDevice, change: DeviceOptions = {}): Promise<TestDevice> {
    const next = await device.restart(change);
    this.devices = [...this.devices.filter((each) => each !== device), next];
    return next;
  }

  /** As if killed in the middle of what it does: the disk calls that hang never return. */
  crash(device: TestDevice): void {
    this.devices = this.devices.filter((each) => each !== device);
    this.leaving.push(device.crash());
  }

  async stop(device: TestDevice): Promise<void> {
    this.devices = this.devices.filter((each) => each !== device);
    await device.stop();
  }

  private async close(): Promise<void> {
    for (const device of this.devices) await device.stop();
    const rest = Promise.all(this.leaving).then(() => rm(this.base, { recursive: true, force: true }));
    if (this.leaving.length === 0) await rest;
    else dying.push(rest);
  }
}

/** A password check of a tenth of a second is too dear for this many users: the cost is kept beside the hash. */
async function addCheapUser(shared: TestServer, name: string, password: string): Promise<void> {
  const { metadata } = shared.server.core;
  const effects = { clock: realClock, random: realRandom, derive: deriveWithScrypt, scryptCost: 16 };
  const added = await addUserTo({ store: metadata.store, ...effects }, name, password);
  assert.equal(added.kind, 'added');
  if (added.kind === 'added') await metadata.ensureNamespace(added.tenant, added.user);
}

/** One device with `start` in its folder, synced; more devices that have it too. */
export async function synced(
  t: TestContext,
  names: readonly string[],
  start: Readonly<Record<string, string>>,
  options: DeviceOptions = {},
): Promise<Synced> {
  const stage = await Stage.open(t);
  const devices: TestDevice[] = [];
  for (const name of names) devices.push(await stage.device(name, options));
  const first = devices[0];
  assert.ok(first);
  for (const [path, text] of Object.entries(start)) put(first, path, text);
  await inStep(...devices);
  for (const each of devices) assert.deepEqual(tree(each), tree(first));
  return { stage, devices, a: first, b: devices[1] ?? first };
}

export interface Synced {
  readonly stage: Stage;
  readonly devices: readonly TestDevice[];
  readonly a: TestDevice;
  /** The second one, where there are two. */
  readonly b: TestDevice;
}

// --- folders -----------------------------------------------------------------------------------------------------

type Where = { readonly root: string } | string;

export function at(where: Where, path: string): string {
  return join(typeof where === 'string' ? where : where.root, path);
}

export function put(where: Where, path: string, content: string | Uint8Array, mode?: number): void {
  mkdirSync(dirname(at(where, path)), { recursive: true });
  writeFileSync(at(where, path), content);
  if (mode !== undefined) chmodSync(at(where, path), mode);
}

/** What lies in the trash of a device. */
export function trashTexts(where: { readonly root: string }): readonly string[] {
  const folder = at(where, '.tidemark/trash');
  return readdirSync(folder).map((name) => text(folder, name));
}

export function text(where: Where, path: string): string {
  return readFileSync(at(where, path), 'utf8');
}

export function has(where: Where, path: string): boolean {
  return existsSync(at(where, path));
}

/** Everything in a folder but the reserved one: texts, links, program bits, empty folders. */
export function tree(where: Where): Record<string, string> {
  return scan(typeof where === 'string' ? where : where.root, '', (name) => name !== '.tidemark', describe);
}

/** Every byte, mode and time of a folder, the reserved one included. */
export function everything(folder: string): Record<string, string> {
  return scan(
    folder,
    '',
    () => true,
    (path) => {
      const stat = lstatSync(path, { bigint: true });
      return `${describe(path)} mode ${stat.mode.toString(8)} mtime ${stat.mtimeNs} inode ${stat.ino}`;
    },
  );
}

function scan(
  root: string,
  below: string,
  wanted: (name: string) => boolean,
  say: (path: string) => string,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    if (below === '' && !wanted(entry.name)) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    found[entry.isDirectory() ? `${path}/` : path] = say(join(root, path));
    if (entry.isDirectory()) Object.assign(found, scan(root, path, wanted, say));
  }
  return found;
}

function describe(path: string): string {
  const stat = lstatSync(path);
  if (stat.isDirectory()) return 'folder';
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (!stat.isFile()) return 'something else';
  const content = readFileSync(path);
  return `${stat.mode & 0o100 ? 'program ' : ''}${content.toString('latin1')}`;
}

// --- the server's truth ------------------------------------------------------------------------------------------

/** What the server holds for the user of this device: every live path with what its head is. */
export async function serverTree(device: TestDevice): Promise<Record<string, string>> {
  const live = (await snapshot(device)).filter((event) => event.entry.live);
  const byNode = new Map<NodeId, JournalEvent>(live.map((event) => [event.node, event]));
  const found: Record<string, string> = {};
  for (const event of live) {
    if (event.node === ROOT_NODE) continue;
    const path = pathOf(event, byNode);
    found[event.kind === 'folder' ? `${path}/` : path] = await contentOf(device, event);
  }
  return found;
}

export async function snapshot(device: TestDevice): Promise<readonly JournalEvent[]> {
  const latest = new Map<NodeId, JournalEvent>();
  let continuation: string | null = null;
  do {
    const page = await device.engine.server.snapshot(continuation);
    assert.ok(page.kind === 'ok', JSON.stringify(page));
    for (const event of page.value.events) latest.set(event.node, event);
    continuation = page.value.continuation;
  } while (continuation !== null);
  return [...latest.values()];
}

function pathOf(event: JournalEvent, byNode: ReadonlyMap<NodeId, JournalEvent>): string {
  const { parent, name } = event.entry;
  if (parent === null || parent === ROOT_NODE) return name;
  const folder = byNode.get(parent);
  assert.ok(folder, `${name} lives in a folder that does not`);
  return `${pathOf(folder, byNode)}/${name}`;
}

async function contentOf(device: TestDevice, event: JournalEvent): Promise<string> {
  const content = event.head?.content;
  if (!content) return 'folder';
  if (content.kind === 'symlink') return `link to ${content.target}`;
  const manifest = await device.engine.server.manifest(content.manifest);
  assert.ok(manifest.kind === 'ok');
  const parts: Uint8Array[] = [];
  for (const chunk of manifest.value.chunks) {
    const got = await device.engine.server.chunks([chunk.id]);
    assert.ok(got.kind === 'ok');
    parts.push(got.value.get(chunk.id) ?? new Uint8Array(0));
  }
  return `${content.executable ? 'program ' : ''}${Buffer.concat(parts).toString('latin1')}`;
}

/** Texts of all versions of the node that stands (or last stood) at a path, newest first. */
export async function versions(device: TestDevice, path: string): Promise<readonly string[]> {
  const found = value(await device.control.history({ path }, call));
  const texts: string[] = [];
  for (const row of found.nodes[0]?.versions ?? []) {
    const read = value(await device.control.cat({ path, version: row.version }, call));
    texts.push(Buffer.from(read.bytes, 'base64').toString('latin1'));
  }
  return texts;
}

/** All devices and the server hold exactly this (folders that hold something need not be named). */
export async function allHold(
  devices: readonly TestDevice[],
  expected: Readonly<Record<string, string>>,
): Promise<void> {
  await inStep(...devices);
  const wanted = withFolders(expected);
  for (const each of devices) assert.deepEqual(tree(each), wanted, `the folder of ${each.name}`);
  const first = devices[0];
  assert.ok(first);
  assert.deepEqual(await serverTree(first), wanted, 'the server');
}

export function withFolders(expected: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = { ...expected };
  for (const path of Object.keys(expected))
    for (let cut = path.indexOf('/'); cut > 0 && cut < path.length - 1; cut = path.indexOf('/', cut + 1))
      found[path.slice(0, cut + 1)] = 'folder';
  return found;
}

// --- verbs -------------------------------------------------------------------------------------------------------

export const call = { signal: new AbortController().signal };

export function value<T>(answer: Answer<T>): T {
  assert.ok(answer.kind === 'ok', JSON.stringify(answer));
  return answer.value;
}

export function refusal<T>(answer: Answer<T>): string {
  assert.ok(answer.kind === 'refused', JSON.stringify(answer));
  return answer.code;
}

export async function conflictsOf(device: TestDevice): Promise<Result<'conflicts.list'>['conflicts']> {
  return value(await device.control['conflicts.list']({}, call)).conflicts;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks every 10 ms until it is so; fails with what was waited for. */
export async function until(
  what: string,
  look: () => boolean | Promise<boolean>,
  ms = 15_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await pause(10);
  }
}

/** Nothing is announced: the test says where to look. */
export const withoutHints = <E extends { readonly watch: object }>(env: E): E => ({
  ...env,
  watch: { ...env.watch, start: () => Promise.resolve() },
});

/** Offline, as far as this device is concerned: nothing of what it does reaches anybody. */
export function apart(device: TestDevice): void {
  device.engine.pause();
}

export function together(device: TestDevice): void {
  device.engine.resume();
}

/** What a power cut leaves: no clean stop was noted, and the machine starts anew. */
export async function cutPower(
  stage: Stage,
  device: TestDevice,
  meanwhile: (db: Db) => void = () => undefined,
): Promise<void> {
  await stage.stop(device);
  const db = new Database(device.statePath);
  db.prepare("UPDATE meta SET value = 'no' WHERE key = 'clean-stop'").run();
  meanwhile(db);
  db.close();
}

/** Starts it on a machine that booted under this id. */
export const afterBoot = (id: string) => ({
  environment: <E extends object>(env: E): E => ({ ...env, bootId: () => id }),
});
