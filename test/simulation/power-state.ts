/**
 * A state.db of a simulated computer: real SQLite in memory, whose commits reach the disk as those of a write-ahead log do.
 * A commit under `synchronous=FULL` is durable, with everything before it; of those since then a power cut takes the
 * newest, up to any of them, and never one from between. A kill takes nothing that was committed.
 */
import { stagedName } from '../../src/engine/executor/staging.ts';
import type { Db } from '../../src/engine/state/database.ts';
import type { NodeId, VersionId } from '../../src/protocol/ids.ts';
import { newState } from './device.ts';
import type { LentDatabase } from './lent-database.ts';
import { stateFrom } from './memory-databases.ts';
import type { Stream } from './random.ts';

/** What a power cut took of a state. */
export interface CutState {
  readonly lostCommits: boolean;
  /** Versions that stood on the disk, or were about to, and of which the state does not say so: their names in staging. */
  readonly forgotten: readonly string[];
}

function agreedOn(db: Db): readonly string[] {
  return db
    .prepare<[], { node: NodeId; version: VersionId }>(
      'SELECT node, version FROM synced WHERE version IS NOT NULL',
    )
    .all()
    .map(({ node, version }) => stagedName(version, node));
}

/** Whoever starts after a power cut does not believe that these arrived whole. */
function beingPlaced(db: Db): readonly string[] {
  return db
    .prepare<[], { staged: string }>('SELECT staged FROM intents')
    .all()
    .map(({ staged }) => staged);
}

/** One commit in so many can be what a power cut goes back to, besides the last durable one and the last. */
const KEPT_ONE_IN = 6;
const KEPT_MOST = 8;

export class PowerState {
  readonly #stream: Stream;
  #view: LentDatabase;
  #durable: Buffer;
  /** Commits since the durable one, oldest first: not all of them. */
  #later: Buffer[] = [];

  constructor(stream: Stream) {
    this.#stream = stream;
    this.#view = newState();
    this.#durable = this.#view.serialize();
    this.#watch();
  }

  /** Told of every commit. */
  onCommit: () => void = () => undefined;

  get db(): Db {
    return this.#view.db;
  }

  /** The process is gone; what it had not committed is not there. */
  kill(): void {
    if (this.#view.inTransaction) this.#view.exec('ROLLBACK');
  }

  /**
   * The process is gone in the middle of something: whatever of it still runs before time goes on writes into a copy that
   * nobody reads.
   */
  orphan(): void {
    this.#view = this.#view.handOver();
    this.#hasReached(this.copy());
  }

  /** The file as somebody would copy it now. */
  copy(): Buffer {
    return this.#view.serialize();
  }

  /** Another state in its place, durably. */
  putBack(bytes: Buffer): void {
    this.close();
    this.#view = stateFrom(bytes);
    this.#hasReached(bytes);
  }

  /** Nobody works with it any more. */
  close(): void {
    this.#view.giveBack();
  }

  #hasReached(bytes: Buffer): void {
    this.#durable = bytes;
    this.#later = [];
    this.#watch();
  }

  cutPower(): CutState {
    const next = this.#view.handOver();
    const newest = next.serialize();
    const had = agreedOn(next.db);
    const shown = this.#stream.pick([newest, this.#durable, ...this.#later]);
    if (shown !== newest) next.giveBack();
    this.#view = shown === newest ? next : stateFrom(shown);
    this.#hasReached(shown);
    const has = new Set(agreedOn(this.db));
    const forgotten = had.filter((each) => !has.has(each));
    return {
      lostCommits: newest !== shown && !newest.equals(shown),
      forgotten: [...forgotten, ...beingPlaced(this.db)],
    };
  }

  /** Nodes on this disk that server and device never agreed on: what a power cut takes of them nobody removed. */
  unagreed(): readonly string[] {
    return this.db
      .prepare<[], { node: string }>('SELECT node FROM local WHERE node NOT IN (SELECT node FROM synced)')
      .all()
      .map(({ node }) => node);
  }

  #watch(): void {
    this.#view.onCommit = (isFull) => this.#committed(isFull);
  }

  #committed(isDurable: boolean): void {
    this.onCommit();
    if (isDurable) {
      this.#durable = this.copy();
      this.#later = [];
    } else if (this.#later.length < KEPT_MOST && this.#stream.chance(1 / KEPT_ONE_IN)) {
      this.#later.push(this.copy());
    }
  }
}
