/** Opening the user's files: with the system's program for them, but never one that runs by being opened. */
import { lstat, open as openHandle, realpath } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { shell } from 'electron';
import { type Refused, refused } from '../ipc/contract.ts';

/** What some system or other runs, installs or obeys when it is opened. In small letters. */
const RUNS = new Set(
  [
    'exe com scr pif bat cmd ps1 psm1 ps1xml psc1 msi msp mst msix appx appxbundle cpl msc gadget application',
    'vb vbs vbe js jse mjs cjs ws wsf wsh wsc hta jar jnlp class reg inf ins isp lnk url scf settingcontent-ms',
    'library-ms search-ms appref-ms chm hlp xll iso img vhd vhdx dmg pkg mpkg app command tool term terminal',
    'workflow action scpt scptd applescript osascript inetloc fileloc webloc mobileconfig prefpane',
    'sh bash zsh fish csh ksh py pyc pyw pl rb php lua tcl run bin elf out so desktop appimage deb rpm snap',
    'flatpak flatpakref flatpakrepo service',
  ]
    .join(' ')
    .split(' '),
);

/** The beginnings of programs: scripts, ELF, Windows, macOS (both orders, and the fat kind that Java shares). */
const PROGRAMS = ['2321', '7f454c46', '4d5a', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'];

async function firstBytes(path: string): Promise<string> {
  const handle = await openHandle(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('hex');
  } finally {
    await handle.close();
  }
}

/** By its name, which decides on Windows and in most desktops, and by its bytes, which decide elsewhere. */
export async function runsWhenOpened(path: string): Promise<boolean> {
  // Dots and blanks at the end are not part of a name for Windows.
  const name = basename(path)
    .toLowerCase()
    .replace(/[. ]+$/, '');
  if (RUNS.has(extname(name).slice(1))) return true;
  const start = await firstBytes(path);
  return PROGRAMS.some((magic) => start.startsWith(magic));
}

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
