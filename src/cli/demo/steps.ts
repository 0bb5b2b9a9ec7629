/** The story of the demo, as data: what somebody does, and what must then be so on both sides. */
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { DemoFailure, type Stage } from './stage.ts';

/** Content a file must have on both sides; null: there must be nothing. */
export type Expected = Readonly<Record<string, string | null>>;

export interface StepOutcome {
  readonly expected: Expected;
  /** More to tell than the folders show. */
  readonly told: readonly string[];
}

export interface Step {
  readonly title: string;
  /** What happens, as one would tell it. */
  readonly story: readonly string[];
  readonly act: (stage: Stage) => Promise<void>;
  /** Called once both sides are in step. */
  readonly outcome: (stage: Stage) => Promise<StepOutcome>;
}

const must = (expected: Expected, ...told: readonly string[]) => Promise.resolve({ expected, told });

const POEM = 'The tide comes in,\nthe tide goes out.\n';
const PLAN = 'Monday: think\nTuesday: write\n';
const BIG_BYTES = 24 * 1024 * 1024;

async function write(path: string, text: string | Uint8Array): Promise<void> {
  await writeFile(path, text);
}

const create: Step = {
  title: 'New files',
  story: ['Laptop writes a poem and a plan into a new folder "Notes".'],
  act: async ({ laptop }) => {
    await mkdir(laptop.path('Notes'));
    await write(laptop.path('Notes/poem.txt'), POEM);
    await write(laptop.path('Notes/plan.txt'), PLAN);
  },
  outcome: () => must({ 'Notes/poem.txt': POEM, 'Notes/plan.txt': PLAN }),
};

const edit: Step = {
  title: 'An edit on the other side',
  story: ['Studio adds a line to the poem.'],
  act: ({ studio }) => appendFile(studio.path('Notes/poem.txt'), 'The sand remembers.\n'),
  outcome: () => must({ 'Notes/poem.txt': `${POEM}The sand remembers.\n` }),
};

const safeSave: Step = {
  title: 'A save the way editors do it',
  story: ['Laptop saves the plan to a temporary file and renames it over the old one.'],
  act: async ({ laptop }) => {
    await write(laptop.path('Notes/.plan.txt.swp'), `${PLAN}Wednesday: rest\n`);
    await rename(laptop.path('Notes/.plan.txt.swp'), laptop.path('Notes/plan.txt'));
  },
  outcome: () => must({ 'Notes/plan.txt': `${PLAN}Wednesday: rest\n`, 'Notes/.plan.txt.swp': null }),
};

const renameFolder: Step = {
  title: 'A folder gets a new name',
  story: ['Laptop renames "Notes" to "Writing". No content travels, only the new name.'],
  act: ({ laptop }) => rename(laptop.path('Notes'), laptop.path('Writing')),
  outcome: () => must({ 'Writing/plan.txt': `${PLAN}Wednesday: rest\n`, 'Notes/plan.txt': null }),
};

const move: Step = {
  title: 'A file moves to another folder',
  story: ['Studio makes a folder "Archive" and moves the poem into it.'],
  act: async ({ studio }) => {
    await mkdir(studio.path('Archive'));
    await rename(studio.path('Writing/poem.txt'), studio.path('Archive/poem.txt'));
  },
  outcome: () => must({ 'Archive/poem.txt': `${POEM}The sand remembers.\n`, 'Writing/poem.txt': null }),
};

const programAndLink: Step = {
  title: 'A program and a link',
  story: ['Laptop writes a small program, makes it executable, and links to it.'],
  act: async ({ laptop }) => {
    await write(laptop.path('hello.sh'), '#!/bin/sh\necho hello\n');
    await chmod(laptop.path('hello.sh'), 0o755);
    await symlink('hello.sh', laptop.path('greet'));
  },
  outcome: () =>
    must(
      { 'hello.sh': '#!/bin/sh\necho hello\n' },
      'The program can be run on both sides, and the link is a link.',
    ),
};

const big: Step = {
  title: 'A large file',
  story: ['Studio writes a file of 24 MiB that cannot be compressed.'],
  act: ({ studio }) => write(studio.path('film.bin'), randomBytes(BIG_BYTES)),
  outcome: () => must({}),
};

const smallEditInBig: Step = {
  title: 'A small edit in the large file',
  story: ['Laptop changes 1,000 bytes in the middle of it: only the part around them travels.'],
  act: async ({ laptop }) => {
    const file = await open(laptop.path('film.bin'), 'r+');
    try {
      await file.write(randomBytes(1000), 0, 1000, BIG_BYTES / 2);
    } finally {
      await file.close();
    }
  },
  outcome: () => must({}),
};

const remove: Step = {
  title: 'A file is deleted',
  story: ['Studio deletes the program. On Laptop it goes to the trash.'],
  act: ({ studio }) => rm(studio.path('hello.sh')),
  outcome: () => must({ 'hello.sh': null }),
};

const fromTrash: Step = {
  title: 'And comes back',
  story: ['Laptop looks into the trash and takes the program out of it again.'],
  act: async ({ laptop }) => {
    const { items } = await laptop.ask('trash.list', {});
    const row = items.find(({ path }) => path === 'hello.sh');
    await laptop.type('trash', 'restore', row?.id ?? 'hello.sh');
  },
  outcome: () => must({ 'hello.sh': '#!/bin/sh\necho hello\n' }),
};

const MINE = `${PLAN}Wednesday: swim\n`;
const THEIRS = `${PLAN}Wednesday: sail\n`;

const conflict: Step = {
  title: 'Both edit the same file, offline',
  story: [
    'Both devices go offline. Laptop changes the plan for Wednesday to "swim", Studio to "sail".',
    'Studio comes back first, then Laptop: neither plan is lost.',
  ],
  act: async (stage) => {
    await stage.bothOffline();
    await write(stage.laptop.path('Writing/plan.txt'), MINE);
    await write(stage.studio.path('Writing/plan.txt'), THEIRS);
    await stage.studio.ask('resume', {});
    await stage.studio.ask('wait', { timeout: 10 });
    await stage.laptop.ask('resume', {});
  },
  outcome: async ({ laptop }) => {
    const { conflicts } = await laptop.ask('conflicts.list', {});
    const copy = conflicts[0]?.copyPath ?? 'no conflict copy';
    const sentence = conflicts[0]?.sentence ?? 'There should be a conflict.';
    return { expected: { 'Writing/plan.txt': THEIRS, [copy]: MINE }, told: [sentence] };
  },
};

const resolve: Step = {
  title: 'The conflict is settled',
  story: ['On Laptop somebody types: tidemark conflicts resolve ID --keep mine'],
  act: async ({ laptop }) => {
    const { conflicts } = await laptop.ask('conflicts.list', {});
    await laptop.type('conflicts', 'resolve', conflicts[0]?.id ?? 'none', '--keep', 'mine');
  },
  outcome: async ({ studio }) => {
    const { conflicts } = await studio.ask('status', {});
    if (conflicts > 0) throw new DemoFailure('Studio still reports a conflict.');
    return { expected: { 'Writing/plan.txt': MINE }, told: ['No conflict is left, on either side.'] };
  },
};

const editVersusDelete: Step = {
  title: 'One deletes what the other edits, offline',
  story: [
    'Both go offline. Laptop deletes the poem, Studio adds a line to it.',
    'Laptop comes back first and its deletion is sent; then Studio: work beats deletion.',
  ],
  act: async (stage) => {
    await stage.bothOffline();
    await rm(stage.laptop.path('Archive/poem.txt'));
    await appendFile(stage.studio.path('Archive/poem.txt'), 'Twice a day.\n');
    await stage.laptop.ask('resume', {});
    await stage.laptop.ask('wait', { timeout: 10 });
    await stage.studio.ask('resume', {});
  },
  outcome: () => must({ 'Archive/poem.txt': `${POEM}The sand remembers.\nTwice a day.\n` }),
};

const restore: Step = {
  title: 'An old version comes back',
  story: ['On Studio somebody types: tidemark restore Archive/poem.txt --version 1'],
  act: async ({ studio }) => {
    await studio.type('restore', studio.path('Archive/poem.txt'), '--version', '1');
  },
  outcome: async ({ studio }) => {
    const { nodes } = await studio.ask('history', { path: 'Archive/poem.txt' });
    const kept = nodes[0]?.versions.length ?? 0;
    return { expected: { 'Archive/poem.txt': POEM }, told: [`All ${kept} versions are kept.`] };
  },
};

export const STEPS: readonly Step[] = [
  create,
  edit,
  safeSave,
  renameFolder,
  move,
  programAndLink,
  big,
  smallEditInBig,
  remove,
  fromTrash,
  conflict,
  resolve,
  editVersusDelete,
  restore,
];
