/**
 * Being connected: says hello, keeps one long poll parked, and comes back after troubles with growing, jittered pauses.
 * A lost notification costs latency only: the journal is read on a timer as well.
 */

import type { Cursor } from '../protocol/journal.ts';
import type { NotifyAnswer } from '../protocol/routes.ts';
import type { Environment } from './environment/environment.ts';
import type { JournalLane } from './executor/journal-lane.ts';
import type { Halt } from './halt.ts';
import { noteTold } from './older-state.ts';
import type { Server, ServerTrouble } from './remote/server.ts';
import type { State } from './state/state.ts';

const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 60_000;
/** The journal is read at least this often, whatever the polls say. */
const PULL_EVERY_MS = 60_000;
/** A notice of an upload that was not repeated for this long: more than two polls. */
const NOTICE_MS = 150_000;

export interface ConnectionParts {
  readonly env: Environment;
  readonly state: State;
  readonly server: Server;
  readonly journal: JournalLane;
  readonly account: { readonly instance: string; readonly serverUrl: string };
  readonly generation: number;
  /** Random text of this start of the engine. */
  readonly start: string;
  /** How far we are, durably. */
  readonly cursor: () => Promise<Cursor | null>;
  readonly onHalt: (halt: Halt) => void;
  readonly onChange: () => void;
  /** The mark of the user's shares, as a poll told it. */
  readonly onShares: (mark: string) => void;
  /** Runs once connected, before anything new is sent. */
  readonly beforeOnline: () => Promise<void>;
}

export class Connection {
  private readonly parts: ConnectionParts;
  private running = false;
  private poll = new AbortController();
  private tries = 0;
  /** What was said at the last greeting may be forgotten. */
  private mustGreet = false;
  online = false;
  /** Hears when what other devices send has changed. */
  onPeers: () => void = () => undefined;
  offlineSince: number | null = null;
  /** Why the last call failed, while offline. */
  trouble: ServerTrouble | null = null;
  nextTryAt: number | null = null;
  private uploading: { readonly rows: NotifyAnswer['uploading']; readonly at: number } | null = null;
  private loop: Promise<void> = Promise.resolve();

  constructor(parts: ConnectionParts) {
    this.parts = parts;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    // One loop at a time: one that was told to stop and has not yet ended goes on instead.
    this.loop = this.loop.then(() => this.run());
  }

  async stop(): Promise<void> {
    this.running = false;
    this.online = false;
    this.poll.abort();
    // Should it have failed, that was told when it did.
    await this.loop.catch(() => undefined);
  }

  /** A call of anybody failed: is it the network, the account, or only that call? */
  onTrouble(trouble: ServerTrouble): void {
    this.trouble = trouble;
    switch (trouble.code) {
      case 'signed-out':
      case 'device-cloned':
      case 'server-changed':
      case 'protocol-version':
        this.parts.onHalt({
          code: trouble.code,
          facts: { server: this.parts.account.serverUrl },
          recovers: false,
        });
        return;
      case 'unreachable':
      case 'bad-certificate':
      case 'unavailable':
      case 'internal':
      case 'bad-answer':
        this.goOffline(trouble.detail);
        return;
      default:
        this.parts.env.log('info', 'a call was refused', { code: trouble.code, detail: trouble.detail });
    }
  }

  private goOffline(detail: string): void {
    if (!this.online) return;
    this.online = false;
    this.offlineSince = this.parts.env.clock.now();
    this.parts.env.log('info', 'offline', { detail });
    this.poll.abort();
    this.parts.onChange();
  }

  private async run(): Promise<void> {
    while (this.running) {
      if (!this.online) await this.connect();
      else await this.listen();
    }
  }

  private async connect(): Promise<void> {
    const { env, state, server, account, generation, start } = this.parts;
    this.mustGreet = false;
    const cursor = await this.parts.cursor();
    const hello = await server.hello({ instance: account.instance, generation, start, cursor });
    if (!this.running) return;
    if (hello.kind === 'trouble') {
      this.onTrouble(hello);
      await this.rest(hello.retryAfterMs);
      return;
    }
    state.meta.set('user', hello.value.user);
    state.claims.skipTo(hello.value.keysBelow ?? 0);
    noteTold(state, cursor, hello.value.told ?? null);
    this.parts.journal.greeted(hello.value.head);
    await this.parts.beforeOnline();
    if ((await this.parts.journal.pull()) !== 'caught-up') {
      if (this.running) await this.rest(0);
      return;
    }
    if (this.mustGreet) return;
    this.tries = 0;
    this.nextTryAt = null;
    this.online = true;
    this.trouble = null;
    this.offlineSince = null;
    env.log('info', 'online', { server: account.serverUrl });
    this.parts.onChange();
  }

  private async rest(leastMs: number): Promise<void> {
    if (!this.running) return;
    this.online = false;
    this.offlineSince ??= this.parts.env.clock.now();
    const { clock, random } = this.parts.env;
    const ms = Math.max(
      leastMs,
      Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(this.tries, 8)) * (0.5 + random.fraction()),
    );
    this.tries += 1;
    this.nextTryAt = Math.ceil(clock.now() + ms);
    this.parts.onChange();
    this.poll = new AbortController();
    await clock.sleep(ms, this.poll.signal);
  }

  private async listen(): Promise<void> {
    const { server, journal, state, env } = this.parts;
    if (state.meta.cursor() === null) {
      if ((await journal.pull()) !== 'caught-up') await this.rest(0);
      return;
    }
    this.poll = new AbortController();
    const cancel = env.clock.after(PULL_EVERY_MS, () => this.poll.abort());
    const answer = await server.notify(this.parts.cursor, this.poll.signal);
    cancel();
    if (!this.running) return;
    if (answer.kind === 'trouble') {
      this.onTrouble(answer);
      if (this.online) await this.rest(answer.retryAfterMs);
      return;
    }
    this.hearPeers(answer.value.uploading);
    if (answer.value.changed) journal.tell();
    if (answer.value.shares !== undefined) this.parts.onShares(answer.value.shares);
    if (this.online && (await journal.pull()) !== 'caught-up' && this.online) await this.rest(0);
  }

  private hearPeers(rows: NotifyAnswer['uploading']): void {
    const isNews = rows.length > 0 || this.uploading !== null;
    this.uploading = rows.length === 0 ? null : { rows, at: this.parts.env.clock.monotonic() };
    if (isNews) this.onPeers();
  }

  /** What other devices are sending, by the last notice; a notice that is old says nothing. */
  get peers(): NotifyAnswer['uploading'] {
    const { uploading } = this;
    if (!this.online || uploading === null) return [];
    if (uploading.at < this.parts.env.clock.monotonic() - NOTICE_MS) return [];
    const byDevice = new Map<string, NotifyAnswer['uploading'][number]>();
    for (const row of uploading.rows) {
      const known = byDevice.get(row.device) ?? { ...row, files: 0, bytes: 0 };
      byDevice.set(row.device, { ...known, files: known.files + row.files, bytes: known.bytes + row.bytes });
    }
    return [...byDevice.values()];
  }

  /** Begins anew with what comes before being online: claims without an answer, and what the journal told meanwhile. */
  greetAgain(): void {
    this.mustGreet = true;
    this.online = false;
    this.poll.abort();
  }

  /** Tries again now: the network came back, the user asked. */
  hurry(): void {
    this.tries = 0;
    this.poll.abort();
  }
}
