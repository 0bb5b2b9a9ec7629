/** Linking this computer: checks first, then the password, then the plan of the first sync, a merge that deletes nothing. */
import type { LinkOptions, LinkResult, MergePlan } from '../ipc/link.ts';
import { toHex } from '../protocol/ids.ts';
import type { LinkAnswer } from '../protocol/routes.ts';
import { PROTOCOL_VERSION, ROUTES } from '../protocol/routes.ts';
import type { Account } from './account.ts';
import { nodeClock, nodeRandom } from './local/node-clock.ts';
import { openNodeDisk } from './local/node-disk.ts';
import { openNodeEnvironment } from './local/node-environment.ts';
import { checkRootFolder, leaveNothing, makeRootFolder } from './local/node-root-folder.ts';
import { planMerge } from './merge-plan.ts';
import { createServer } from './remote/create-server.ts';
import { linkDevice as linkToServer } from './remote/link.ts';
import { createNodeTransport } from './remote/node-transport.ts';
import { markerOf, writeMarker } from './root-marker.ts';
import { createStateFolder, isLinked, mayHoldState, removeStateFolder } from './state/node-state-folder.ts';

type Refusal = Extract<LinkResult, { kind: 'refused' }>;
const DEFAULT_BRAKE = 200;

export async function linkDevice(options: LinkOptions): Promise<LinkResult> {
  const checked = check(options);
  if (checked.kind === 'refused') return checked;
  const folder = checked.folder;
  const instance = toHex(nodeRandom.bytes(16));
  const linked = await linkToServer(
    { clock: nodeClock, connect: (serverUrl) => createNodeTransport({ serverUrl, env: process.env }) },
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
    return { kind: 'refused', code: 'bad-request', facts: { detail: linked.sentence } };
  if (linked.kind === 'trouble')
    return { kind: 'refused', code: linked.code, facts: { server: options.server, detail: linked.detail } };
  const account = accountOf(options, folder, instance, linked.serverUrl, linked.answer);
  const result = await finish(options, account, linked.answer, checked.exists);
  if (result.kind !== 'linked') await revoke(linked.serverUrl, linked.answer);
  return result;
}

function check(
  options: LinkOptions,
): { readonly kind: 'usable'; readonly folder: string; readonly exists: boolean } | Refusal {
  if (isLinked(options.state))
    return { kind: 'refused', code: 'root-foreign', facts: { file: options.state } };
  if (!mayHoldState(options.state)) return unwritable(options.state);
  const root = checkRootFolder(options.folder, options.state);
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
      facts: { server: account.serverUrl, file: account.folder, ...plan.facts },
    };
  if (options.dryRun) return result('would-link', options, account, plan);
  if (!exists && !makeRootFolder(account.folder)) return unwritable(account.folder);
  const failed = await settleDown(options, account, answer);
  if (failed === null) return result('linked', options, account, plan);
  leaveNothing(account.folder, !exists);
  return failed;
}

async function planFor(account: Account, answer: LinkAnswer, exists: boolean): ReturnType<typeof planMerge> {
  const env = await openNodeEnvironment(exists ? account.folder : '/nonexistent', account.serverUrl);
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
    return await planMerge(env, server, exists);
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
    if (!createStateFolder(options.state, account, answer.token)) return unwritable(options.state);
    const marked = await writeMarker(disk, markerOf(account, 0, prepared.root));
    if (marked.kind === 'done') return null;
    removeStateFolder(options.state);
    return unwritable(account.folder);
  } finally {
    await disk.close();
  }
}

function unwritable(file: string): Refusal {
  return { kind: 'refused', code: 'root-unwritable', facts: { file } };
}

/** A device that is not used after all is not left behind. */
async function revoke(serverUrl: string, answer: LinkAnswer): Promise<void> {
  const transport = createNodeTransport({ serverUrl, env: process.env });
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
  };
}
