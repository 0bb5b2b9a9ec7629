/** How freshly built files take the place of older ones. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** A file that an older, still running program may yet import is left alone this long … */
const KEEP_OLD_MS = 24 * 60 * 60 * 1000;
/** … and through this many builds: editing all day does not pile up files. */
const KEEP_BUILDS = 8;
const BUILDS_FILE = '.builds.json';

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** What the last builds consisted of, newest first. A file that makes no sense is as good as none. */
async function knownBuilds(outFolder: string): Promise<readonly (readonly string[])[]> {
  try {
    const value: unknown = JSON.parse(await readFile(join(outFolder, BUILDS_FILE), 'utf8'));
    return Array.isArray(value)
      ? value.filter(Array.isArray).map((build) => build.filter((file) => typeof file === 'string'))
      : [];
  } catch {
    return [];
  }
}

export interface Output {
  /** Where the fresh files are, on the same disk. */
  readonly staging: string;
  readonly outFolder: string;
  /** Files that others start by their name: put in place last, and removed at once when they are built no more. */
  readonly isEntry: (file: string) => boolean;
  /** Which files of the folder are made by this build at all. */
  readonly isOurs: (file: string) => boolean;
}

/**
 * Renames the new files over the old ones, chunks before the entry points that name them: whoever starts in
 * between gets a whole program, old or new.
 */
export async function replaceOutput({ staging, outFolder, isEntry, isOurs }: Output): Promise<void> {
  const fresh = [...(await filesBelow(staging))].sort((a, b) => Number(isEntry(a)) - Number(isEntry(b)));
  for (const file of fresh) {
    await mkdir(dirname(join(outFolder, file)), { recursive: true });
    await rename(join(staging, file), join(outFolder, file));
  }
  await rm(staging, { recursive: true });
  const builds = [fresh, ...(await knownBuilds(outFolder))].slice(0, KEEP_BUILDS);
  const known = new Set(builds.flat());
  for (const file of await filesBelow(outFolder)) {
    if (!isOurs(file) || fresh.includes(file)) continue;
    const path = join(outFolder, file);
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (isEntry(file) || !known.has(file) || age > KEEP_OLD_MS) await rm(path, { force: true });
  }
  await writeFile(join(outFolder, BUILDS_FILE), JSON.stringify(builds));
}
