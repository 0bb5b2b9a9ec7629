/** Replays the journal into the remote tree, in one transaction with the cursor; reads snapshots when it has to. */

import { parseEpoch } from '../../protocol/ids.ts';
import type { Cursor, JournalEvent, JournalPage, ResyncRequired } from '../../protocol/journal.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { trouble } from '../remote/answers.ts';
import { RemoteTree } from '../state/remote-tree.ts';
import type { Context } from './context.ts';
import { checkEvents, checkPage, type PageFault } from './journal-guard.ts';
import { mergeNewEpoch } from './new-epoch.ts';

class HostileAnswer extends Error {}

interface Tail {
  readonly cursor: Cursor;
  /** Newest change that the server told of. */
  readonly head: number;
}

export type PullResult = 'caught-up' | 'trouble' | 'hostile';
type PullFailure = Exclude<PullResult, 'caught-up'>;

export class JournalLane {
  private readonly context: Context;
  /** The newest seq the server has told us of. */
  serverHead = 0;
  /** Monotonic time at which we last were at the server's head. */
  caughtUpAt: number | null = null;
  onHostile: (detail: string) => void = () => undefined;
  /** The server was put back: it may have forgotten who we are, and what started since (RULES 25). */
  onNewEpoch: () => void = () => undefined;
  private running: Promise<PullResult> | null = null;
  /** How often the server said that there is news, and how often it had said so when the last complete pull began. */
  private told = 0;
  private heard = 0;

  constructor(context: Context) {
    this.context = context;
  }

  /** The server says that there is news: until it was read, this device is not in step. */
  tell(): void {
    this.told += 1;
  }

  /** There is news that was not read yet. */
  get isTold(): boolean {
    return this.told > this.heard;
  }

  /** Pulls until nothing more is to be read. Calls made meanwhile share one pull that began after them. */
  async pull(): Promise<PullResult> {
    if (this.running) await this.running;
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Reads the whole namespace anew, whatever the cursor says. */
  async replay(): Promise<PullResult> {
    if (this.running) await this.running;
    const cursor = this.context.state.meta.cursor();
    this.running = this.resync(cursor, {
      kind: 'resync',
      why: 'far-behind',
      epoch: cursor?.epoch ?? parseEpoch('000000000000'),
    }).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async run(): Promise<PullResult> {
    const { told } = this;
    for (;;) {
      if (this.context.stopped()) return 'trouble';
      const cursor = await this.context.toldCursor.flush();
      const anew = await this.askForDecided(cursor);
      if (anew === 'caught-up') continue;
      if (anew !== null) return anew;
      const result = await this.context.server.journal(cursor, LIMITS.journalPage);
      if (result.kind === 'trouble') {
        this.context.onTrouble(result);
        return 'trouble';
      }
      const answer = result.value;
      if (answer.kind === 'resync') {
        const done = await this.resync(cursor, answer);
        if (done !== 'caught-up') return done;
        continue;
      }
      const taken = this.take(answer, cursor);
      if (taken !== 'caught-up') return taken;
      if (!answer.hasMore) break;
    }
    this.heard = told;
    this.caughtUpAt = this.context.env.clock.monotonic();
    this.context.onProgress();
    return 'caught-up';
  }

  /**
   * Claims of ours were decided beyond the cursor: does the server still know of it? A database that was put back without
   * a word may have the cursor and not that, and would give out the same numbers again (RULES 25). `null`: nothing had to
   * be read anew.
   */
  private async askForDecided(cursor: Cursor | null): Promise<PullResult | null> {
    const { meta } = this.context.state;
    const decided = meta.decidedAt();
    if (decided === null) return null;
    if (cursor === null || decided.epoch !== cursor.epoch || decided.seq <= cursor.seq) {
      meta.noteDecided(null);
      return null;
    }
    const result = await this.context.server.journal(decided, 1, false);
    if (result.kind === 'trouble') {
      this.context.onTrouble(result);
      return 'trouble';
    }
    return result.value.kind === 'resync' ? this.resync(cursor, result.value) : null;
  }

  private take(page: JournalPage, cursor: Cursor | null): PullResult {
    const { state } = this.context;
    const wrong = checkPage(page, cursor);
    if (wrong !== null) return this.refuse(wrong);
    const folded = this.guarded(() => {
      for (const event of page.events) this.foldOne(state.remote, event);
      // Rows of our own may have taken the cursor further while this page was on its way.
      const now = state.meta.cursor();
      if (now?.epoch !== page.next.epoch || page.next.seq > now.seq) state.meta.setCursor(page.next);
    });
    if (!folded) return 'hostile';
    this.heardOfHead(Math.max(page.head, page.next.seq));
    // What failed may work now, or may not be wanted any more.
    for (const event of page.events) this.context.operations.undefer(event.node);
    this.noteRemovals(page.events);
    return 'caught-up';
  }

  /** Not a row of such a page is believed. */
  private refuse({ kind, why }: PageFault): PullFailure {
    if (kind === 'hostile') {
      this.onHostile(why);
      return 'hostile';
    }
    this.context.onTrouble(trouble('bad-answer', why, true));
    return 'trouble';
  }

  /** The newest change the server is known to have: it only grows within an epoch, also when a page tells of less. */
  heardOfHead(seq: number): void {
    this.serverHead = Math.max(this.serverHead, seq);
  }

  /** Told at every greeting, not by an old copy: less than was known only by a server that was put back. */
  greeted(head: number): void {
    this.serverHead = Math.max(head, this.context.state.meta.cursor()?.seq ?? 0);
  }

  private noteRemovals(events: readonly JournalEvent[]): void {
    for (const event of events)
      if (event.cause === 'delete')
        this.context.record(event.node, 'deleted elsewhere', `by ${event.deviceName}, ${event.user}`);
  }

  // --- snapshots -----------------------------------------------------------------------------------------------

  /** Builds the remote tree anew beside the old one and swaps it in whole (RULES 16); no planning in between. */
  private async resync(cursor: Cursor | null, answer: ResyncRequired): Promise<PullResult> {
    const { state, env } = this.context;
    env.log('info', 'reading the namespace anew', { why: answer.why });
    state.db.exec(
      'DROP TABLE IF EXISTS remote_shadow; CREATE TABLE remote_shadow AS SELECT * FROM remote WHERE 0; CREATE UNIQUE INDEX remote_shadow_node ON remote_shadow (node); CREATE INDEX remote_shadow_place ON remote_shadow (parent, nfc);',
    );
    const shadow = new RemoteTree(state.db, () => undefined, 'remote_shadow');
    const at = await this.readPages(shadow);
    if (at === 'trouble' || at === 'hostile') return at;
    let tail = await this.readTail(shadow, at);
    // What was answered to claims meanwhile is newer than what was read: it is not taken back (RULES 15).
    while (typeof tail === 'object' && this.isBehind(tail.cursor))
      tail = await this.readOn(shadow, tail.cursor);
    if (typeof tail === 'string') return tail;
    const { cursor: caught, head } = tail;
    state.transaction(() => {
      state.db.exec('DELETE FROM remote; INSERT INTO remote SELECT * FROM remote_shadow;');
      state.forgetRows();
      // Rows of another history, or of before the snapshot, prove nothing any more.
      this.context.ownRows.clear();
      state.meta.setCursor(caught);
      state.meta.noteDecided(null);
      if (cursor !== null && cursor.epoch !== caught.epoch) mergeNewEpoch(this.context, caught.epoch);
      state.problems.forgetGone();
    });
    this.serverHead = cursor?.epoch === caught.epoch ? Math.max(this.serverHead, head) : head;
    this.context.operations.undeferAll();
    state.db.exec('DROP TABLE remote_shadow');
    state.frontier.recompute();
    if (cursor !== null && cursor.epoch !== caught.epoch) this.onNewEpoch();
    return 'caught-up';
  }

  private async readPages(shadow: RemoteTree): Promise<Cursor | 'trouble' | 'hostile'> {
    let continuation: string | null = null;
    let at: Cursor | null = null;
    do {
      const result = await this.context.server.snapshot(continuation);
      if (result.kind === 'trouble') {
        this.context.onTrouble(result);
        return 'trouble';
      }
      const { events } = result.value;
      if (!this.fold(shadow, events, checkEvents(events, null, null))) return 'hostile';
      at = result.value.at;
      continuation = result.value.continuation;
    } while (continuation !== null && !this.context.stopped());
    return this.context.stopped() || at === null ? 'trouble' : at;
  }

  /** More is known to be there: a journal that tells of nothing more is asked again after a rest. */
  private async readOn(shadow: RemoteTree, from: Cursor): Promise<Tail | PullFailure> {
    const tail = await this.readTail(shadow, from);
    return typeof tail === 'object' && tail.cursor.seq === from.seq ? 'trouble' : tail;
  }

  /** What happened since the last page. */
  private async readTail(shadow: RemoteTree, from: Cursor): Promise<Tail | PullFailure> {
    let cursor = from;
    for (;;) {
      const result = await this.context.server.journal(cursor, LIMITS.journalPage, false);
      if (result.kind === 'trouble') {
        this.context.onTrouble(result);
        return 'trouble';
      }
      const page = result.value;
      if (page.kind === 'resync') return 'trouble';
      const wrong = checkPage(page, cursor);
      if (wrong !== null) return this.refuse(wrong);
      if (!this.fold(shadow, page.events, null)) return 'hostile';
      cursor = page.next;
      if (!page.hasMore) return { cursor, head: Math.max(page.head, cursor.seq) };
    }
  }

  /** Does this device know of changes after that one? Seqs of another history cannot be compared. */
  private isBehind(read: Cursor): boolean {
    const { meta, remote } = this.context.state;
    const now = meta.cursor();
    return now?.epoch === read.epoch && Math.max(now.seq, remote.newestSeq()) > read.seq;
  }

  private fold(shadow: RemoteTree, events: readonly JournalEvent[], wrong: string | null): boolean {
    if (wrong !== null) {
      this.onHostile(wrong);
      return false;
    }
    return this.guarded(() => {
      for (const event of events) this.foldOne(shadow, event);
    });
  }

  /** Folds one event; a child without its parent or a circle of folders undoes the whole page. */
  private foldOne(tree: RemoteTree, event: JournalEvent): void {
    const known = tree.kindOf(event.node);
    if (known !== null && known !== event.kind)
      throw new HostileAnswer(`${event.entry.name} was a ${known} and became a ${event.kind}`);
    if (!tree.fold(event)) throw new HostileAnswer(`${event.entry.name} came before its folder`);
    if (event.kind === 'folder' && tree.isInCircle(event.node))
      throw new HostileAnswer(`the folder ${event.entry.name} lies inside itself`);
    if (event.conflict) this.context.state.conflicts.put(event.conflict);
  }

  private guarded(work: () => void): boolean {
    try {
      this.context.state.transaction(work);
      return true;
    } catch (error) {
      if (!(error instanceof HostileAnswer)) throw error;
      this.onHostile(error.message);
      return false;
    }
  }
}
