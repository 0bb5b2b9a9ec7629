/** Codes to sign up with, made and listed on the data folder, also while the server runs. */
import { resolve } from 'node:path';
import { existingDataFolder, openPresentStore } from '../data-folder.ts';
import type { SignUpCodeRow } from '../metadata/people-rows.ts';
import { realClock, realRandom } from '../real-effects.ts';
import { CODE_BYTES, codeHash, codeOf, isOpen } from './sign-up-codes.ts';

const DAY_MS = 86_400_000;

/** The code is told once, here. */
export async function makeInvite(
  data: string,
  days: number,
): Promise<{ readonly code: string; readonly expiresAt: number }> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    const code = codeOf(realRandom.bytes(CODE_BYTES));
    const madeAt = realClock.now();
    const expiresAt = madeAt + days * DAY_MS;
    await store.write(async (tx) => tx.addSignUpCode({ hash: codeHash(code), madeAt, expiresAt }));
    return { code, expiresAt };
  } finally {
    await store.close();
  }
}

export interface InviteLine extends Omit<SignUpCodeRow, 'hash'> {
  /** Somebody can still come in by it. */
  readonly isOpen: boolean;
}

/** Oldest first; what the codes are is not known any more. */
export async function listInvites(data: string): Promise<readonly InviteLine[]> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    const rows = await store.read(async (tx) => tx.signUpCodes());
    return rows.map((row) => {
      const { hash: _hidden, ...line } = row;
      return { ...line, isOpen: isOpen(row, realClock.now()) };
    });
  } finally {
    await store.close();
  }
}
