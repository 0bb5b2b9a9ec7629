/** A check of everything the engine depends on, in sentences. */
import { type Answer, ok, type Result } from '../../ipc/contract.ts';
import type { DoctorCheck } from '../../ipc/diagnosis.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { Engine } from '../engine.ts';

const LOW_SPACE = 256 * 1024 * 1024;

/** `shares`: how those of this device are doing. */
export async function diagnose(
  engine: Engine,
  shares: readonly DoctorCheck[] = [],
): Promise<Answer<Result<'doctor'>>> {
  const { parts, state } = engine;
  const free = await parts.env.disk.freeBytes();
  const root = await parts.env.disk.look('');
  const sound = String(parts.db.pragma('quick_check(1)', { simple: true })) === 'ok';
  const watching = parts.env.watch.health();
  const online = engine.ready && engine.connection.online;
  const native = engine.abilities?.helper === 'native';
  const checks: DoctorCheck[] = [
    check(
      'folder',
      root.kind === 'found',
      `${parts.account.folder} is there.`,
      sentenceOf('root-gone', { file: parts.account.folder }),
    ),
    check(
      'state',
      sound,
      'The state database is sound.',
      'The state database is damaged; stop and start again to rebuild it.',
    ),
    check(
      'server',
      online,
      `Connected to ${parts.account.serverUrl}.`,
      sentenceOf('unreachable', { server: parts.account.serverUrl }),
      'warning',
    ),
    check(
      'space',
      free > LOW_SPACE,
      `${Math.round(free / 2 ** 20).toLocaleString('en-US')} MiB are free.`,
      'The disk is almost full.',
      'warning',
    ),
    check(
      'native parts',
      native,
      `The compiled helper is in use; hashing is ${parts.env.hashing.backend}.`,
      `The compiled helper is not in use (${engine.abilities?.helperDetail ?? 'not probed'}); everything works, slower.`,
      'warning',
    ),
    check(
      'watching',
      watching.complete,
      'Every change on the disk is announced.',
      `Changes are found by scans: ${watching.why}`,
      'warning',
    ),
    check(
      'problems',
      state.problems.count() === 0,
      'No path has a problem.',
      `${state.problems.count()} paths have a problem; see "tidemark status".`,
      'warning',
    ),
  ];
  checks.push(...shares);
  if (engine.halted)
    checks.unshift({
      name: 'halted',
      result: 'failed',
      sentence: sentenceOf(engine.halted.code, engine.halted.facts),
    });
  return ok({ ok: checks.every((each) => each.result === 'ok'), checks });
}

function check(
  name: string,
  good: boolean,
  yes: string,
  no: string,
  worst: 'failed' | 'warning' = 'failed',
): DoctorCheck {
  return { name, result: good ? 'ok' : worst, sentence: good ? yes : no };
}
