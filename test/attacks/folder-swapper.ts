/**
 * A hostile program: takes the folders d0, d1, … of a root away, again and again, puts a link to a folder of the same
 * name elsewhere in the place of each, and puts them back. Ends when its input ends, with every folder in its place.
 */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

const [root = '', victim = '', count = '0'] = process.argv.slice(2);
const pauseCell = new Int32Array(new SharedArrayBuffer(4));
let turns = 0;
let isOver = false;

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

function swap(name: string): void {
  const [path, aside] = [join(root, name), join(root, '.tidemark', `hidden-${name}`)];
  if (!attempt(() => renameSync(path, aside))) return;
  if (attempt(() => symlinkSync(join(victim, name), path))) {
    // A little while, in which others may take the link for the folder.
    turns += 1;
    Atomics.wait(pauseCell, 0, 0, 0.2);
    attempt(() => unlinkSync(path));
  }
  // What somebody made in between at the path stays aside of the folder.
  if (attempt(() => renameSync(aside, path))) return;
  attempt(() => renameSync(path, `${path}-made-meanwhile-${turns}`));
  renameSync(aside, path);
}

function round(): void {
  for (let i = 0; i < Number(count); i += 1) swap(`d${i}`);
  if (isOver) {
    process.stdout.write(`${turns}\n`);
    process.exit(0);
  }
  setImmediate(round);
}

process.stdin.on('end', () => {
  isOver = true;
});
process.stdin.resume();
round();
