/**
 * Switches that make the server misbehave, for tests only. They are an object handed to the server by the program that
 * starts it; no request, environment variable, file or command-line option reaches them.
 */
import type { ErrorCode } from '../src/protocol/errors.ts';
import type { RouteName } from '../src/protocol/routes.ts';

export type Fault =
  /** The request is carried out, and the answer never leaves. */
  | { readonly kind: 'drop-reply' }
  /** The connection breaks before anything is done. */
  | { readonly kind: 'cut-connection' }
  /** The request is carried out after this long. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Refused with this, nothing is done. */
  | { readonly kind: 'refuse'; readonly code: ErrorCode; readonly retryAfter?: number }
  /** Carried out, but the answer breaks off after this share of its bytes. */
  | { readonly kind: 'truncated-body'; readonly share: number }
  /** The journal has forgotten what the cursor names. */
  | { readonly kind: 'expired-cursor' }
  /** Journal and long poll act as if nothing had been committed after the cursor. */
  | { readonly kind: 'journal-lag' }
  /** A long poll answers at once that something changed. */
  | { readonly kind: 'duplicate-notification' };

export interface FaultRequest {
  readonly route: RouteName;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export interface FaultRule {
  readonly fault: Fault;
  /** Which requests it is for; left out: all. */
  readonly route?: RouteName | readonly RouteName[];
  readonly when?: (request: FaultRequest) => boolean;
  /** Matching requests to leave alone first. */
  readonly skip?: number;
  /** How many then are struck; left out: every one. */
  readonly times?: number;
  /** Chance of a strike, with the generator given to the script. */
  readonly probability?: number;
}

export interface Faults {
  /** What befalls this request, in order. */
  strike(request: FaultRequest): readonly Fault[];
}

interface Armed {
  readonly rule: FaultRule;
  skip: number;
  left: number;
}

/** Rules that can be added and taken back while the server runs; tells what struck. */
export class FaultScript implements Faults {
  readonly #random: () => number;
  #armed: Armed[] = [];
  readonly struck: { readonly route: RouteName; readonly fault: Fault['kind'] }[] = [];

  /** `random`: uniform in [0, 1), for rules with a probability; a seeded one makes runs repeatable. */
  constructor(rules: readonly FaultRule[] = [], random: () => number = () => 0) {
    this.#random = random;
    for (const rule of rules) this.add(rule);
  }

  /** Returns what takes the rule back. */
  add(rule: FaultRule): () => void {
    const armed = { rule, skip: rule.skip ?? 0, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((other) => other !== armed);
    };
  }

  clear(): void {
    this.#armed = [];
  }

  strike(request: FaultRequest): readonly Fault[] {
    return this.#armed.flatMap((armed) => {
      if (armed.left <= 0 || !matches(armed.rule, request)) return [];
      if (armed.skip > 0) {
        armed.skip -= 1;
        return [];
      }
      const { probability, fault } = armed.rule;
      if (probability !== undefined && this.#random() >= probability) return [];
      armed.left -= 1;
      this.struck.push({ route: request.route, fault: fault.kind });
      return [fault];
    });
  }
}

function matches(rule: FaultRule, request: FaultRequest): boolean {
  const routes = rule.route === undefined ? null : [rule.route].flat();
  if (routes !== null && !routes.includes(request.route)) return false;
  return rule.when?.(request) ?? true;
}
