/** `tidemark start`: brings up the server and this computer's device, shows how things stand, ends both together. */
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { EXIT } from '../../ipc/exit.ts';
import { type ControlClient, connectControl } from '../../ipc/node-control-client.ts';
import { hasDevice } from '../ask-engine.ts';
import { defaultHome } from '../defaults.ts';
import { adopt, type Managed, pauseFor, programName, runOwn, START_MS, spawnOwn } from '../own-process.ts';
import { wholeNumber } from '../usage-error.ts';
import type { VerbInput, VerbRun } from '../verbs.ts';
import {
  claimHome,
  firstUser,
  type HomeFolder,
  homeFolder,
  prepareHome,
  releaseHome,
} from './home-folder.ts';
import { bringUpHomeServer, ensureFirstUser, leftServer, type RunningServer } from './home-server.ts';
import { LiveLine } from './live-line.ts';

/** How often the line is renewed when nothing happens: it says how long ago the last look was. */
const RENEW_MS = 1000;

type Step<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'told'; readonly exit: number };

function tell(input: VerbInput, sentence: string): { readonly kind: 'told'; readonly exit: number } {
  input.out.complain('no', sentence);
  return { kind: 'told', exit: EXIT.no };
}

async function bringUpServer(input: VerbInput, home: HomeFolder): Promise<Step<RunningServer>> {
  const typed = input.options['port'];
  const port = typed === undefined ? null : wholeNumber(typed, 'port', 0, 65_535);
  const started = await bringUpHomeServer(home, { port });
  if (started.kind === 'ended') return tell(input, `The server did not start:\n${started.why}`);
  return { kind: 'ok', value: started };
}

async function linkOnce(
  input: VerbInput,
  home: HomeFolder,
  url: string,
  folder: string,
): Promise<Step<null>> {
  if (hasDevice(home.state)) return { kind: 'ok', value: null };
  const added = await ensureFirstUser(home);
  const who = ['--password-file', home.passwordFile];
  const device = hostname() || 'this computer';
  const where = ['--device', device, '--state', home.state, '--folder', folder];
  const linked = await runOwn(['link', '--server', url, '--user', firstUser(), ...who, ...where]);
  if (linked.code === 0) return { kind: 'ok', value: null };
  return tell(
    input,
    [added.code === 0 ? '' : added.stderr.trim(), linked.stderr.trim()].filter(Boolean).join('\n'),
  );
}

interface RunningEngine {
  readonly engine: Managed;
  readonly client: ControlClient;
}

async function bringUpEngine(input: VerbInput, home: HomeFolder): Promise<Step<RunningEngine>> {
  const left = await connectControl(home.state);
  if (left.kind === 'connected')
    return { kind: 'ok', value: { engine: adopt(left.client.pid), client: left.client } };
  const engine = spawnOwn(['run', '--state', home.state], home.engineLog);
  let over = false;
  void engine.ended.then(() => {
    over = true;
  });
  const until = performance.now() + START_MS;
  while (!over && performance.now() < until) {
    const connected = await connectControl(home.state);
    if (connected.kind === 'connected') return { kind: 'ok', value: { engine, client: connected.client } };
    await pauseFor(50);
  }
  await engine.stop();
  return tell(input, `The engine did not start; ${home.engineLog} says why.`);
}

function welcome(input: VerbInput, home: HomeFolder, url: string, folder: string): void {
  const program = programName(input.io.cwd);
  const second = join(home.root, 'second-device');
  input.out.say(
    `Your folder is ${folder}: whatever is in it is kept in step.`,
    `The server runs at ${url} and keeps its data in ${home.serverData}.`,
    '',
    'A second device, in another terminal:',
    `  ${program} link --server ${url} --user ${firstUser()} --password-file ${home.passwordFile} --device second --state ${second} --folder ${folder}-second`,
    `  ${program} run --state ${second}`,
    'For other computers the server needs a certificate: see "server" in the README.',
    '',
    'Ctrl-C stops the server and this device.',
  );
}

/** Shows the status until somebody wants to stop, or one of the two processes ends. */
async function watch(input: VerbInput, client: ControlClient, ends: Promise<string>): Promise<string> {
  const line = new LiveLine(input.out, () => process.stdout.columns ?? 80);
  let over = false;
  const why = ends.then((reason) => {
    over = true;
    return reason;
  });
  await client.subscribe(
    (event) => {
      if (event.kind === 'status' && !over) line.show(event.status, event.at);
    },
    ['status'],
  );
  while (!over) {
    const answer = await Promise.race([client.call('status', {}), why]);
    if (typeof answer !== 'string' && answer.kind === 'ok' && !over) line.show(answer.value, Date.now());
    await Promise.race([pauseFor(RENEW_MS), why]);
  }
  line.end();
  return why;
}

function untilSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('asked'));
  });
}

async function live(
  input: VerbInput,
  server: Managed,
  running: RunningEngine,
  asked: Promise<string>,
): Promise<number> {
  const { engine, client } = running;
  const ends = Promise.race([
    asked,
    server.ended.then(() => 'The server ended by itself.'),
    engine.ended.then(() => 'The engine ended by itself.'),
  ]);
  const why = await watch(input, client, ends);
  client.close();
  if (why === 'asked') input.out.say('Stopping …');
  else input.out.complain('no', why);
  // The engine first: it may want to tell the server something yet.
  await engine.stop();
  await server.stop();
  if (why !== 'asked') return EXIT.no;
  input.out.say('Stopped. Your files stay where they are.');
  return EXIT.ok;
}

async function alreadyRunning(input: VerbInput, home: HomeFolder, owner: number): Promise<number> {
  const connected = await connectControl(home.state);
  let sentence = 'It is just starting.';
  if (connected.kind === 'connected') {
    const status = await connected.client.call('status', {});
    connected.client.close();
    if (status.kind === 'ok') sentence = status.value.sentence;
  }
  input.out.result({ running: true, pid: owner, home: home.root });
  input.out.say(`Tidemark runs already (process ${owner}). ${sentence}`);
  return EXIT.ok;
}

export const start: VerbRun = async (input) => {
  const { io, options } = input;
  const home = homeFolder(resolve(io.cwd, options['home'] ?? defaultHome(io)));
  const folder = resolve(io.cwd, options['folder'] ?? join(io.env['HOME'] || homedir(), 'Tidemark'));
  await prepareHome(home);
  const owner = await claimHome(home, () => isUp(home));
  if (owner !== null) return alreadyRunning(input, home, owner);
  try {
    return await startAll(input, home, folder);
  } finally {
    await releaseHome(home);
  }
};

async function isUp(home: HomeFolder): Promise<boolean> {
  if ((await leftServer(home)) !== null) return true;
  const connected = await connectControl(home.state);
  if (connected.kind === 'connected') connected.client.close();
  return connected.kind === 'connected';
}

async function startAll(input: VerbInput, home: HomeFolder, folder: string): Promise<number> {
  const { out } = input;
  const asked = untilSignal();
  const server = await bringUpServer(input, home);
  if (server.kind === 'told') return server.exit;
  const { url } = server.value;
  const linked = await linkOnce(input, home, url, folder);
  const engine = linked.kind === 'ok' ? await bringUpEngine(input, home) : linked;
  if (engine.kind === 'told') {
    await server.value.server.stop();
    return engine.exit;
  }
  const status = await engine.value.client.call('status', {});
  const actual = status.kind === 'ok' ? status.value.folder : folder;
  const pids = { server: server.value.server.pid, engine: engine.value.engine.pid };
  out.result({ running: true, url, folder: actual, home: home.root, state: home.state, pids });
  welcome(input, home, url, actual);
  return live(input, server.value.server, engine.value, asked);
}
