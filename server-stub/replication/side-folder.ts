/**
 * Folders of chunk stores beside the first. Each carries a mark with an id that also stands in the database: a folder
 * without it is a disk that is not mounted, or somebody else's, and is never filled as if it were new.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { parserOf, record } from '../../src/protocol/schema.ts';
import { flushFolder, replaceFile, systemCode } from '../chunks/folder/durable-file.ts';
import type { SideSite } from '../chunks/sites.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { Refusal } from '../refusal.ts';

const MARK = 'tidemark-store.json';
const Mark = record({
  site: Type.Union([Type.Literal('cold'), Type.Literal('replica')]),
  id: Type.String({ pattern: '^[0-9a-f]{32}$' }),
});
const parse = parserOf(Mark);

/** The id in the folder's mark; null: there is none, or nothing can be read there. Throws a Refusal for another's. */
export async function markIn(folder: string, site: SideSite): Promise<string | null> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, MARK), 'utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Refusal(`The mark ${join(folder, MARK)} cannot be read.`);
    return null;
  }
  const mark = parse(value);
  if (mark.kind === 'invalid') throw new Refusal(`The mark ${join(folder, MARK)} is none of this program.`);
  if (mark.value.site !== site)
    throw new Refusal(`${folder} is the ${mark.value.site} store of a server, not the ${site} store.`);
  return mark.value.id;
}

/** Makes the folder this server's, on its first start with it. Refuses one that is another server's, or holds something. */
export async function adoptFolder(store: MetadataStore, folder: string, site: SideSite): Promise<string> {
  const known = await store.read(async (tx) => tx.site(site));
  const found = await markIn(folder, site);
  if (known !== null) {
    if (found !== null && found !== known.id)
      throw new Refusal(`${folder} is the ${site} store of another server, or an older one of this server.`);
    if (known.folder !== folder) await store.write(async (tx) => tx.setSite(site, { ...known, folder }));
    return known.id;
  }
  const id = found ?? (await markFolder(folder, site));
  await store.write(async (tx) => tx.setSite(site, { id, whole: false, folder }));
  return id;
}

/** Marks an empty folder as a store; answers its new id. Throws a Refusal for any other. */
export async function markFolder(folder: string, site: SideSite): Promise<string> {
  const id = randomBytes(16).toString('hex');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if ((await readdir(folder)).length > 0)
      throw new Refusal(`There is something else in ${folder}; give an empty folder for the ${site} store.`);
    await replaceFile(join(folder, MARK), `${JSON.stringify({ site, id })}\n`);
    await flushFolder(folder);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(`The folder ${folder} cannot be created or written (${systemCode(cause) ?? cause}).`);
  }
  return id;
}
