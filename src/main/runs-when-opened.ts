/** Which files are programs to some system or other: nobody's double click in a list of files may start one. */
import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';

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
  const handle = await open(path, 'r');
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
