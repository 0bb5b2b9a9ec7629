/** Verbs for when something is odd: explain, repair, doctor. */
import { stat } from 'node:fs/promises';
import type { DoctorCheck, ExplainedNode, ExplainResult, RepairParams } from '../ipc/diagnosis.ts';
import { EXIT } from '../ipc/exit.ts';
import { connectControl } from '../ipc/node-control-client.ts';
import { productVersion } from '../ipc/node-version.ts';
import {
  type Asked,
  answered,
  ask,
  askAbout,
  hasDevice,
  stateFolder,
  syncPath,
  syncPathBelow,
  withEngine,
} from './ask-engine.ts';
import { bytes, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import { versionCells } from './verb-history.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

function nodeCells(name: string, node: ExplainedNode | null): string[] {
  if (node === null) return [name, 'nothing'];
  const facts = [
    node.state === 'known' ? '' : node.state,
    node.number === null ? '' : `V${node.number}`,
    node.size === null ? '' : bytes(node.size),
    node.executable ? 'program' : '',
    node.target === null ? '' : `to ${node.target}`,
    node.manifest === null ? '' : `content ${node.manifest.slice(0, 12)}`,
    node.node === null ? '' : `node ${node.node}`,
  ];
  return [name, node.kind, node.path, facts.filter((fact) => fact !== '').join(', ')];
}

function explainLines(result: ExplainResult): string[] {
  const known =
    result.serverHead === null ? 'the server was not heard yet' : `the server is at ${result.serverHead}`;
  const trees = [
    nodeCells('on this disk', result.local),
    nodeCells('on the server', result.remote),
    nodeCells('last agreed', result.synced),
  ];
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);
  return [
    result.sentence,
    ...table(trees, '  '),
    '',
    `Rule: ${result.rule.sentence} (${result.rule.name})`,
    `Seen up to change ${result.cursor}; ${known}.`,
    ...(result.problem === null ? [] : [`Trouble: ${result.problem.sentence}`]),
    ...(result.excludedBy === null ? [] : [`Left out by ${result.excludedBy}`]),
    ...part(
      'Under way',
      result.pending.map((step) => `  ${step}`),
    ),
    ...part('Versions', table(result.lineage.map(versionCells), '  ')),
    ...part(
      'What happened',
      table(
        result.events.map(({ at, sentence }) => [when(at), sentence]),
        '  ',
      ),
    ),
  ];
}

export const explain: VerbRun = (input) =>
  askAbout(
    input,
    'explain',
    (path) => ({ path }),
    (result) => input.out.say(...explainLines(result)),
  );

function chosenRepair(input: VerbInput): 'replay' | 'surface' | 'file' {
  const chosen = (['surface', 'file'] as const).filter((name) => input.options[name] !== undefined);
  const all = [...chosen, ...(input.switches.has('replay') ? (['replay'] as const) : [])];
  const one = all[0];
  if (all.length === 1 && one !== undefined) return one;
  throw new UsageError('"tidemark repair" takes one of --replay, --surface PATH and --file PATH.');
}

export const repair: VerbRun = (input) => {
  const kind = chosenRepair(input);
  return withEngine(input, async (client) => {
    const typed = input.options[kind] ?? '';
    const resolve = kind === 'file' ? syncPathBelow : syncPath;
    const path: Asked<string> =
      kind === 'replay' ? { kind: 'ok', value: '' } : await resolve(input, client, typed);
    if (path.kind === 'told') return path.exit;
    const params: RepairParams =
      kind === 'replay'
        ? { replay: true }
        : kind === 'surface'
          ? { surface: path.value }
          : { file: path.value };
    return answered(input, await ask(input.out, client, 'repair', params, 3_600_000), ({ sentence }) =>
      input.out.say(sentence),
    );
  });
};

async function stateCheck(state: string): Promise<DoctorCheck> {
  const name = 'State folder';
  const found = await stat(state).catch(() => null);
  if (found === null || !found.isDirectory())
    return { name, result: 'failed', sentence: `There is no folder ${state}. Run "tidemark link" first.` };
  if (!hasDevice(state))
    return {
      name,
      result: 'failed',
      sentence: `No device is linked in ${state}. Run "tidemark link" first.`,
    };
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
    return {
      name,
      result: 'warning',
      sentence: `Others can look into ${state}. Close it with: chmod 700 ${state}`,
    };
  return { name, result: 'ok', sentence: `${state} holds a linked device and is yours alone.` };
}

function programCheck(): DoctorCheck {
  const sentence = `Tidemark ${productVersion()} with Node ${process.versions.node}.`;
  return { name: 'Program', result: 'ok', sentence };
}

/** What the engine finds, or that it is not there to look. */
async function engineChecks(state: string): Promise<readonly DoctorCheck[]> {
  const name = 'Engine';
  const connected = await connectControl(state);
  if (connected.kind !== 'connected') {
    const why =
      connected.kind === 'failed'
        ? `Its socket cannot be opened: ${connected.detail}.`
        : 'It is not running.';
    const sentence = `${why} Start it with: tidemark run --state ${state}`;
    return [{ name, result: 'warning', sentence }];
  }
  const { client } = connected;
  try {
    const outcome = await client.call('doctor', {});
    if (outcome.kind === 'ok')
      return [
        { name, result: 'ok', sentence: `It is running (process ${client.pid}).` },
        ...outcome.value.checks,
      ];
    return [
      { name, result: 'failed', sentence: `It is running (process ${client.pid}) but does not answer well.` },
    ];
  } finally {
    client.close();
  }
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
const MARKS = { ok: 'ok', warning: 'look', failed: 'BAD' } as const;

export const doctor: VerbRun = async (input) => {
  const state = stateFolder(input);
  const checks = [programCheck(), await stateCheck(state), ...(await engineChecks(state))];
  const failed = checks.some(({ result }) => result === 'failed');
  input.out.result({ ok: !failed, checks });
  input.out.say(
    ...table(checks.map(({ name, result, sentence }) => [MARKS[result], capital(name), sentence])),
  );
  return failed ? EXIT.no : EXIT.ok;
};
