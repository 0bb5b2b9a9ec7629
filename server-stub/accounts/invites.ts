/** Codes to sign up with, made, listed and taken back on the data folder, also while the server runs. */
import { resolve } from 'node:path';
import { existingDataFolder, openPresentStore } from '../data-folder.ts';
import type { SignUpCodeRow } from '../metadata/people-rows.ts';
import { realClock, realRandom } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
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

/** So much of its hash names a code to an operator; from it nobody learns the code. */
const ID_LENGTH = 8;

export interface InviteLine extends Omit<SignUpCodeRow, 'hash'> {
  readonly id: string;
  /** Somebody can still come in by it. */
  readonly isOpen: boolean;
}

/** Oldest first; what the codes are is not known any more. */
export async function listInvites(data: string): Promise<readonly InviteLine[]> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    const rows = await store.read(async (tx) => tx.signUpCodes());
    return rows.map((row) => {
      const { hash, ...line } = row;
      return { id: hash.slice(0, ID_LENGTH), ...line, isOpen: isOpen(row, realClock.now()) };
    });
  } finally {
    await store.close();
  }
}

/** By the id it is listed under, or by the code itself. Throws a Refusal where there is none that nobody used. */
export async function takeBackInvite(data: string, typed: string): Promise<void> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    await store.write(async (tx) => {
      const id = typed.trim().toLowerCase();
      const listed = (await tx.signUpCodes()).filter(({ hash }) => hash.slice(0, ID_LENGTH) === id);
      if (listed.length > 1) throw new Refusal(`More than one code has the id ${id}; give the code itself.`);
      const hash = listed[0]?.hash ?? codeHash(typed);
      const row = await tx.signUpCode(hash);
      if (row === null) throw new Refusal('There is no such code.');
      if (!(await tx.removeSignUpCode(hash)))
        throw new Refusal(`That code was used by ${row.usedBy ?? 'somebody'} already; nothing was changed.`);
    });
  } finally {
    await store.close();
  }
}
