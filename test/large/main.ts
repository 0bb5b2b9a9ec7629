/** `npm run large -- --gib 10`: a file of full size, with figures. Needs three times its size in the temporary folder. */
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { type Leg, largeRun } from './large-run.ts';

const GIB = 1024 ** 3;
const { values } = parseArgs({ options: { gib: { type: 'string', default: '10' } } });
const size = Math.round(Number(values.gib) * GIB);
if (!(size >= GIB / 16)) throw new Error('--gib takes a number from 0.0625 on');
const { bavail, bsize } = statfsSync(tmpdir());
if (bavail * bsize < size * 3.2)
  throw new Error(`${tmpdir()} has no room for ${values.gib} GiB, three times`);

const mib = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
const told = (way: string, { seconds, bytes, resent }: Leg) =>
  `${way}: ${mib(bytes)} on the line in ${seconds.toFixed(1)} s with two kills; ${mib(resent)} beyond the file`;
const figures = await largeRun(size);
console.log(`a file of ${mib(figures.size)}, every byte compared`);
console.log(told('up', figures.up));
console.log(told('down', figures.down));
console.log(`most memory: engine ${mib(figures.engineRss)}, server ${mib(figures.serverRss)}`);
