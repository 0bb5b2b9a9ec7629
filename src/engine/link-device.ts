/** Linking this computer: checks first, then the password, then the plan of the first sync, a merge that deletes nothing. */
import type { LinkOptions, LinkResult, MergePlan } from '../ipc/link.ts';
import { toHex } from '../protocol/ids.ts';
import type { LinkAnswer } from '../protocol/routes.ts';
import { PROTOCOL_VERSION, ROUTES } from '../protocol/routes.ts';
import type { Account } from './account.ts';
import { nodeClock, nodeRandom } from './local/node-clock.ts';
import { openNodeEnvironment } from './local/node-environment.ts';
import { checkRootFolder, makeRootFolder } from './local/node-root-folder.ts';
import { planMerge } from './merge-plan.ts';
import { createServer } from './remote/create-server.ts';
import { linkDevice as linkToServer } from './remote/link.ts';
import { createNodeTransport } from './remote/node-transport.ts';
import { markerOf, writeMarker } from './root-marker.ts';
import { createStateFolder, isLinked } from './state/node-state-folder.ts';

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
  if (!checked.exists && !options.dryRun) makeRootFolder(folder);
  const account = accountOf(options, folder, instance, linked.serverUrl, linked.answer);
  return finish(options, account, linked.answer, checked.exists);
}

function check(
  options: LinkOptions,
): { readonly kind: 'usable'; readonly folder: string; readonly exists: boolean } | Refusal {
  if (isLinked(options.state))
    return { kind: 'refused', code: 'root-foreign', facts: { file: options.state } };
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

async function finish(
  options: LinkOptions,
  account: Account,
  answer: LinkAnswer,
  exists: boolean,
): Promise<LinkResult> {
  const env = await openNodeEnvironment(
    options.dryRun && !exists ? '/nonexistent' : account.folder,
    account.serverUrl,
  );
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
    const plan = await planMerge(env, server, exists);
    if ('code' in plan)
      return {
        kind: 'refused',
        code: plan.code,
        facts: { ...plan.facts, server: account.serverUrl, file: account.folder },
      };
    if (options.dryRun) {
      await revoke(env.transport, answer);
      return result('would-link', options, account, plan);
    }
    const prepared = await env.disk.prepare();
    if (prepared.kind === 'failed')
      return { kind: 'refused', code: 'root-unwritable', facts: { file: account.folder } };
    createStateFolder(options.state, account, answer.token);
    if (!(await writeMarker(env.disk, markerOf(account, 0, prepared.root))))
      return { kind: 'refused', code: 'root-unwritable', facts: { file: account.folder } };
    return result('linked', options, account, plan);
  } finally {
    await env.close();
  }
}

/** A dry run leaves no device behind that could be used. */
async function revoke(
  transport: {
    exchange(request: Parameters<ReturnType<typeof createNodeTransport>['exchange']>[0]): Promise<unknown>;
  },
  answer: LinkAnswer,
): Promise<void> {
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
