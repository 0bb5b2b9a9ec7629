/** A loopback device of our own, so that wire bytes are the measured system's and nothing can leave the machine. */
import { spawn, spawnSync } from 'node:child_process';

const MARK = 'TIDEMARK_BENCH_LOOPBACK';
const INSIDE = 'ip link set lo up && exec "$@"';

/** True when this process runs on a loopback device of its own. */
export function hasPrivateLoopback(): boolean {
  return process.env[MARK] === 'own';
}

/** How this user may get a network of its own here, if at all. */
function unshareWords(): readonly string[] | null {
  const ways = [['--net'], ['--user', '--map-root-user', '--net']];
  const works = (way: readonly string[]) =>
    spawnSync('unshare', [...way, 'sh', '-c', INSIDE, 'sh', 'true'], { stdio: 'ignore' }).status === 0;
  return ways.find(works) ?? null;
}

/** Runs this program again inside; answers with its exit code, or null where the system does not allow that. */
export async function runInside(): Promise<number | null> {
  const way = unshareWords();
  if (way === null) return null;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', [...way, 'sh', '-c', INSIDE, 'sh', ...again], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: 'own' },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
