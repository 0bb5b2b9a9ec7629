/** Opening the user's files: with the system's program for them, but never one that runs by being opened. */
import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { shell } from 'electron';
import { type Refused, refused } from '../ipc/contract.ts';
import { runsWhenOpened } from './runs-when-opened.ts';

type Done = { readonly kind: 'done' };
const DONE: Done = { kind: 'done' };

/** Where `path` of the synced folder is; null when a link on the way leads out of it, or it is not there. */
async function inside(folder: string, path: string): Promise<string | null> {
  try {
    const root = await realpath(folder);
    const target = join(root, ...path.split('/'));
    const real = await realpath(target);
    return real === root || real.startsWith(root + sep) ? target : null;
  } catch {
    return null;
  }
}

export async function openWithProgram(path: string, name: string): Promise<Done | Refused> {
  const trouble = await shell.openPath(path);
  return trouble === '' ? DONE : refused('cannot-open', { file: name, detail: trouble });
}

export async function openFile(folder: string, path: string): Promise<Done | Refused> {
  const target = await inside(folder, path);
  if (target === null) return refused('cannot-open', { file: path, detail: 'it is not in the folder' });
  const stat = await lstat(target);
  if (stat.isDirectory()) return openWithProgram(target, path);
  try {
    if (!stat.isFile() || (await runsWhenOpened(target))) {
      shell.showItemInFolder(target);
      return DONE;
    }
  } catch (error) {
    return refused('cannot-open', {
      file: path,
      detail: error instanceof Error ? error.message : 'unreadable',
    });
  }
  return openWithProgram(target, path);
}

export async function showFile(folder: string, path: string): Promise<Done | Refused> {
  if (path === '') return openWithProgram(folder, folder);
  const target = await inside(folder, path);
  if (target === null) return refused('cannot-open', { file: path, detail: 'it is not in the folder' });
  shell.showItemInFolder(target);
  return DONE;
}
