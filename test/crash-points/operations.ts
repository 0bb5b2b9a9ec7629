/** The operations whose calls are enumerated. In each folder 'f' and 'g' are the files it is about. */
import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { label, type Operation } from './operation.ts';
import type { Stage } from './stage.ts';

/** Large enough to travel as chunks of a session of its own. */
const LARGE = 1_400_000;

const one = (at: string, path: string, version: number) => ({ [path]: label(at, path, version) });

const uploadNew: Operation = {
  name: 'upload, new file',
  what: 'a small file and a folder with another appear here and go up',
  prepare: (stage, at) => stage.write('other', `${at}/kept`, label(at, 'kept', 1)),
  act: (stage, at) => {
    stage.write('tested', `${at}/f`, label(at, 'f', 1));
    stage.write('tested', `${at}/new/g`, label(at, 'new/g', 1));
  },
  moments: (at) => ({
    kept: [label(at, 'kept', 1)],
    f: [label(at, 'f', 1)],
    new: ['folder'],
    'new/g': [label(at, 'new/g', 1)],
  }),
  always: ['kept', 'f', 'new/g'],
  ends: (at) => [
    {
      held: { ...one(at, 'kept', 1), ...one(at, 'f', 1), new: 'folder', ...one(at, 'new/g', 1) },
      versions: { f: 1, 'new/g': 1 },
    },
  ],
};

const uploadEdit: Operation = {
  name: 'upload, edit',
  what: 'a file that both have is written anew here',
  prepare: (stage, at) => stage.write('other', `${at}/f`, label(at, 'f', 1)),
  act: (stage, at) => stage.write('tested', `${at}/f`, label(at, 'f', 2)),
  moments: (at) => ({ f: [label(at, 'f', 2)] }),
  always: ['f'],
  ends: (at) => [{ held: one(at, 'f', 2), versions: { f: 2 } }],
};

const uploadLarge: Operation = {
  name: 'upload, large file',
  what: 'a file of 1.4 MB goes up in a session of its own',
  prepare: (stage, at) => stage.write('other', `${at}/kept`, label(at, 'kept', 1)),
  act: (stage, at) => stage.write('tested', `${at}/f`, label(at, 'f', 1), LARGE),
  moments: (at) => ({ kept: [label(at, 'kept', 1)], f: [label(at, 'f', 1)] }),
  always: ['kept', 'f'],
  ends: (at) => [{ held: { ...one(at, 'kept', 1), ...one(at, 'f', 1) }, versions: { f: 1 } }],
};

const downloadNew: Operation = {
  name: 'download, new file',
  what: 'a small file, a large one, a link and a folder with a file come down',
  prepare: (stage, at) => stage.write('other', `${at}/kept`, label(at, 'kept', 1)),
  act: (stage, at) => {
    stage.write('other', `${at}/f`, label(at, 'f', 1));
    stage.write('other', `${at}/large`, label(at, 'large', 1), LARGE);
    symlinkSync('f', join(stage.folder('other'), at, 'l'));
    stage.write('other', `${at}/new/g`, label(at, 'new/g', 1));
  },
  moments: (at) => ({
    kept: [label(at, 'kept', 1)],
    f: [label(at, 'f', 1)],
    large: [label(at, 'large', 1)],
    l: ['link to f'],
    new: ['folder'],
    'new/g': [label(at, 'new/g', 1)],
  }),
  always: ['kept'],
  ends: (at) => [
    {
      held: {
        ...one(at, 'kept', 1),
        ...one(at, 'f', 1),
        ...one(at, 'large', 1),
        l: 'link to f',
        new: 'folder',
        ...one(at, 'new/g', 1),
      },
      versions: { f: 1, large: 1, 'new/g': 1 },
    },
  ],
};

const downloadReplace: Operation = {
  name: 'download, replacing',
  what: 'new versions of a small file, of a large one and of a link come down',
  prepare: (stage, at) => {
    stage.write('other', `${at}/f`, label(at, 'f', 1));
    stage.write('other', `${at}/large`, label(at, 'large', 1), LARGE);
    symlinkSync('f', join(stage.folder('other'), at, 'l'));
  },
  act: (stage, at) => {
    stage.write('other', `${at}/f`, label(at, 'f', 2));
    stage.write('other', `${at}/large`, label(at, 'large', 2), LARGE);
    const link = join(stage.folder('other'), at, 'l');
    symlinkSync('large', `${link}~`);
    renameSync(`${link}~`, link);
  },
  moments: (at) => ({
    f: [label(at, 'f', 1), label(at, 'f', 2)],
    large: [label(at, 'large', 1), label(at, 'large', 2)],
    l: ['link to f', 'link to large'],
  }),
  always: ['f', 'large', 'l'],
  ends: (at) => [
    {
      held: { ...one(at, 'f', 2), ...one(at, 'large', 2), l: 'link to large' },
      versions: { f: 2, large: 2 },
    },
  ],
};

function renaming(where: 'tested' | 'other', name: string, what: string): Operation {
  return {
    name,
    what,
    prepare: (stage, at) => {
      stage.write('other', `${at}/f`, label(at, 'f', 1));
      stage.write('other', `${at}/d/g`, label(at, 'd/g', 1));
    },
    act: (stage, at) => {
      const folder = join(stage.folder(where), at);
      renameSync(join(folder, 'f'), join(folder, 'd/f moved'));
      renameSync(join(folder, 'd'), join(folder, 'd moved'));
    },
    moments: (at) => {
      const f = [label(at, 'f', 1)];
      const g = [label(at, 'd/g', 1)];
      const d = ['folder'];
      return {
        ...{ f, d, 'd/g': g, 'd/f moved': f, 'd moved/f moved': f },
        ...{ 'd moved': d, 'd moved/g': g },
      };
    },
    ends: (at) => [
      {
        held: {
          'd moved': 'folder',
          'd moved/g': label(at, 'd/g', 1),
          'd moved/f moved': label(at, 'f', 1),
        },
        versions: { 'd moved/f moved': 1, 'd moved/g': 1 },
      },
    ],
  };
}

function swapping(where: 'tested' | 'other', name: string, what: string): Operation {
  return {
    name,
    what,
    prepare: (stage, at) => {
      stage.write('other', `${at}/f`, label(at, 'f', 1));
      stage.write('other', `${at}/g`, label(at, 'g', 1));
    },
    act: (stage, at) => {
      const folder = join(stage.folder(where), at);
      renameSync(join(folder, 'f'), join(folder, 'between'));
      renameSync(join(folder, 'g'), join(folder, 'f'));
      renameSync(join(folder, 'between'), join(folder, 'g'));
    },
    moments: (at) => {
      const both = [label(at, 'f', 1), label(at, 'g', 1)];
      return { f: both, g: both };
    },
    ends: (at) => [{ held: { f: label(at, 'g', 1), g: label(at, 'f', 1) }, versions: { f: 1, g: 1 } }],
  };
}

function deleting(where: 'tested' | 'other', name: string, what: string): Operation {
  return {
    name,
    what,
    prepare: (stage, at) => {
      stage.write('other', `${at}/kept`, label(at, 'kept', 1));
      stage.write('other', `${at}/f`, label(at, 'f', 1));
      stage.write('other', `${at}/d/g`, label(at, 'd/g', 1));
    },
    act: (stage, at) => {
      stage.remove(where, `${at}/f`);
      stage.remove(where, `${at}/d`);
    },
    moments: (at) => ({
      kept: [label(at, 'kept', 1)],
      f: [label(at, 'f', 1)],
      d: ['folder'],
      'd/g': [label(at, 'd/g', 1)],
    }),
    always: ['kept'],
    ends: (at) => [{ held: one(at, 'kept', 1), versions: { f: 1 } }],
  };
}

const conflict: Operation = {
  name: 'conflict',
  what: 'both wrote the same file: the engine keeps both',
  prepare: (stage, at) => stage.write('other', `${at}/f`, label(at, 'f', 1)),
  ready: async (stage, at) => {
    await stage.verbs.pause({});
    stage.write('other', `${at}/f`, label(at, 'f', 'theirs'));
    await stage.otherInStep();
    stage.write('tested', `${at}/f`, label(at, 'f', 'mine'));
  },
  act: resume,
  again: resume,
  moments: (at) => ({
    f: [label(at, 'f', 'mine'), label(at, 'f', 'theirs')],
    'f (conflict)': [label(at, 'f', 'mine')],
  }),
  ends: (at) => [
    {
      held: { f: label(at, 'f', 'theirs'), 'f (conflict)': label(at, 'f', 'mine') },
      versions: { f: 2, 'f (conflict)': 1 },
    },
  ],
  restsAs: ['needs-you', 'warning'],
};

async function resume(stage: Stage): Promise<void> {
  await stage.verbs.resume({});
}

const restore: Operation = {
  name: 'restore',
  what: 'an old version of a file is put back on top',
  prepare: (stage, at) => stage.write('other', `${at}/f`, label(at, 'f', 1)),
  ready: async (stage, at) => {
    stage.write('other', `${at}/f`, label(at, 'f', 2));
    assert.ok(await stage.rest());
  },
  act: async (stage, at) => {
    await stage.verbs.restore({ path: `${at}/f`, version: 1 });
  },
  moments: (at) => ({ f: [label(at, 'f', 1), label(at, 'f', 2)] }),
  always: ['f'],
  ends: (at) => [
    { held: one(at, 'f', 1), versions: { f: 3 } },
    { held: one(at, 'f', 2), versions: { f: 2 } },
  ],
};

const trashRestore: Operation = {
  name: 'restore from the trash',
  what: 'a deleted file is brought back',
  prepare: (stage, at) => {
    stage.write('other', `${at}/kept`, label(at, 'kept', 1));
    stage.write('other', `${at}/f`, label(at, 'f', 1));
  },
  ready: async (stage, at) => {
    stage.remove('other', `${at}/f`);
    assert.ok(await stage.rest());
  },
  act: async (stage, at) => {
    const listed = await stage.verbs['trash.list']({});
    const row = listed?.items.find((each) => each.path === `${at}/f`);
    if (row) await stage.verbs['trash.restore']({ id: row.id });
  },
  moments: (at) => ({ kept: [label(at, 'kept', 1)], f: [label(at, 'f', 1)] }),
  always: ['kept'],
  ends: (at) => [
    { held: { ...one(at, 'kept', 1), ...one(at, 'f', 1) }, versions: { f: 2 } },
    { held: { ...one(at, 'kept', 1), ...one(at, 'f', 1) }, versions: { f: 1 } },
    { held: one(at, 'kept', 1), versions: { f: 1 } },
  ],
};

export const OPERATIONS: readonly Operation[] = [
  uploadNew,
  uploadEdit,
  uploadLarge,
  downloadNew,
  downloadReplace,
  renaming('tested', 'rename here', 'a file goes into a folder, and the folder gets another name, here'),
  renaming('other', 'rename there', 'the same on the other device'),
  swapping('tested', 'swap here', 'two files change places here'),
  swapping('other', 'swap there', 'two files change places on the other device'),
  deleting('tested', 'delete here', 'a file and a folder with a file are deleted here'),
  deleting('other', 'delete there', 'the same on the other device'),
  conflict,
  restore,
  trashRestore,
];
