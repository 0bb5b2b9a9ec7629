import { statfsSync } from 'node:fs';
import { diskSuite } from './disk-suite.ts';
import { CALL_KINDS, realWorld } from './real-world.ts';

const TMPFS_MAGIC = 0x01021994;
const SHARED_MEMORY = '/dev/shm';

for (const calls of CALL_KINDS) {
  diskSuite(`${calls} calls on the file system of temporary files`, () => realWorld(calls));
  if (isTmpfs(SHARED_MEMORY)) {
    diskSuite(`${calls} calls on tmpfs`, () => realWorld(calls, SHARED_MEMORY));
  }
}

function isTmpfs(path: string): boolean {
  try {
    return statfsSync(path).type === TMPFS_MAGIC;
  } catch {
    return false;
  }
}
