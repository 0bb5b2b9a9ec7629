/** Editors and office programs as they really save. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type Desk, type ProgramCase, run } from './program-case.ts';

/** How people set up vim: each way of saving leaves another trail of files. */
const VIM: readonly {
  readonly how: string;
  readonly settings: readonly string[];
  readonly leaves: readonly string[];
}[] = [
  { how: 'as it comes', settings: [], leaves: [] },
  { how: 'backupcopy=no', settings: ['set writebackup backupcopy=no'], leaves: [] },
  { how: 'backupcopy=yes', settings: ['set writebackup backupcopy=yes'], leaves: [] },
  { how: 'backup', settings: ['set backup backupcopy=auto backupskip='], leaves: ['~'] },
  { how: 'nowritebackup', settings: ['set nobackup nowritebackup'], leaves: [] },
];

function vimCase({ how, settings, leaves }: (typeof VIM)[number], index: number): ProgramCase {
  return {
    name: `vim (${how}): each save is one version of the same file`,
    packages: ['vim-tiny'],
    run: async (desk) => {
      const name = `vim-${index}.txt`;
      await writeFile(desk.here.path(name), 'a first line\n');
      await desk.settled();
      for (const word of ['second', 'third']) {
        const typed = [
          ...settings,
          'set swapfile',
          '$a',
          `a ${word} line`,
          '.',
          'write',
          'sleep 300m',
          'quit',
        ];
        await writeFile(desk.aside('typed'), `${typed.join('\n')}\n`);
        const vim = `exec vim.tiny -N -u NONE -es ${name} < ${desk.aside('typed')}`;
        await run(desk.here.folder, 'sh', '-c', vim);
        await desk.settled();
      }
      const text = await readFile(desk.there.path(name), 'utf8');
      assert.equal(text, 'a first line\na second line\na third line\n');
      await onlyThese(desk, name, leaves);
      await versionsAre(desk, name, 3);
    },
  };
}

async function onlyThese(desk: Desk, name: string, leaves: readonly string[]): Promise<void> {
  const stem = name.replace(/\.\w+$/, '');
  const found = (await readdir(desk.there.folder)).filter((each) => each.includes(stem)).sort();
  assert.deepEqual(found, [name, ...leaves.map((suffix) => name + suffix)]);
}

async function versionsAre(desk: Desk, path: string, count: number): Promise<void> {
  const { nodes } = await desk.there.ask('history', { path });
  const live = nodes.filter((node) => node.live);
  assert.deepEqual(
    live.map(({ versions }) => versions.length),
    [count],
  );
}

const SED: ProgramCase = {
  name: 'sed -i: many files edited in place, each one version',
  packages: ['sed'],
  run: async (desk) => {
    const names = Array.from({ length: 30 }, (_, i) => `sed-${i}.txt`);
    for (const name of names) await writeFile(desk.here.path(name), `old words in ${name}\n`);
    await desk.settled();
    await run(desk.here.folder, 'sed', '-i', 's/old/new/', ...names);
    await desk.settled();
    for (const name of names) {
      assert.equal(await readFile(desk.there.path(name), 'utf8'), `new words in ${name}\n`);
      await versionsAre(desk, name, 2);
    }
  },
};

/** Converts in place, over the file that was there. */
const OFFICE: ProgramCase = {
  name: 'LibreOffice: documents written over each other, and no lock of it anywhere',
  packages: ['libreoffice-writer-nogui'],
  run: async (desk) => {
    const [home, folder] = [desk.aside('office-home'), desk.here.folder];
    for (const word of ['first', 'second', 'third']) {
      await writeFile(desk.aside('letter.txt'), `${word} letter\n`.repeat(200));
      const profile = `-env:UserInstallation=file://${home}`;
      const how = ['--headless', '--convert-to', 'odt', '--outdir', folder, desk.aside('letter.txt')];
      await run(folder, 'soffice', profile, ...how);
      await desk.settled();
    }
    await run(desk.there.folder, 'unzip', '-tq', 'letter.odt');
    assert.match(await run(desk.there.folder, 'unzip', '-p', 'letter.odt', 'content.xml'), /third letter/);
    await versionsAre(desk, 'letter.odt', 3);
  },
};

export const EDITORS: readonly ProgramCase[] = [...VIM.map(vimCase), SED, OFFICE];
