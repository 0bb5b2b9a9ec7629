/** git in a synced folder: clone, commit, branch, checkout, gc; and one repository worked on from both sides at once. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Desk, type ProgramCase, run } from './program-case.ts';

/** Files as a project has them: many, small, in folders. */
async function project(folder: string, files: number, word: string): Promise<void> {
  for (let i = 0; i < files; i += 1) {
    const below = join(folder, `part-${i % 20}`, `deep-${i % 3}`);
    await mkdir(below, { recursive: true });
    await writeFile(join(below, `file-${i}.txt`), `${word} ${i}\n${`line of ${word}\n`.repeat(i % 40)}`);
  }
}

async function repository(desk: Desk, name: string, files: number): Promise<string> {
  const origin = desk.aside(`${name}-origin`);
  await mkdir(origin, { recursive: true });
  await run(origin, 'git', 'init', '-q', '-b', 'main');
  await project(origin, files, 'first');
  await run(origin, 'git', 'add', '-A');
  await run(origin, 'git', 'commit', '-qm', 'first');
  await run(origin, 'git', 'checkout', '-qb', 'other');
  await project(origin, Math.floor(files * 1.5), 'second');
  await run(origin, 'git', 'add', '-A');
  await run(origin, 'git', 'commit', '-qm', 'second');
  await run(origin, 'git', 'checkout', '-q', 'main');
  return origin;
}

async function sound(desk: Desk, name: string): Promise<void> {
  for (const device of [desk.here, desk.there]) {
    await run(device.path(name), 'git', 'fsck', '--full', '--strict');
    assert.equal(
      await run(device.path(name), 'git', 'status', '--porcelain'),
      '',
      `${device.name}: a clean tree`,
    );
  }
}

async function work(desk: Desk, name: string, files: number): Promise<void> {
  const origin = await repository(desk, name, files);
  const repo = desk.here.path(name);
  await run(desk.here.folder, 'git', 'clone', '-q', origin, repo);
  for (let i = 0; i < 5; i += 1) {
    await writeFile(join(repo, `new-${i}.txt`), `new ${i}\n`);
    await run(repo, 'git', 'add', '-A');
    await run(repo, 'git', 'commit', '-qm', `commit ${i}`);
  }
  await run(repo, 'git', 'checkout', '-q', 'other');
  await run(repo, 'git', 'checkout', '-q', 'main');
  await run(repo, 'git', 'checkout', '-qb', 'third');
  await run(repo, 'git', 'merge', '-q', '-m', 'merged', 'origin/other');
  await run(repo, 'git', 'checkout', '-q', 'main');
  await run(repo, 'git', 'gc', '-q', '--prune=now');
  await desk.settled();
  await sound(desk, name);
  const log = await run(desk.there.path(name), 'git', 'log', '--all', '--format=%H %s');
  assert.equal(log, await run(repo, 'git', 'log', '--all', '--format=%H %s'));
  // And on from there, on the other device.
  await run(desk.there.path(name), 'git', 'checkout', '-q', 'third');
  await run(desk.there.path(name), 'git', 'commit', '-q', '--allow-empty', '-m', 'from the other side');
  await desk.settled();
  await sound(desk, name);
  assert.match(await run(repo, 'git', 'log', '-1', '--format=%s'), /from the other side/);
}

/** Both commit at once: one of them wins each file that both changed, and no commit is lost. */
async function fight(desk: Desk, name: string): Promise<void> {
  const repo = desk.here.path(name);
  await mkdir(repo);
  await run(repo, 'git', 'init', '-q', '-b', 'main');
  await project(repo, 10, 'shared');
  await run(repo, 'git', 'add', '-A');
  await run(repo, 'git', 'commit', '-qm', 'shared');
  await desk.settled();
  await Promise.all([desk.here.ask('pause', {}), desk.there.ask('pause', {})]);
  const made: string[] = [];
  for (const device of [desk.here, desk.there])
    for (let i = 0; i < 3; i += 1) {
      await writeFile(join(device.path(name), `by-${device.name}-${i}.txt`), `${device.name} ${i}\n`);
      await run(device.path(name), 'git', 'add', '-A');
      await run(device.path(name), 'git', 'commit', '-qm', `${device.name} ${i}`);
      made.push((await run(device.path(name), 'git', 'rev-parse', 'HEAD')).trim());
    }
  await Promise.all([desk.here.ask('resume', {}), desk.there.ask('resume', {})]);
  await desk.fleet.converge(120_000);
  for (const device of [desk.here, desk.there])
    for (const id of made) await run(device.path(name), 'git', 'cat-file', '-e', `${id}^{commit}`);
  const branches = join(desk.here.path(name), '.git/refs/heads');
  const heads = await Promise.all(
    (await readdir(branches)).map(async (ref) => (await readFile(join(branches, ref), 'utf8')).trim()),
  );
  for (const tip of [made[2], made[5]]) assert.ok(tip !== undefined && heads.includes(tip), `the tip ${tip}`);
}

export const GIT: readonly ProgramCase[] = [
  {
    name: 'git: clone, commits, branches, merge and gc; sound on the other device, and worked on there',
    packages: ['git'],
    run: (desk) => work(desk, 'repo', 60),
  },
  {
    name: 'git: the same with thousands of files',
    packages: ['git'],
    run: (desk) => work(desk, 'large-repo', 3000),
  },
  {
    name: 'git: both devices commit to one branch at once: every commit is there, and the tip of either side',
    packages: ['git'],
    run: async (desk) => {
      await fight(desk, 'fought-repo');
      await settleAll(desk);
    },
  },
];

/** Takes away what the fight left open, so that the next case starts from nothing. */
async function settleAll(desk: Desk): Promise<void> {
  const { conflicts } = await desk.here.ask('conflicts.list', {});
  assert.ok(conflicts.length > 0);
  for (const { id } of conflicts) await desk.here.type('conflicts', 'resolve', id, '--keep', 'mine');
  await desk.settled();
}
