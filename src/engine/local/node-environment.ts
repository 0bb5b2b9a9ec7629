/** The real Environment of one device. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Account } from '../account.ts';
import type { Environment, Log, LogLevel } from '../environment/environment.ts';
import type { Transport } from '../environment/transport.ts';
import { createNodeTransport } from '../remote/node-transport.ts';
import { nodeClock, nodeRandom } from './node-clock.ts';
import { openNodeDisk } from './node-disk.ts';
import { openNodeHashing } from './node-hashing.ts';
import { openNodeWatch } from './node-watch.ts';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Lines of JSON on stderr, from the level in `TIDEMARK_LOG` (default: warn) up. */
export const nodeLog: Log = (level, message, facts = {}) => {
  const least = LEVELS.indexOf((process.env['TIDEMARK_LOG'] ?? 'warn') as LogLevel);
  if (LEVELS.indexOf(level) < least) return;
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);
};

/** Linux draws an id at each start of the machine. */
export function nodeBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** V8 keeps the heap of a burst until it needs to collect again, which an idle process never does. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

/** `shared`: a line of somebody else's, used and not closed. */
export async function openNodeEnvironment(
  folder: string,
  line: Pick<Account, 'serverUrl' | 'ca'>,
  shared: Transport | null = null,
): Promise<Environment & { close(): Promise<void> }> {
  const disk = await openNodeDisk({
    root: folder,
    forceFallback: process.env['TIDEMARK_HELPER'] === 'fallback',
  });
  const hashing = openNodeHashing({ disk });
  const watch = openNodeWatch({ root: folder });
  const transport =
    shared ?? createNodeTransport({ serverUrl: line.serverUrl, env: process.env, ca: line.ca ?? null });
  return {
    clock: nodeClock,
    random: nodeRandom,
    disk,
    hashing,
    watch,
    transport,
    log: nodeLog,
    memory: () => process.memoryUsage.rss(),
    releaseMemory: collectGarbage,
    bootId: nodeBootId,
    close: async () => {
      await watch.close();
      await hashing.close();
      if (shared === null) await transport.close();
      await disk.close();
    },
  };
}
