/** Linking this computer: checks first, then the password, then the plan of the first sync, a merge that deletes nothing. */
import { join } from 'node:path';
import type { LinkOptions, LinkResult, MergePlan } from '../ipc/link.ts';
import { readControlFile } from '../ipc/node-control-file.ts';
import { toHex } from '../protocol/ids.ts';
import type { LinkAnswer } from '../protocol/routes.ts';
import { PROTOCOL_VERSION, ROUTES } from '../protocol/routes.ts';
import type { Account } from './account.ts';
import { nodeClock, nodeRandom } from './local/node-clock.ts';
import { openNodeDisk } from './local/node-disk.ts';
import { openNodeEnvironment } from './local/node-environment.ts';
import { checkRootFolder, leaveNothing, makeRootFolder, type RootCheck } from './local/node-root-folder.ts';
import { type PlanRefused, planMerge } from './merge-plan.ts';
import { createServer } from './remote/create-server.ts';
import { linkDevice as linkToServer } from './remote/link.ts';
import { createNodeTransport } from './remote/node-transport.ts';
import { markerOf, writeMarker } from './root-marker.ts';
import { isLinked, lock, mayHoldState, putAccount, readAccount } from './state/node-state-folder.ts';

type Refusal = Extract<LinkResult, { kind: 'refused' }>;
type Usable = Extract<RootCheck, { kind: 'usable' }>;
const DEFAULT_BRAKE = 200;

export async function linkDevice(options: LinkOptions): Promise<LinkResult> {
  const before = isLinked(options.state) ? readAccount(options.state) : null;
  if (before === 'unusable')
    return {
      kind: 'refused',
      code: 'state-unusable',
      facts: { file: options.state, detail: 'account.json' },
    };
  const checked = check(options, before);
  if (checked.kind === 'refused') return checked;
  const release = before === null ? () => undefined : lock(options.state);
  if (!release) return { kind: 'refused', code: 'state-in-use', facts: await userOf(options.state) };
  try {
    // Who links again trusts whom they trusted before.
    return await linkTo({ ...options, ca: options.ca ?? before?.ca ?? null }, checked);
  } finally {
    release();
  }
}

/** The engine that has the state: it has to end first. */
async function userOf(state: string): Promise<Readonly<Record<string, string>>> {
  return { file: state, other: String((await readControlFile(state))?.pid ?? 'unknown') };
}

async function linkTo(options: LinkOptions, { folder, exists }: Usable): Promise<LinkResult> {
  const instance = toHex(nodeRandom.bytes(16));
  const linked = await linkToServer(
    {
      clock: nodeClock,
      connect: (serverUrl) => createNodeTransport({ serverUrl, env: process.env, ca: options.ca }),
    },
    options.server,
    {
      user: options.user,
      password: options.password,
      device: options.device,
      os: process.platform,
      instance,
    },
  );
  if (linked.kind === 'refused')
    return { kind: 'refused', code: 'bad-address', facts: { detail: linked.sentence } };
  if (linked.kind === 'trouble') {
    const isNone = linked.code === 'unreachable' || linked.code === 'bad-answer';
    const code = isNone ? 'no-server' : linked.code;
    return { kind: 'refused', code, facts: { server: options.server, detail: linked.detail } };
  }
  const account = accountOf(options, folder, instance, linked.serverUrl, linked.answer);
  const result = await finish(options, account, linked.answer, exists);
  if (result.kind !== 'linked') await revoke(linked.serverUrl, linked.answer, options.ca ?? null);
  return result;
}

/** A device that lost its place at the server, or its mark in the folder, is linked again where it was. */
function check(options: LinkOptions, before: Account | null): Usable | Refusal {
  if (!mayHoldState(options.state)) return unwritable(options.state);
  const root = checkRootFolder(options.folder, options.state, before?.deviceId ?? null);
  if (before && root.kind === 'usable' && root.folder !== before.folder)
    return { kind: 'refused', code: 'state-taken', facts: { file: options.state } };
  return root.kind === 'refused' ? { kind: 'refused', code: root.code, facts: root.facts } : root;
}

function accountOf(
  options: LinkOptions,
  folder: string,
  instance: string,
  serverUrl: string,
  answer: LinkAnswer,
): Account {
  const brakeFiles = options.brakeFiles === 'off' ? null : (options.brakeFiles ?? DEFAULT_BRAKE);
  return {
    serverUrl,
    serverId: answer.serverId,
    namespace: answer.namespace,
    deviceId: answer.deviceId,
    device: options.device,
    user: options.user,
    instance,
    folder,
    brakeFiles,
    ...(typeof options.ca === 'string' ? { ca: options.ca } : {}),
    ...(options.tokenOut ? { keychain: true } : {}),
  };
}

/** The plan first; then, unless it is a dry run, what makes this computer a device: marker and state. */
async function finish(
  options: LinkOptions,
  account: Account,
  answer: LinkAnswer,
  exists: boolean,
): Promise<LinkResult> {
  const plan = await planFor(account, answer, exists);
  if ('code' in plan)
    return {
      kind: 'refused',
      code: plan.code,
      facts: { server: account.serverUrl, file: account.folder, ...plan.facts, ...innerOf(account, plan) },
    };
  if (options.dryRun) return result('would-link', options, account, plan, null);
  if (!exists && !makeRootFolder(account.folder)) return unwritable(account.folder);
  const failed = await settleDown(options, account, answer);
  if (failed === null)
    return result('linked', options, account, plan, options.tokenOut ? answer.token : null);
  leaveNothing(account.folder, !exists);
  return failed;
}

/** A synced folder further down is named by its whole path. */
function innerOf(account: Account, { facts }: PlanRefused): Readonly<Record<string, string>> {
  return facts['other'] === undefined ? {} : { other: join(account.folder, facts['other']) };
}

async function planFor(account: Account, answer: LinkAnswer, exists: boolean): ReturnType<typeof planMerge> {
  const env = await openNodeEnvironment(exists ? account.folder : '/nonexistent', account);
  try {
    const server = createServer({
      transport: env.transport,
      clock: env.clock,
      random: env.random,
      disk: env.disk,
      hashing: env.hashing,
      log: env.log,
      account: {
        serverUrl: account.serverUrl,
        serverId: account.serverId,
        token: answer.token,
        instance: account.instance,
        generation: 1,
        device: account.device,
      },
    });
    return await planMerge(env, server, exists, account);
  } finally {
    await env.close();
  }
}

async function settleDown(
  options: LinkOptions,
  account: Account,
  answer: LinkAnswer,
): Promise<Refusal | null> {
  const disk = await openNodeDisk({ root: account.folder });
  try {
    const prepared = await disk.prepare();
    if (prepared.kind === 'failed') return unwritable(account.folder);
    const undo = putAccount(options.state, account, options.tokenOut ? null : answer.token);
    if (undo === null) return unwritable(options.state);
    const marked = await writeMarker(disk, markerOf(account, 0, prepared.root));
    if (marked.kind === 'done') return null;
    undo();
    return unwritable(account.folder);
  } finally {
    await disk.close();
  }
}

function unwritable(file: string): Refusal {
  return { kind: 'refused', code: 'root-unwritable', facts: { file } };
}

/** A device that is not used after all is not left behind. */
async function revoke(serverUrl: string, answer: LinkAnswer, ca: string | null): Promise<void> {
  const transport = createNodeTransport({ serverUrl, env: process.env, ca });
  await transport.exchange({
    method: ROUTES.revoke.method,
    path: ROUTES.revoke.path,
    headers: {
      authorization: `Bearer ${answer.token}`,
      'content-type': 'application/json',
      'x-tidemark-protocol': String(PROTOCOL_VERSION),
    },
    body: new TextEncoder().encode(JSON.stringify({ deviceId: answer.deviceId })),
    timeoutMs: 10_000,
    maxResponseBytes: 65_536,
  });
  await transport.close();
}

function result(
  kind: 'linked' | 'would-link',
  options: LinkOptions,
  account: Account,
  plan: MergePlan,
  token: string | null,
): LinkResult {
  const dry = kind === 'would-link';
  return {
    kind,
    device: account.device,
    deviceId: dry ? null : account.deviceId,
    user: account.user,
    server: account.serverUrl,
    serverId: account.serverId,
    namespace: dry ? null : account.namespace,
    state: options.state,
    folder: account.folder,
    plan,
    token,
  };
}
