/**
 * The key that wraps the keys, and where it comes from. `check.json` says which one is in use: a wrong one would write
 * what nobody can ever read. A new key takes over in the moment in which that file is replaced; `next.key` is the one
 * that waits for it.
 */
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Refusal } from '../../refusal.ts';
import { flushFolder, replaceFile, systemCode } from './durable-file.ts';
import { checkOf, opensCheck } from './key-check.ts';
import { drawMasterKey, type KeyWrapper, masterKeyOf } from './key-wrapper.ts';

export type MasterKeySource =
  /** `master.key` in the key folder, drawn on the very first start. */
  | { readonly kind: 'folder' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'text'; readonly text: string }
  /** A service that has the key. */
  | { readonly kind: 'wrapper'; readonly wrapper: KeyWrapper };

/** As the environment says it. Throws a Refusal when it says two things. */
export function masterKeySource(env: Readonly<Record<string, string | undefined>>): MasterKeySource {
  const path = env['TIDEMARK_MASTER_KEY_FILE'];
  const text = env['TIDEMARK_MASTER_KEY'];
  if (path !== undefined && text !== undefined)
    throw new Refusal('TIDEMARK_MASTER_KEY_FILE and TIDEMARK_MASTER_KEY are both set; set one of them.');
  if (path !== undefined) return { kind: 'file', path };
  return text === undefined ? { kind: 'folder' } : { kind: 'text', text };
}

export const keyPaths = (folder: string) => ({
  master: join(folder, 'master.key'),
  check: join(folder, 'check.json'),
  next: join(folder, 'next.key'),
  nextCheck: join(folder, 'check-next.json'),
  rotation: join(folder, 'rotation.json'),
});

/** Opens the master key of a server. `inUse`: something is sealed already. Throws a Refusal for any but the right one. */
export async function openMasterKey(
  folder: string,
  inUse: boolean,
  source: MasterKeySource = { kind: 'folder' },
): Promise<KeyWrapper> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const paths = keyPaths(folder);
  if (source.kind === 'folder') await finishTakeOver(folder);
  const check = await readIfThere(paths.check);
  const { master, name } = await keyAt(folder, source, inUse || check !== null);
  // Only a first start that was cut short has a key and no check, and it sealed nothing.
  if (check === null ? inUse : !(await opensCheck(master, check)))
    throw new Refusal(
      `${name} is not the one the stored files were written with; put the right one back and start again.`,
    );
  if (check === null) await replaceFile(paths.check, await checkOf(master));
  return master;
}

/** A key that took over stands where the next start looks for it, also when the power went in between. */
export async function finishTakeOver(folder: string): Promise<void> {
  const { master, next, check } = keyPaths(folder);
  const [text, checkText] = [await readIfThere(next), await readIfThere(check)];
  const waiting = text === null ? null : masterKeyOf(text);
  if (waiting === null || checkText === null || !(await opensCheck(waiting, checkText))) return;
  await rename(next, master);
  await flushFolder(folder);
}

/** The key of a source, and what to call it in a sentence. */
async function keyAt(
  folder: string,
  source: MasterKeySource,
  inUse: boolean,
): Promise<{ readonly master: KeyWrapper; readonly name: string }> {
  if (source.kind === 'wrapper') return { master: source.wrapper, name: 'The master key' };
  const isText = source.kind === 'text';
  const path = source.kind === 'file' ? source.path : keyPaths(folder).master;
  const name = isText ? 'The master key in TIDEMARK_MASTER_KEY' : `The master key ${path}`;
  const text = isText ? source.text : await readIfThere(path);
  if (text === null && (inUse || source.kind === 'file'))
    throw new Refusal(
      `${name} is missing, and without it the stored files cannot be read; put it back and start again.`,
    );
  const master = masterKeyOf(text ?? (await drawInto(path, folder)));
  if (master === null) throw new Refusal(`${name} is not a Tidemark master key.`);
  return { master, name };
}

async function drawInto(path: string, folder: string): Promise<string> {
  const drawn = drawMasterKey();
  await replaceFile(path, drawn);
  await flushFolder(join(folder, '..'));
  return drawn;
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw cause;
  }
}
