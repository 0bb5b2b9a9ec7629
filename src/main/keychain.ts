/**
 * The device's token in the keychain of the system. It is sealed by Electron's safeStorage, whose key the keychain
 * keeps, into one owner-only file beside the state. Where the keychain is no more than a disguise, or none, nothing
 * is sealed: the engine keeps its token in its owner-only state as it does for the command line, and the app says so.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { safeStorage } from 'electron';
import type { ShellState } from '../ipc/window.ts';
import { isKeyringLocked } from './session-bus.ts';

export type KeychainKind = ShellState['keychain'];

/** 'locked': sealed, and the keychain is closed. 'lost': sealed, and it will never open again. */
export type StoredToken =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'none' | 'locked' | 'lost' };

const TOKEN = /^[A-Za-z0-9_-]{32,128}$/;

export interface Keychain {
  /** By its name only: asks the user for nothing. */
  readonly expected: KeychainKind;
  /** By trying it, which may make the system ask the user to unlock it. */
  tried(): KeychainKind;
  keep(token: string): Promise<void>;
  /** `mayAsk`: the system may ask the user to unlock it. Electron remembers a "no" until it is started again. */
  read(mayAsk: boolean): Promise<StoredToken>;
  forget(): Promise<void>;
}

function expectedKind(): KeychainKind {
  if (process.platform !== 'linux') return safeStorage.isEncryptionAvailable() ? 'strong' : 'none';
  const backend = safeStorage.getSelectedStorageBackend();
  return backend === 'basic_text' ? 'weak' : backend === 'unknown' ? 'none' : 'strong';
}

function triedKind(): KeychainKind {
  const expected = expectedKind();
  if (expected !== 'strong') return expected;
  try {
    // What is sealed and cannot be opened again would lock the device out at the next start.
    const sealed = safeStorage.encryptString('tidemark');
    return safeStorage.decryptString(sealed) === 'tidemark' ? 'strong' : 'none';
  } catch {
    return 'none';
  }
}

export function openKeychain(file: string): Keychain {
  return {
    expected: expectedKind(),
    tried: triedKind,
    keep: async (token) => {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const next = `${file}.${process.pid}`;
      await writeFile(next, safeStorage.encryptString(token), { mode: 0o600 });
      await rename(next, file);
    },
    read: async (mayAsk) => {
      const sealed = await readFile(file).catch(() => null);
      if (sealed === null) return { kind: 'none' };
      if (!mayAsk && (await isKeyringLocked()) === true) return { kind: 'locked' };
      if (!safeStorage.isEncryptionAvailable()) return { kind: 'locked' };
      try {
        const token = safeStorage.decryptString(sealed);
        return TOKEN.test(token) ? { kind: 'token', token } : { kind: 'lost' };
      } catch {
        return { kind: 'lost' };
      }
    },
    forget: () => rm(file, { force: true }),
  };
}
