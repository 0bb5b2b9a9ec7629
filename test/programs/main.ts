/** `npm run programs [-- --only TEXT]`: every program at work between two devices; as root, missing ones are installed. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ALL_PROGRAMS } from './all-programs.ts';
import { Desk, type ProgramCase } from './program-case.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });

function install(cases: readonly ProgramCase[]): void {
  if (process.getuid?.() !== 0 || process.env['TIDEMARK_NO_APT'] === '1') return;
  const wanted = [...new Set(cases.flatMap(({ packages }) => packages))].filter((name) => name !== 'npm');
  const known = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted], {
    encoding: 'utf8',
  }).stdout;
  const missing = wanted.filter((name) => !known.split('\n').includes(`${name} installed`));
  if (missing.length === 0) return;
  console.log(`installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const words = [
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=120',
    ...missing,
  ];
  spawnSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function main(): Promise<void> {
  const cases = ALL_PROGRAMS.filter(({ name }) => name.includes(values.only));
  install(cases);
  let desk = await Desk.open();
  let failed = 0;
  try {
    for (const each of cases) {
      const start = performance.now();
      const error = await each.run(desk).then(() => null, String);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${error === null ? 'ok  ' : 'FAIL'} ${seconds.padStart(6)} s  ${each.name}`);
      if (error === null) continue;
      failed += 1;
      console.log(error);
      await desk.close();
      desk = await Desk.open();
    }
  } finally {
    await desk.close();
  }
  console.log(`${cases.length} programs, ${failed} failed`);
  if (cases.length === 0 || failed > 0) process.exitCode = 1;
}

await main();
