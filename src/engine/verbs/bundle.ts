/**
 * What a report to the makers holds. Names of files, people, servers and devices are replaced by marks unless the user
 * wants them in; what lets anybody in is never part of it.
 */
import { type NameOf, Redactor } from '../../core/names/redact.ts';
import { type Answer, ok, type Result } from '../../ipc/contract.ts';
import type { DoctorCheck } from '../../ipc/diagnosis.ts';
import type { EngineSettings } from '../../ipc/settings.ts';
import type { Engine } from '../engine.ts';
import { diagnose } from './doctor.ts';
import { problemRow } from './problem-rows.ts';
import { type EngineFacts, statusOf } from './status.ts';

const LEDGER_ROWS = 500;
const PROBLEMS = 200;

/** What the members of our own objects name; of the others, texts are free texts and the rest is no name. */
const MEMBERS: Readonly<Record<string, NameOf | 'path' | 'plain' | 'dropped'>> = {
  path: 'path',
  from: 'path',
  file: 'path',
  other: 'path',
  folder: 'path',
  share: 'path',
  kept: 'path',
  by: 'person',
  stateFolder: 'path',
  device: 'device',
  deviceName: 'device',
  user: 'person',
  server: 'server',
  serverUrl: 'server',
  url: 'server',
  // Made of the code and the facts beside it.
  sentence: 'dropped',
  code: 'plain',
  state: 'plain',
  kind: 'plain',
  role: 'plain',
  ending: 'plain',
  verb: 'plain',
  activity: 'plain',
  direction: 'plain',
  rule: 'plain',
  check: 'plain',
  level: 'plain',
  message: 'plain',
  node: 'plain',
  epoch: 'plain',
  version: 'plain',
  result: 'plain',
  helper: 'plain',
  hashing: 'plain',
};

/** What is said of the shares of this device. */
export interface SharesTold {
  readonly checks: readonly DoctorCheck[];
  readonly reports: readonly unknown[];
}

export async function bundle(
  engine: Engine,
  facts: EngineFacts,
  names: boolean,
  shares: SharesTold = { checks: [], reports: [] },
): Promise<Answer<Result<'bundle'>>> {
  const redactor = names ? null : new Redactor();
  const { account } = engine.parts;
  if (redactor) {
    // Known first, so that they have the same marks in free texts.
    redactor.name('server', account.serverUrl);
    redactor.name('server', new URL(account.serverUrl).host);
    redactor.name('device', account.device);
    redactor.name('person', account.user);
    redactor.path(account.folder);
    redactor.path(facts.stateFolder);
  }
  const ledger = engine.state.ledger.recent(LEDGER_ROWS);
  const told = engine.state.ledger.toldBefore(Number.MAX_SAFE_INTEGER, LEDGER_ROWS);
  const doctor = await diagnose(engine, shares.checks);
  const parts: Record<string, unknown> = {
    program: programOf(engine, facts),
    activity: told.map(({ deed, detail: _detail, rule: _rule, ...row }) => ({ ...row, ...deed })),
    problems: engine.state.problems.list(PROBLEMS).map((each) => problemRow(engine, each)),
    status: statusOf(engine, facts),
    settings: withoutSecrets(engine.settings.get()),
    ledger: ledger.map(({ at, node, path, verb, rule, detail }) => ({ at, node, path, verb, rule, detail })),
    doctor: doctor.kind === 'ok' ? doctor.value.checks.map(toCheck) : [],
    log: engine.log.lines(),
    shares: shares.reports,
  };
  // All names first: a sentence may tell of one before its row comes.
  if (redactor) collect(redactor, parts, '');
  const texts = Object.entries(parts).map(([name, value]) => ({
    name,
    text: print(redactor ? redact(redactor, value, '') : value),
  }));
  return ok({ parts: texts, redacted: !names });
}

function programOf(engine: Engine, { version, startedAt }: EngineFacts) {
  const { node, v8, openssl } = process.versions;
  const { platform, arch } = process;
  return { tidemark: version, startedAt, platform, arch, disk: engine.parts.platform, node, v8, openssl };
}

/** Its sentence is worth more here than its name; that of a share is where its folder stands. */
function toCheck({ name, result, sentence }: DoctorCheck) {
  const [, path] = name.match(/^share (.+)$/s) ?? [];
  return {
    check: path === undefined ? name : 'share',
    ...(path === undefined ? {} : { path }),
    result,
    says: sentence,
  };
}

/** A proxy may carry a name and a password. */
function withoutSecrets(settings: EngineSettings): EngineSettings {
  if (settings.proxy.kind !== 'manual') return settings;
  const url = URL.parse(settings.proxy.url);
  if (url === null) return { ...settings, proxy: { kind: 'manual', url: 'http://unreadable' } };
  url.username = '';
  url.password = '';
  return { ...settings, proxy: { kind: 'manual', url: url.href } };
}

function collect(redactor: Redactor, value: unknown, member: string): void {
  if (Array.isArray(value)) for (const each of value) collect(redactor, each, member);
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) collect(redactor, each, name);
  else if (typeof value === 'string' && Object.hasOwn(MEMBERS, member)) redact(redactor, value, member);
}

function redact(redactor: Redactor, value: unknown, member: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => redact(redactor, each, member));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, each]) =>
        MEMBERS[name] === 'dropped' ? [] : [[name, redact(redactor, each, name)]],
      ),
    );
  if (typeof value !== 'string') return value;
  const of = Object.hasOwn(MEMBERS, member) ? MEMBERS[member] : undefined;
  switch (of) {
    case 'path':
      return redactor.path(value);
    case 'plain':
    case 'dropped':
      return value.replace(/^by .+$/, 'by …');
    case undefined:
      return redactor.text(value.replace(/ by .+$/, ' by …'));
    default:
      return redactor.name(of, value);
  }
}

/** A list as one line per row, the rest as it is easiest to read. */
function print(value: unknown): string {
  if (Array.isArray(value)) return value.map((row: unknown) => JSON.stringify(row)).join('\n');
  return JSON.stringify(value, null, 2);
}
