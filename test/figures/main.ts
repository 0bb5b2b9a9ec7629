/** `npm run figures:server`: how fast the server is, as a table. */
import { parseArgs } from 'node:util';
import { catchUp } from './catch-up.ts';
import { commits } from './commits.ts';
import type { Figure } from './figure.ts';
import { wideFolder } from './wide-folder.ts';

const PARTS: Readonly<Record<string, (scale: number) => Promise<readonly Figure[]>>> = {
  commits,
  'catch-up': catchUp,
  wide: wideFolder,
};

const { values } = parseArgs({
  options: { scale: { type: 'string', default: '1' }, only: { type: 'string' } },
});
const scale = Number(values.scale);
const only = values.only?.split(',') ?? Object.keys(PARTS);
for (const name of only) {
  const part = PARTS[name];
  if (part === undefined || !(scale > 0 && scale <= 1)) {
    console.error(`--only ${Object.keys(PARTS).join(',')} --scale 0.1`);
    process.exit(2);
  }
  for (const { what, value, aim } of await part(scale)) console.log(`${what}: ${value} (aim ${aim})`);
}
process.exit(0);
