/**
 * The folder that is synced: proven to be ours before anything is written into it, and again before anything in it is
 * removed. Where the folder or the state was put back from a copy, the two are merged without a base: nothing is deleted.
 */
import type { ErrorCode } from '../protocol/errors.ts';
import { ROOT_NODE } from '../protocol/ids.ts';
import type { Account } from './account.ts';
import type { Disk, DiskFailure, DiskTrouble, Stamp } from './environment/disk.ts';
import type { Environment } from './environment/environment.ts';
import type { Halt } from './halt.ts';
import { recognizeRoot } from './root-identity.ts';
import { markerOf, type RootMarker, readMarker, writeMarker } from './root-marker.ts';
import { durably } from './state/database.ts';
import type { State } from './state/state.ts';

type Prepared = Extract<Awaited<ReturnType<Disk['prepare']>>, { kind: 'ready' }>;

export class SyncRoot {
  private readonly env: Environment;
  private readonly state: State;
  private readonly account: Account;
  /** Counts the starts, here, in the marker and at the server, so that a copy of any one of them shows. */
  generation = 0;

  constructor(env: Environment, state: State, account: Account) {
    this.env = env;
    this.state = state;
    this.account = account;
  }

  /** Proves that the folder is ours, prepares its disk and notes this start in state and marker. */
  async open(): Promise<Prepared | Halt> {
    const before = await this.ownMarker();
    if ('code' in before) return before;
    const prepared = await this.env.disk.prepare();
    if (prepared.kind === 'failed') return this.haltOf(prepared);
    // Unmounted since that look, what was prepared is the folder it was mounted on. Marked as ours, all that came down
    // into it would be told as deleted when the disk is back.
    const marker = await this.ownMarker();
    if ('code' in marker) return marker;
    this.recognize(marker, prepared.root);
    const written = await writeMarker(this.env.disk, markerOf(this.account, this.generation, prepared.root));
    return written.kind === 'failed' ? this.haltOf(written) : prepared;
  }

  /** Null while the folder at the path is the one that carries our marker. */
  async trouble(): Promise<Halt | null> {
    const marker = await this.ownMarker();
    return 'code' in marker ? marker : null;
  }

  /** What a disk that refuses the folder as a whole stops us with. */
  haltOf({ trouble, detail }: DiskFailure): Halt {
    const code = haltCodeOf(trouble);
    return { code, facts: { file: this.account.folder, detail }, recovers: true };
  }

  private async ownMarker(): Promise<RootMarker | Halt> {
    const found = await readMarker(this.env.disk);
    const facts = { file: this.account.folder };
    switch (found.kind) {
      case 'failed':
        return this.haltOf(found);
      case 'none':
        return { code: 'root-gone', facts, recovers: true };
      case 'damaged':
        return { code: 'root-replaced', facts: { ...facts, detail: found.detail }, recovers: true };
      case 'marker': {
        const { instance, deviceId } = found.marker;
        const ours = instance === this.account.instance && deviceId === this.account.deviceId;
        return ours ? found.marker : { code: 'root-foreign', facts, recovers: true };
      }
    }
  }

  /** One durable step: what is known of the folder, what has to be forgotten for it, and the number of this start. */
  private recognize(marker: RootMarker, root: Stamp): void {
    const { db, meta } = this.state;
    const at = this.env.clock.now();
    durably(db, () => {
      const known = meta.number('generation');
      const isOther = recognizeRoot(db, meta, root) === 'other';
      const isNew = (meta.get('device') ?? this.account.deviceId) !== this.account.deviceId;
      if (isNew) this.forget('this computer was linked again', at);
      else if (isOther) this.restored('the folder was put back from a copy', at);
      else if (marker.generation > known) this.restored('the state is older than the folder', at);
      else if (marker.generation < known - 1) this.restored('the folder is older than the state', at);
      meta.set('device', this.account.deviceId);
      // A start that did not get as far as the marker is not counted.
      const unmarked = marker.generation === known - 1;
      this.generation = unmarked ? known : Math.max(known, marker.generation) + 1;
      meta.set('generation', String(this.generation));
    });
  }

  private restored(why: string, at: number): void {
    this.forget(why, at);
    this.state.problems.noteMerge('root-restored', this.account.folder, at);
  }

  /** What was agreed on is not to be believed: everything is compared again. */
  private forget(why: string, at: number): void {
    this.env.log('warn', 'merging without a base', { why });
    this.state.transaction(() => {
      this.state.synced.clear();
      this.state.claims.clear();
      this.state.online.clearLeaving();
      this.state.meta.setCursor(null);
      this.state.meta.noteDecided(null);
      this.state.meta.set('union-merge', 'yes');
      this.state.db.exec(
        'DELETE FROM remote; DELETE FROM local; DELETE FROM successors; DELETE FROM reviews; DELETE FROM approvals;',
      );
      this.state.forgetRows();
      this.state.problems.forgetGone();
      this.state.ledger.add({ at, node: ROOT_NODE, path: '', verb: 'merged', rule: why, detail: '' });
    });
  }
}

function haltCodeOf(trouble: DiskTrouble): ErrorCode {
  switch (trouble) {
    case 'gone':
    case 'not-folder':
      return 'root-gone';
    case 'full':
      return 'root-full';
    case 'denied':
      return 'root-unwritable';
    default:
      return 'disk-error';
  }
}
