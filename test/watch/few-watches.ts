/** Run where only ten watches are allowed: what does the watch say of itself? */
import * as fs from 'node:fs/promises';
import { openNodeWatch } from '../../src/engine/local/node-watch.ts';
import { freshFolder } from '../disk/real-world.ts';

const root = await freshFolder();
const folders = Array.from({ length: 20 }, (_, index) => `f${index}`);
for (const folder of folders) await fs.mkdir(`${root}/${folder}`);
let hinted = false;
const watch = openNodeWatch({ root, strategy: 'folders' });
await watch.start((hints) => {
  if (hints.some((hint) => hint.kind === 'look' && hint.folder === 'f1' && hint.child === 'new'))
    hinted = true;
});
await watch.addFolders(folders);
const { complete, why } = watch.health();
console.log(`${complete} ${why.includes('ENOSPC') ? 'ENOSPC' : why}`);
await fs.writeFile(`${root}/f1/new`, 'x');
await new Promise((resolve) => setTimeout(resolve, 200));
console.log(`hint ${hinted}`);
watch.removeFolders(folders.slice(5));
await watch.addFolders(folders.slice(0, 5));
console.log(String(watch.health().complete));
await watch.close();
await fs.rm(root, { recursive: true });
