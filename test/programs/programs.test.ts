/** The quick ones of `npm run programs`. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ALL_PROGRAMS } from './all-programs.ts';
import { Desk } from './program-case.ts';

const QUICK: readonly string[] = [
  'git: clone, commits, branches, merge and gc; sound on the other device, and worked on there',
  'git: both devices commit to one branch at once: every commit is there, and the tip of either side',
  'vim (as it comes): each save is one version of the same file',
  'sed -i: many files edited in place, each one version',
  'tar: extracted while it syncs, and once more over itself',
  'rsync: into the folder, then an update that keeps sizes and times where it can, then with --delete',
  'sqlite3 (WAL): written for seconds; closed, it is whole on both sides',
];

let desk: Desk;
before(
  async () => {
    desk = await Desk.open();
  },
  { timeout: 60_000 },
);
after(() => desk?.close());

for (const name of QUICK)
  test(name, async () => {
    const found = ALL_PROGRAMS.find((each) => each.name === name);
    assert.ok(found, 'there is such a program');
    await found.run(desk);
  });
