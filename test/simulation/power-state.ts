/**
 * A state.db of a simulated computer: real SQLite in memory, whose commits reach the disk as those of a write-ahead log do.
 * A commit under `synchronous=FULL` is durable, with everything before it; of those since then a power cut takes the
 * newest, up to any of them, and never one from between. A kill takes nothing that was committed.
 */
import type { Db } from '../../src/engine/state/database.ts';
import { newState } from './device.ts';
import { stateFrom } from './memory-databases.ts';
import type { Stream } from './random.ts';

/** One commit in so many can be what a power cut goes back to, besides the last durable one and the last. */
const KEPT_ONE_IN = 6;
const KEPT_MOST = 8;

export class PowerState {
  readonly #stream: Stream;
  #db: Db;
  #durable: Buffer;
  /** Commits since the durable one, oldest first: not all of them. */
  #later: Buffer[] = [];

  constructor(stream: Stream) {
    this.#stream = stream;
    this.#db = newState();
    this.#durable = this.#db.serialize();
    this.#watch();
  }

  /** Told of every commit. */
  onCommit: () => void = () => undefined;

  get db(): Db {
    return this.#db;
  }

  /** The process is gone; what it had not committed is not there. */
  kill(): void {
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
  }

  /**
   * The process is gone in the middle of something: whatever of it still runs before time goes on writes into a copy that
   * nobody reads.
   */
  orphan(): void {
    this.kill();
    this.putBack(this.copy());
  }

  /** The file as somebody would copy it now. */
  copy(): Buffer {
    return this.#db.serialize();
  }

  /** Another state in its place, durably. */
  putBack(bytes: Buffer): void {
    this.#db = stateFrom(bytes);
    this.#durable = bytes;
    this.#later = [];
    this.#watch();
  }

  /** The answer: whether commits were lost. */
  cutPower(): boolean {
    this.kill();
    const candidates = [this.#db.serialize(), this.#durable, ...this.#later];
    const [newest] = candidates;
    const shown = this.#stream.pick(candidates);
    this.#db.close();
    this.#db = stateFrom(shown);
    this.#durable = shown;
    this.#later = [];
    this.#watch();
    return newest !== shown && newest?.equals(shown) === false;
  }

  /** Nodes on this disk that server and device never agreed on: what a power cut takes of them nobody removed. */
  unagreed(): readonly string[] {
    return this.#db
      .prepare<[], { node: string }>('SELECT node FROM local WHERE node NOT IN (SELECT node FROM synced)')
      .all()
      .map(({ node }) => node);
  }

  /** Commits are noticed where they end; how durable they are is what the pragma said before. */
  #watch(): void {
    const db = this.#db;
    const pragma = db.pragma.bind(db);
    const transaction = db.transaction.bind(db);
    let isFull = false;
    db.pragma = (source, options) => {
      if (source.startsWith('synchronous')) isFull = source.endsWith('FULL');
      return pragma(source, options);
    };
    db.transaction = <Work extends Parameters<typeof transaction>[0]>(work: Work) =>
      new Proxy(transaction(work), {
        apply: (run, self, values) => {
          const answer: unknown = Reflect.apply(run, self, values);
          if (!db.inTransaction && db === this.#db) this.#committed(isFull);
          return answer;
        },
      });
  }

  #committed(isDurable: boolean): void {
    this.onCommit();
    if (isDurable) {
      this.#durable = this.#db.serialize();
      this.#later = [];
    } else if (this.#later.length < KEPT_MOST && this.#stream.chance(1 / KEPT_ONE_IN)) {
      this.#later.push(this.#db.serialize());
    }
  }
}
