/** `npm run bench`: measures real processes on real folders, ours and if wanted Syncthing's, and prints a table. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Row, runOn } from './bench-run.ts';
import { hasPrivateLoopback, runInside } from './private-loopback.ts';
import { reportOf } from './report.ts';
import { parseSettings, type Settings, USAGE } from './settings.ts';
import { SyncthingSystem, syncthingVersion } from './syncthing-system.ts';
import type { MakeSystem } from './system.ts';
import { TidemarkSystem } from './tidemark-system.ts';
import { WORKLOADS } from './workloads.ts';

const tidemark: MakeSystem = (root) => new TidemarkSystem(root);
const syncthing: MakeSystem = (root) => new SyncthingSystem(root);

/** Answers with how many measurements failed. */
async function measureAll(settings: Settings, root: string): Promise<number> {
  const rows: Row[] = [];
  let failures = 0;
  const emit = (row: Row) => {
    rows.push(row);
    if (!row.equal) failures += 1;
    if (settings.out !== null) appendFileSync(settings.out, `${JSON.stringify(row)}\n`);
    console.error(
      `${row.workload} ${row.system}, ${row.step}: ${row.wallSeconds?.toFixed(3) ?? 'not reached'} s`,
    );
  };
  let pair = 0;
  for (const { name, parts, withPeer } of WORKLOADS.filter(({ name }) => settings.workloads.includes(name)))
    for (const part of parts)
      for (const make of withPeer && settings.peer !== null ? [syncthing, tidemark] : [tidemark]) {
        pair += 1;
        const where = { root: join(root, `pair-${pair}`), workload: name, settings, emit };
        // One that fails is told and does not stop the others.
        await runOn(make, where, part).catch((error: unknown) => {
          failures += 1;
          console.error(`${name} failed:`, error);
        });
      }
  console.log(reportOf(rows, hasPrivateLoopback()));
  return failures;
}

async function main(): Promise<number> {
  const names = WORKLOADS.map(({ name }) => name);
  const parsed = parseSettings(process.argv.slice(2), names);
  if (parsed.kind === 'wrong') {
    console.error(`${parsed.why}\n\n${USAGE}`);
    return 2;
  }
  if (process.platform !== 'linux') {
    console.error('The bench reads CPU, memory and wire bytes from /proc, which only Linux has.');
    return 2;
  }
  const { settings } = parsed;
  if (settings.peer !== null && syncthingVersion() === null) {
    console.error('syncthing is not installed: leave --peer away, or install it.');
    return 2;
  }
  if (!hasPrivateLoopback()) {
    const code = await runInside();
    if (code !== null) return code;
    console.error('No loopback device of our own here: wire bytes count what other programs send as well.');
  }
  const root = mkdtempSync(join(settings.tmp, 'tidemark-bench-'));
  // Whoever started processes ends them on exit as well; the trees go after them.
  process.on('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(143));
  return (await measureAll(settings, root)) === 0 ? 0 : 1;
}

process.exit(await main());
