/**
 * What differs between operating systems below the interface of the disk. Linux is run in the tests; macOS and Windows
 * are written from documented behaviour and NOT RUN HERE.
 */
import { constants } from 'node:fs';

export interface Platform {
  readonly name: 'linux' | 'darwin' | 'win32';
  /** Flags that make an open refuse links and not hang on pipes, as far as the system has them. */
  readonly openFlags: number;
  /** False where folders cannot be opened for a flush (Windows: EPERM; NTFS journals its names itself). */
  readonly flushesFolders: boolean;
  /** True where some names that other systems hold are refused or rewritten. */
  readonly refusesNames: boolean;
  acceptsName(name: string): boolean;
  /** The spelling under which a folding disk may find a name: what to compare with the reserved folder. */
  plainName(name: string): string;
}

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_HANG = constants.O_NONBLOCK ?? 0;

const linux: Platform = {
  name: 'linux',
  openFlags: NO_FOLLOW | NO_HANG,
  flushesFolders: true,
  refusesNames: false,
  acceptsName: () => true,
  plainName: (name) => name.toLowerCase(),
};

/** Code points that HFS+ ignores when it compares names (Apple TN1150); APFS does not, refusing more is harmless. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

// NOT RUN HERE. fsync is F_FULLFSYNC in libuv, folders can be flushed, link(2) follows links (so links are renamed).
const darwin: Platform = {
  name: 'darwin',
  openFlags: NO_FOLLOW | NO_HANG,
  flushesFolders: true,
  refusesNames: false,
  acceptsName: () => true,
  plainName: (name) => name.normalize('NFC').replace(HFS_IGNORED, '').toLowerCase(),
};

const WINDOWS_DEVICES =
  /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?: *\..*)?$/i;
const WINDOWS_REFUSED = /[\x00-\x1f<>:"/\\|?*]|[. ]$/;
/** Could be the 8.3 alias of the reserved folder, which the system makes up on its own. */
const WINDOWS_ALIAS = /^tidema~[0-9]+(?:\..*)?$/i;

// NOT RUN HERE. Names that Win32 rewrites (trailing dots and spaces, device names, streams after ':') would reach
// another object than the one named, so they are refused before the system sees them.
const win32: Platform = {
  name: 'win32',
  openFlags: 0,
  flushesFolders: false,
  refusesNames: true,
  acceptsName: (name) =>
    !WINDOWS_REFUSED.test(name) && !WINDOWS_DEVICES.test(name) && !WINDOWS_ALIAS.test(name),
  plainName: (name) => name.toLowerCase(),
};

export function platformOf(name: NodeJS.Platform): Platform {
  if (name === 'darwin') return darwin;
  return name === 'win32' ? win32 : linux;
}
