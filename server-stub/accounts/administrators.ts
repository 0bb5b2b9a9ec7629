/** Who may look after the server in its console. Works on the data folder, also while the server runs. */
import { resolve } from 'node:path';
import { existingDataFolder, openPresentStore } from '../data-folder.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';
import type { UserRow } from '../metadata/rows.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { normalUserName } from './users.ts';

/** All administrators, by name. */
export function listAdministrators(data: string): Promise<readonly string[]> {
  return onStore(data, async (tx) => tx.administrators());
}

/** All administrators from now on. */
export function grantAdministrator(data: string, name: string): Promise<readonly string[]> {
  return onStore(data, async (tx) => {
    await tx.setAdministrator((await userOf(tx, name)).id, realClock.now());
    return tx.administrators();
  });
}

/** `evenTheLast`: without any, nobody can sign in to the console until somebody is named here again. */
export function withdrawAdministrator(
  data: string,
  name: string,
  evenTheLast: boolean,
): Promise<readonly string[]> {
  return onStore(data, async (tx) => {
    const user = await userOf(tx, name);
    if (!(await tx.isAdministrator(user.id))) throw new Refusal(`"${user.name}" is no administrator.`);
    const all = await tx.administrators();
    if (all.length === 1 && !evenTheLast)
      throw new Refusal(
        `"${user.name}" is the last administrator: nobody could sign in to the console any more. With --yes it is done all the same.`,
      );
    await tx.setAdministrator(user.id, null);
    return tx.administrators();
  });
}

async function userOf(tx: WriteTx, name: string): Promise<UserRow> {
  const user = await tx.userByName(normalUserName(name));
  if (user === null) throw new Refusal(`There is no user "${name}".`);
  return user;
}

async function onStore<T>(data: string, work: (tx: WriteTx) => Promise<T>): Promise<T> {
  const store = await openPresentStore(await existingDataFolder(resolve(data)));
  try {
    return await store.write(work);
  } finally {
    await store.close();
  }
}
