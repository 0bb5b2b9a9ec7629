/** What must hold with the process dead, and what must hold once all have come to rest. Each answers with what is wrong. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { pause } from '../support/devices.ts';
import { isSame, show } from './contents.ts';
import type { End, Operation } from './operation.ts';
import { PATIENCE_MS, type Stage } from './stage.ts';

const LOOKS = 50;
const LOOK_MS = 200;

/** Is the database whole, with what stands in its log? Looked at in a copy: the original belongs to the next start. */
export function databaseTroubles(path: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-copy-'));
  try {
    for (const suffix of ['', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, join(folder, `copy${suffix}`));
    const db = new Database(join(folder, 'copy'));
    const said = String(db.pragma('integrity_check', { simple: true }));
    db.close();
    return said === 'ok' ? [] : [`${path}: ${said}`];
  } catch (error) {
    return [`${path}: ${String(error)}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** At any moment: only whole contents at the paths of the user, nothing foreign among them, nothing missing that must be there. */
export function momentTroubles(stage: Stage, operation: Operation, at: string): readonly string[] {
  const moments = operation.moments(at);
  const held = stage.contents.held(join(stage.folder('tested'), at));
  const odd = Object.entries(held)
    .filter(([path, content]) => !moments[path]?.includes(content))
    .map(([path, content]) => `with the process dead, ${path} holds ${content}`);
  const missing = (operation.always ?? [])
    .filter((path) => !(path in held))
    .map((path) => `with the process dead, nothing stands at ${path}`);
  return [...odd, ...missing];
}

/** At rest: both trees as one of the ends says, every version once, nothing left over, and a status that says so. */
export async function restTroubles(
  stage: Stage,
  operation: Operation,
  at: string,
): Promise<readonly string[]> {
  const ends = operation.ends(at);
  const here = stage.contents.held(join(stage.folder('tested'), at));
  const there = stage.contents.held(join(stage.folder('other'), at));
  const troubles: string[] = [];
  if (!isSame(here, there)) troubles.push(`here: ${show(here)}, but there: ${show(there)}`);
  const fitting = ends.filter((end) => isSame(end.held, there));
  if (fitting.length === 0) troubles.push(`it ended as ${show(there)}`);
  else troubles.push(...(await versionTroubles(stage, at, fitting)));
  troubles.push(...(await leftovers(stage)));
  const status = await statusAtRest(stage);
  const wanted = stage.restsAs.size > 0 ? [...stage.restsAs] : ['up-to-date'];
  if (!wanted.includes(status.state) || status.problems > 0 || status.halted !== null)
    troubles.push(
      `at rest the status says: ${status.state}, ${status.problems} problems, ${status.sentence}`,
    );
  return troubles;
}

/** What a failing call kept from being looked at is looked at once more a little later, and told while it is: it passes. */
async function statusAtRest(stage: Stage) {
  for (let tries = 0; ; tries += 1) {
    const status = await stage.status();
    if (status.state !== 'checking' || tries === LOOKS) return status;
    await pause(LOOK_MS);
  }
}

async function versionTroubles(stage: Stage, at: string, ends: readonly End[]): Promise<readonly string[]> {
  const all: string[] = [];
  for (const end of ends) {
    const troubles: string[] = [];
    for (const [path, wanted] of Object.entries(end.versions)) {
      const [first] = (await stage.history({ path: stage.realPath(at, path) })).nodes;
      const found = first?.versions.length ?? 0;
      if (found !== wanted) troubles.push(`${path} has ${found} versions, not ${wanted}`);
    }
    if (troubles.length === 0) return [];
    all.push(...troubles);
  }
  return all;
}

/** Staging, parked names, promises under way: all of it is gone at rest. What is in the trash is known to be there. */
async function leftovers(stage: Stage): Promise<readonly string[]> {
  const end = performance.now() + Math.min(4000, PATIENCE_MS);
  for (;;) {
    const found = stage.residue();
    if (found.length === 0 || performance.now() > end) return found;
    await pause(50);
  }
}
