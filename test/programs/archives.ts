/** Programs that write, move and remove whole trees. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Desk, modesBelow, type ProgramCase, run } from './program-case.ts';

const FILES = 400;

/** A tree with everything that archives keep: programs, links, empty folders, odd names. */
async function furnish(folder: string, files = FILES): Promise<void> {
  for (let i = 0; i < files; i += 1) {
    const below = join(folder, `box ${i % 12}`, `drawer-${i % 5}`);
    await mkdir(below, { recursive: true });
    await writeFile(join(below, `thing-${i}`), `thing ${i}\n`.repeat(1 + (i % 50)));
    if (i % 10 === 0) await chmod(join(below, `thing-${i}`), 0o755);
  }
  await mkdir(join(folder, 'empty/within'), { recursive: true });
  await writeFile(join(folder, 'zero bytes'), '');
  await writeFile(join(folder, 'größe – naïve.txt'), 'names\n');
  await symlink('box 0/drawer-0/thing-0', join(folder, 'a link'));
}

/** The other device holds what the program was given, down to the bits of the modes. */
async function sameAs(desk: Desk, source: string, name: string): Promise<void> {
  await run(desk.there.folder, 'diff', '-r', '--no-dereference', source, name);
  assert.deepEqual(sorted(await modesBelow(desk.there.path(name))), sorted(await modesBelow(source)));
}

function sorted(modes: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...modes].sort(([one], [other]) => (one < other ? -1 : 1));
}

async function fresh(desk: Desk, name: string): Promise<string> {
  const source = desk.aside(`${name}-source`);
  await furnish(source);
  return source;
}

const TAR: ProgramCase = {
  name: 'tar: extracted while it syncs, and once more over itself',
  packages: ['tar'],
  run: async (desk) => {
    const source = await fresh(desk, 'tar');
    await run(source, 'tar', '-czf', desk.aside('tree.tar.gz'), '.');
    await mkdir(desk.here.path('tar'));
    for (let round = 0; round < 2; round += 1)
      await run(desk.here.path('tar'), 'tar', '-xzf', desk.aside('tree.tar.gz'));
    await desk.settled();
    await sameAs(desk, source, 'tar');
  },
};

const ZIP: ProgramCase = {
  name: 'zip and unzip: packed in the folder of one device, unpacked in that of the other',
  packages: ['zip', 'unzip'],
  run: async (desk) => {
    const source = await fresh(desk, 'zip');
    await run(source, 'zip', '-qry', desk.here.path('packed.zip'), '.');
    await desk.settled();
    await mkdir(desk.there.path('zip'));
    await run(desk.there.path('zip'), 'unzip', '-q', '../packed.zip');
    await desk.settled();
    await run(desk.here.folder, 'unzip', '-tq', 'packed.zip');
    await sameAs(desk, source, 'zip');
    await run(desk.here.folder, 'diff', '-r', '--no-dereference', source, 'zip');
  },
};

const RSYNC: ProgramCase = {
  name: 'rsync: into the folder, then an update that keeps sizes and times where it can, then with --delete',
  packages: ['rsync'],
  run: async (desk) => {
    const source = await fresh(desk, 'rsync');
    const target = desk.here.path('rsync');
    await run(source, 'rsync', '-a', './', target);
    // Same size, same time: only its checksum tells.
    await run(
      source,
      'sh',
      '-c',
      'touch -r "zero bytes" stamp; echo "thinG 1" > "box 1/drawer-1/thing-1"; touch -r stamp "box 1/drawer-1/thing-1"; rm stamp',
    );
    await run(source, 'rsync', '-ac', './', target);
    await rm(join(source, 'box 3'), { recursive: true });
    await writeFile(join(source, 'late.txt'), 'late\n');
    await run(source, 'rsync', '-a', '--delete', '--inplace', './', target);
    await desk.settled();
    await sameAs(desk, source, 'rsync');
  },
};

const MOVES: ProgramCase = {
  name: 'mv: a big tree from name to name, into another, and out of the folder and back',
  packages: ['coreutils'],
  run: async (desk) => {
    const source = await fresh(desk, 'mv');
    await run(desk.here.folder, 'cp', '-a', source, 'mv-1');
    await desk.settled();
    const sent = (await desk.here.status()).bytesSent;
    await run(desk.here.folder, 'mv', 'mv-1', 'mv-2');
    await mkdir(desk.here.path('mv-shelf'));
    await run(desk.here.folder, 'mv', 'mv-2', 'mv-shelf/mv-3');
    await run(join(desk.here.path('mv-shelf/mv-3')), 'mv', 'box 1', 'box 2', 'empty/');
    await run(join(desk.here.path('mv-shelf/mv-3/empty')), 'mv', 'box 1', 'box 2', '..');
    await desk.settled();
    await sameAs(desk, source, 'mv-shelf/mv-3');
    const moved = (await desk.here.status()).bytesSent - sent;
    assert.ok(moved < 60_000, `${moved} bytes for moves that need none`);
    await rename(desk.here.path('mv-shelf/mv-3'), desk.aside('mv-away'));
    await desk.here.ask('wait', { timeout: 30 });
    await rename(desk.aside('mv-away'), desk.here.path('mv-back'));
    await desk.settled();
    await sameAs(desk, source, 'mv-back');
  },
};

const NPM: ProgramCase = {
  name: 'npm install of a package from a file, and its removal',
  packages: ['npm'],
  run: async (desk) => {
    const source = desk.aside('npm-package');
    await furnish(join(source, 'files'), 150);
    await rm(join(source, 'files/a link'));
    await writeFile(
      join(source, 'package.json'),
      JSON.stringify({ name: 'a-package', version: '1.0.0', bin: { 'a-tool': 'tool.js' } }),
    );
    await writeFile(join(source, 'tool.js'), '#!/usr/bin/env node\nconsole.log("a tool");\n', {
      mode: 0o755,
    });
    await run(desk.fleet.root, 'npm', 'pack', '--silent', source);
    const app = desk.here.path('npm-app');
    await mkdir(app);
    await writeFile(join(app, 'package.json'), '{"name":"app","version":"1.0.0","private":true}\n');
    await run(
      app,
      'npm',
      'install',
      '--offline',
      '--silent',
      '--no-audit',
      desk.aside('a-package-1.0.0.tgz'),
    );
    await desk.settled();
    const there = desk.there.path('npm-app');
    assert.equal(await run(there, 'node_modules/.bin/a-tool'), 'a tool\n');
    await run(there, 'npm', 'ls', '--silent', '--offline');
    await run(there, 'npm', 'uninstall', '--offline', '--silent', '--no-audit', 'a-package');
    await desk.settled();
    assert.doesNotMatch(await readFile(join(app, 'package.json'), 'utf8'), /a-package/);
  },
};

export const ARCHIVES: readonly ProgramCase[] = [TAR, ZIP, RSYNC, MOVES, NPM];
