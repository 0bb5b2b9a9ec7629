/**
 * Names are flushed before the state knows of them: it must not know of what the disk may still forget (RULES 20). A flush
 * that fails is tried again for a while, as disks fail now and then. One that never works is waited for once, and no more.
 */
import type { DiskTrouble, RelPath } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';

const TRIES = 8;
const FIRST_PAUSE_MS = 50;
/** What may be over in a moment. What is gone needs no flush, and what cannot be flushed never will be. */
const PASSING: ReadonlySet<DiskTrouble> = new Set<DiskTrouble>([
  'input-output',
  'busy',
  'denied',
  'full',
  'too-many-open',
]);

export class Flusher {
  private readonly env: Environment;
  private readonly stopped: () => boolean;
  private isHopeless = false;

  constructor(env: Environment, stopped: () => boolean) {
    this.env = env;
    this.stopped = stopped;
  }

  /** Names in folders. */
  async folders(paths: readonly RelPath[]): Promise<void> {
    if (paths.length === 0) return;
    for (let tries = 1; ; tries += 1) {
      const flushed = await this.env.disk.flushFolders(paths);
      if (flushed.kind === 'done') this.isHopeless = false;
      if (flushed.kind === 'done' || flushed.trouble === 'gone') return;
      const isOver = !PASSING.has(flushed.trouble) || this.isHopeless || this.stopped();
      if (isOver || tries >= TRIES) {
        this.isHopeless = true;
        this.env.log('warn', 'names could not be made durable', { detail: flushed.detail });
        return;
      }
      await this.env.clock.sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
    }
  }
}
