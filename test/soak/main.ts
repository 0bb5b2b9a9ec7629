/** `npm run soak [-- --minutes 60 --seed 1 --tree DIR --tree DIR]` */
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stream } from '../simulation/random.ts';
import { Fleet } from '../support/devices.ts';
import { TreeUser } from './tree-user.ts';
import { makeTrouble, workFor } from './trouble.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    tree: { type: 'string', multiple: true, default: ['/usr/include', '/usr/share/doc'] },
  },
});
const CONVERGE_MS = 600_000;
const CALM_MS = 25_000;

/** The first device's folder starts as a copy of the trees. */
async function openFleet(): Promise<Fleet> {
  const fleet = await Fleet.open();
  for (const name of ['laptop', 'studio']) {
    const device = await fleet.link(name, '--brake-files', 'off');
    if (name === 'laptop') copyTrees(device.folder);
    await device.start();
  }
  return fleet;
}

function copyTrees(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const tree of values.tree)
    if (existsSync(tree))
      cpSync(tree, join(folder, basename(tree)), { recursive: true, verbatimSymlinks: true });
}

async function work(fleet: Fleet, random: Stream): Promise<void> {
  const users = fleet.devices.map((device) => new TreeUser(device.folder, random));
  const act = (): void => random.pick(users).act();
  const troubles = new Map<string, number>();
  const end = performance.now() + Number(values.minutes) * 60_000;
  while (performance.now() < end) {
    await workFor(CALM_MS + random.below(CALM_MS), random, act);
    const what = await makeTrouble(fleet, random, (ms) => workFor(ms, random, act));
    troubles.set(what, (troubles.get(what) ?? 0) + 1);
    console.log(
      `${new Date().toISOString()} ${what}; ${users.reduce((sum, { count }) => sum + count, 0)} edits so far`,
    );
  }
  for (const [i, user] of users.entries()) console.log(fleet.devices[i]?.name, Object.fromEntries(user.done));
  console.log('troubles', Object.fromEntries(troubles));
}

async function main(): Promise<void> {
  console.log(`seed ${values.seed}, ${values.minutes} minutes`);
  const fleet = await openFleet();
  try {
    console.log(`${(await fleet.converge(CONVERGE_MS)).size} things on both devices`);
    await work(fleet, new Stream(Number(values.seed), 'soak'));
    const picture = await fleet.converge(CONVERGE_MS);
    console.log(`In step: ${picture.size} things, every byte of both folders compared.`);
    for (const device of fleet.devices) {
      console.log(`${device.name}: ${(await device.status()).sentence}`);
      for (const { sentence } of (await device.ask('conflicts.list', {})).conflicts)
        console.log(`  ${sentence}`);
    }
  } finally {
    await fleet.close();
  }
}

await main();
