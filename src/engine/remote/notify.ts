/** The long poll of a device, and what becomes of it behind proxies. It wakes; it never informs. */
import type { Cursor } from '../../protocol/journal.ts';
import { NotifyAnswer, ROUTES } from '../../protocol/routes.ts';
import type { Clock, Random } from '../environment/environment.ts';
import { type Caller, defineCall } from './call.ts';
import {
  FIRST_PACE,
  LATE_MS,
  LEAST_CUT_MS,
  nextPace,
  type PollEnd,
  type PollPace,
  SHORT_POLL_EVERY_MS,
} from './poll-pace.ts';
import type { ServerResult } from './server.ts';

const NOTIFY = defineCall(ROUTES.notify, NotifyAnswer);

/** Our own deadline: this long after the server was to answer. Half-open connections end by it. */
const GRACE_MS = 10_000;
/** No two polls begin closer together than this while nothing changes, whatever the server answers. */
const LEAST_EVERY_MS = 1000;
/** A server that spreads its devices may ask for at most this. */
const LONGEST_SPREAD_MS = 300_000;

const NOTHING: NotifyAnswer = { changed: false, reconnectAfterMs: 0, uploading: [] };

export class Notifier {
  readonly #caller: Caller;
  readonly #clock: Clock;
  readonly #random: Random;
  /** What is known of the user's shares, where that is asked for. */
  readonly #sharesMark: () => string | null;
  #pace: PollPace = FIRST_PACE;
  /** Monotonic time before which the next poll does not begin. */
  #notBefore = 0;
  /** What the last poll had seen: asked again from there, "changed" is no news and no reason to hurry. */
  #lastSeen = '';

  constructor(caller: Caller, clock: Clock, random: Random, sharesMark: () => string | null = () => null) {
    this.#sharesMark = sharesMark;
    this.#caller = caller;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * One poll. Pauses asked for by the server, and those between short polls, are spent at its beginning; how far we are is
   * looked at after them: a server that was put back meanwhile may be where we were before, and would park the poll. An
   * aborted poll answers "nothing changed".
   */
  async poll(
    seenNow: () => Promise<Cursor | null>,
    signal: AbortSignal,
  ): Promise<ServerResult<NotifyAnswer>> {
    await this.#pauseBefore(signal);
    const seen = await seenNow();
    if (signal.aborted || seen === null) return { kind: 'ok', value: NOTHING };
    const { seconds } = this.#pace;
    const began = this.#clock.monotonic();
    const result = await this.#ask(seen, seconds, signal);
    if (signal.aborted) return { kind: 'ok', value: NOTHING };
    const took = this.#clock.monotonic() - began;
    if (result.kind === 'ok') {
      this.#learn(took > seconds * 1000 + LATE_MS ? { kind: 'late' } : { kind: 'fine' });
      this.#schedule(result.value, seen, took);
      return result;
    }
    if (seconds === 0 || took < LEAST_CUT_MS || !maybeCut(result)) return result;
    // Cut, or is the server gone? An answer to a poll that does not park tells.
    const check = await this.#ask(seen, 0, signal);
    if (signal.aborted) return { kind: 'ok', value: NOTHING };
    if (check.kind === 'ok') {
      this.#learn({ kind: 'cut', afterMs: took });
      this.#schedule(check.value, seen, took);
    }
    return check;
  }

  #ask(seen: Cursor, seconds: number, signal: AbortSignal): Promise<ServerResult<NotifyAnswer>> {
    const mark = this.#sharesMark();
    const asked = { seen, seconds, ...(mark === null ? {} : { shares: mark }) };
    return this.#caller.json(NOTIFY, asked, {
      timeoutMs: seconds * 1000 + GRACE_MS,
      signal,
      parks: seconds > 0,
    });
  }

  #learn(end: PollEnd): void {
    this.#pace = nextPace(this.#pace, end);
  }

  #schedule(answer: NotifyAnswer, seen: Cursor, tookMs: number): void {
    const from = `${seen.epoch}.${seen.seq}`;
    const news = answer.changed && from !== this.#lastSeen;
    this.#lastSeen = from;
    let wait = Math.min(answer.reconnectAfterMs, LONGEST_SPREAD_MS);
    if (!news) {
      const every = this.#pace.seconds === 0 ? this.#jittered(SHORT_POLL_EVERY_MS) : LEAST_EVERY_MS;
      wait = Math.max(wait, every - tookMs);
    }
    this.#notBefore = this.#clock.monotonic() + wait;
  }

  async #pauseBefore(signal: AbortSignal): Promise<void> {
    const wait = this.#notBefore - this.#clock.monotonic();
    if (wait > 0) await this.#clock.sleep(wait, signal);
  }

  /** Devices behind one proxy do not ask in step. */
  #jittered(ms: number): number {
    return ms * (0.75 + this.#random.fraction() / 2);
  }
}

/** What a cut looks like from here: silence, a torn answer, a gateway's page. Anything else is the server's own word. */
function maybeCut(result: Extract<ServerResult<never>, { readonly kind: 'trouble' }>): boolean {
  return (
    result.unknown &&
    (result.code === 'unreachable' || result.code === 'bad-answer' || result.code === 'unavailable')
  );
}
