/** Troubles by cause, and what the engine itself can do about one: look again, rename for everyone, take as an edit. */

import { foldKey } from '../../core/names/fold.ts';
import { folderOf, pathIn } from '../../core/names/path-parts.ts';
import { nameTroubles, type Platform } from '../../core/names/portability.ts';
import { checkName } from '../../core/names/valid-name.ts';
import { type Answer, ok, type Params, type Refused, type Result, refused } from '../../ipc/contract.ts';
import type { Remedy } from '../../ipc/problems.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Engine } from '../engine.ts';
import { codeOfTrouble } from '../local/disk-problems.ts';
import { isNotice, isOfEndedShare, type Problem } from '../state/problems.ts';
import type { RemoteRecord } from '../state/remote-tree.ts';
import { claimBase, claimNow } from './claims.ts';
import { problemRow } from './problem-rows.ts';
import { repair } from './repair.ts';

const PAGE = 100;
const PLATFORMS: readonly Platform[] = ['linux', 'macos', 'windows'];
const RENAMED: readonly ErrorCode[] = ['name-held', 'case-twin', 'bad-name'];

export function listProblems(
  engine: Engine,
  { after, limit = PAGE, code }: Params<'problems.list'>,
): Promise<Answer<Result<'problems.list'>>> {
  const { problems } = engine.state;
  const offset = Number(after ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0)
    return Promise.resolve(refused('bad-request', { detail: 'after' }));
  const rows = problems.page(offset, limit, code ?? null);
  const groups = problems.groups().map((each) => ({ ...each, remedies: [...remediesOf(each.code)] }));
  const next = rows.length < limit ? null : String(offset + limit);
  return Promise.resolve(ok({ groups, problems: rows.map((each) => problemRow(engine, each)), next }));
}

function remediesOf(code: ErrorCode): readonly Remedy[] {
  if (code === 'silent-change') return ['take-as-edit'];
  if (isOfEndedShare({ code })) return ['dismiss'];
  if (isNotice({ code })) return [];
  return RENAMED.includes(code) ? ['rename', 'retry'] : ['retry'];
}

export async function remedy(
  engine: Engine,
  { path, code, remedy: chosen, name }: Params<'problems.remedy'>,
): Promise<Answer<Result<'problems.remedy'>>> {
  if (!engine.ready) return refused('unavailable');
  const problem = engine.state.problems.find(path, code);
  if (!problem) return refused('not-found');
  if (!remediesOf(problem.code).includes(chosen))
    return refused('bad-request', { detail: `${chosen} does not help here` });
  switch (chosen) {
    case 'retry':
      return lookAgain(engine, problem);
    case 'rename':
      return rename(engine, problem, name ?? '');
    case 'take-as-edit':
      return takeAsEdit(engine, problem);
    case 'dismiss':
      return dismiss(engine, problem);
  }
}

function lookAgain(engine: Engine, problem: Problem): Answer<Result<'problems.remedy'>> {
  const { state, scanner, operations } = engine;
  const { node, path } = problem;
  const row = node && state.local.get(node);
  if (node) {
    operations.undefer(node);
    state.frontier.add(node);
  }
  if (row) scanner.lookAt(row.parent, row.name);
  if (row?.kind === 'folder') scanner.listFolder(row.node);
  const folder = state.nodeAt(problem.code === 'name-not-text' ? path : folderOf(path));
  if (!row && folder) scanner.listFolder(folder);
  return ok({ path, sentence: `${engine.shown(path)} is being looked at again.` });
}

/** The files it tells of stay where they are. */
function dismiss(engine: Engine, { subject, path, facts }: Problem): Answer<Result<'problems.remedy'>> {
  engine.state.problems.clear(subject);
  engine.notify();
  return ok({ path, sentence: `What was told about ${facts['share'] ?? path} is put away.` });
}

async function takeAsEdit(engine: Engine, { path }: Problem): Promise<Answer<Result<'problems.remedy'>>> {
  const repaired = await repair(engine, { file: path });
  if (repaired.kind === 'refused') return repaired;
  return ok({
    path,
    sentence: `What is in ${engine.shown(path)} now counts as your edit; the history has the version before.`,
  });
}

async function rename(
  engine: Engine,
  problem: Problem,
  name: string,
): Promise<Answer<Result<'problems.remedy'>>> {
  const wrong = wrongName(name);
  if (wrong !== null) return refused('bad-name', { file: name, detail: wrong });
  const { state } = engine;
  const node = problem.node ?? state.remoteNodeAt(problem.path);
  const remote = node && state.remote.get(node);
  const renamed = remote?.live
    ? await renameForEveryone(engine, remote, name)
    : await renameHere(engine, problem, name);
  if (renamed.kind === 'ok') state.problems.clear(problem.subject);
  return renamed;
}

/** For everyone: it has to be a name that every kind of disk can hold. */
function wrongName(name: string): string | null {
  const checked = checkName(name);
  if (checked.kind === 'refused') return checked.sentence;
  const troubles = PLATFORMS.flatMap((platform) => nameTroubles(name, platform));
  return troubles.find((each) => each.impossible)?.sentence ?? null;
}

async function renameForEveryone(
  engine: Engine,
  remote: RemoteRecord,
  name: string,
): Promise<Answer<Result<'problems.remedy'>>> {
  const { state } = engine;
  const { node, parent, entryRev: baseEntryRev } = remote;
  const before = state.remotePathOf(node) ?? remote.name;
  const twin = state.remote
    .children(parent)
    .some((each) => each.node !== node && foldKey(each.name) === foldKey(name));
  if (twin) return taken(before, name);
  const base = claimBase(engine, node);
  const answer = await claimNow(engine, (key) => ({
    op: 'move',
    key,
    node,
    ...base,
    baseEntryRev,
    parent,
    name,
  }));
  if (answer.kind === 'refused') return answer;
  if (answer.value.kind === 'dropped') return refused('changed-since', { file: before });
  const path = state.remotePathOf(node) ?? beside(before, name);
  return ok({ path, sentence: `${engine.shown(before)} is ${engine.shown(path)} now, on every device.` });
}

/** What the server does not have yet is renamed where it is, and goes up under its new name. */
async function renameHere(
  engine: Engine,
  problem: Problem,
  name: string,
): Promise<Answer<Result<'problems.remedy'>>> {
  const { state, scanner, parts } = engine;
  const row = problem.node && state.local.get(problem.node);
  const from = (row && state.pathOf(row.node)) || problem.path;
  const to = beside(from, name);
  const [moved] = await parts.env.disk.move([{ from, to }]);
  const folder = state.nodeAt(folderOf(from));
  if (folder) scanner.listFolder(folder);
  if (moved?.kind === 'found')
    return ok({ path: to, sentence: `${engine.shown(from)} is ${engine.shown(to)} now, and goes up.` });
  if (moved?.trouble === 'taken') return taken(from, name);
  if (moved?.trouble === 'gone') return refused('changed-since', { file: from });
  return refused(codeOfTrouble(moved?.trouble ?? 'input-output'), {
    file: from,
    detail: moved?.detail ?? '',
  });
}

function taken(path: string, name: string): Refused {
  return refused('name-taken', { file: beside(path, name) });
}

function beside(path: string, name: string): string {
  return pathIn(folderOf(path), name);
}
