/**
 * Somebody who looks after history while everybody works: names versions, holds files and lets go of them, and asks for
 * all that was ever saved. What is missing must be what the policy lets go, and what it lets go must go in the end.
 */
import { type NodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import type { Auditor } from './auditor.ts';
import { type Clock, firstGoing, type Happened, isPast, type VersionFacts } from './checks/keeping.ts';
import type { SimTime } from './clock.ts';
import type { KeepingPlan } from './keeping-plan.ts';
import type { Stream } from './random.ts';
import type { ServerFold } from './server-fold.ts';
import type { SimServer } from './sim-server.ts';

export interface CustodianParts {
  readonly time: SimTime;
  readonly host: SimServer;
  readonly plan: KeepingPlan;
  readonly stream: Stream;
  readonly auditor: () => Auditor;
  readonly trace: (line: string) => void;
}

/** By the last look. */
export interface KeepingTally {
  readonly kept: number;
  readonly gone: number;
  readonly labelled: number;
}

/** Long enough for every span, every grace and every round one after the other. */
const LAST_ROUNDS = 70;
const FOR_SESSIONS = 26 * 3_600_000;

export class Custodian {
  readonly #parts: CustodianParts;
  /** How far the journal was known to be, and when. */
  readonly #reads: { readonly seq: number; readonly at: number }[] = [];
  /** Since when. */
  readonly #labels = new Map<VersionId, number>();
  readonly #holds = new Map<NodeId, number>();
  /** By version: since when a conflict that is open was there for certain. */
  #clashes: ReadonlyMap<VersionId, number> = new Map();
  /** What was wrong with the answers to labels. */
  readonly #faults: string[] = [];
  #gone = 0;
  #kept = 0;

  constructor(parts: CustodianParts) {
    this.#parts = parts;
  }

  /** Called whenever the journal was read to its end. */
  looked(): void {
    this.#reads.push({ seq: this.#fold.seq, at: this.#parts.time.elapsed });
  }

  tally(): KeepingTally {
    return { kept: this.#kept, gone: this.#gone, labelled: this.#labels.size };
  }

  get #fold(): ServerFold {
    return this.#parts.auditor().fold;
  }

  /** A name for something, a hold, or an end of one. */
  async work(): Promise<void> {
    const { stream } = this.#parts;
    const versions = [...this.#fold.versions.values()];
    if (versions.length === 0) return;
    if (stream.chance(0.5)) await this.#label(stream.pick(versions).id);
    if (stream.chance(0.25)) await this.#hold(stream.chance(0.15) ? ROOT_NODE : stream.pick(versions).node);
    const [held] = this.#holds.keys();
    if (held !== undefined && stream.chance(0.25)) await this.#letGo(held);
  }

  async #label(version: VersionId): Promise<void> {
    const { time, trace } = this.#parts;
    const code = await this.#parts.auditor().label(version, 'worth keeping');
    trace(`label ${version}: ${code}`);
    if (code === 'ok') {
      this.#labels.set(version, time.elapsed);
      return;
    }
    const facts = this.#facts().find(({ id }) => id === version);
    const isRefused = code === 'unknown-version' || code === 'not-found';
    if (isRefused && facts !== undefined && !this.#mayBeGone(facts))
      this.#faults.push(`I8 V${facts.number} of ${facts.node} cannot be named (${code}), and must be kept`);
  }

  async #hold(node: NodeId): Promise<void> {
    // A deleted file may be forgotten by now.
    if ((await this.#parts.auditor().hold(node, 'a dispute')) === 'ok')
      this.#holds.set(node, this.#parts.time.elapsed);
  }

  async #letGo(node: NodeId): Promise<void> {
    await this.#parts.auditor().hold(node, null);
    this.#holds.delete(node);
  }

  /** I8 and I10: what is missing may be missing, and what the history promises is whole. */
  async check(): Promise<string[]> {
    [this.#gone, this.#kept] = [0, 0];
    if (this.#fold.start > 0) return ['the auditor was away for longer than a device may be'];
    const faults = [...this.#faults];
    const promised = await this.#promised();
    this.#clashes = await this.#wanted();
    for (const facts of this.#facts()) {
      const state = await this.#parts.auditor().stateOf(facts.id);
      const who = `V${facts.number} of ${this.#fold.nodes.get(facts.node)?.name} (${facts.id})`;
      if (state === 'changed') faults.push(`I10 ${who} comes back changed`);
      this.#kept += 1;
      if (state !== 'gone') continue;
      this.#gone += 1;
      this.#kept -= 1;
      if (promised.has(facts.id)) faults.push(`I8 ${who} is in the history, and its bytes are gone`);
      if (!this.#mayBeGone(facts)) faults.push(`I8 ${who} is gone: ${this.#whyKept(facts)}`);
    }
    return faults;
  }

  /** When nobody works any more and all holds are let go: nothing that the policy does not keep stays for ever. */
  async checkEnd(): Promise<string[]> {
    const { time, host, plan } = this.#parts;
    for (const node of [...this.#holds.keys()]) await this.#letGo(node);
    // Uploads that nobody came back to hold what they pin for a day.
    host.skewMs = FOR_SESSIONS;
    await time.run(11 * 60_000);
    for (let round = 0; round < LAST_ROUNDS; round += 1) {
      await time.run(plan.waits.hourMs);
      await time.drive(host.housekeeping(), 60_000, 'the last housekeeping');
    }
    await this.#parts.auditor().read();
    this.looked();
    return [...(await this.check()), ...(await this.#overdue())];
  }

  async #overdue(): Promise<string[]> {
    const { time, plan } = this.#parts;
    const wanted = await this.#wanted();
    const now = this.#clock.start + time.elapsed + FOR_SESSIONS;
    const facts = this.#facts();
    const batchOf = (node: NodeId | undefined) => (node && this.#fold.nodes.get(node)?.deadSeq) ?? null;
    // What died together comes back together: with a side of an open conflict all of it stays.
    const batches = new Set(
      [...wanted.keys()]
        .map((id) => batchOf(this.#fold.versions.get(id)?.node))
        .filter((seq) => seq !== null),
    );
    const isOver = (each: VersionFacts): boolean =>
      !this.#labels.has(each.id) &&
      !wanted.has(each.id) &&
      isPast({ ...each, isDead: each.isDead && !batches.has(batchOf(each.node) ?? -1) }, plan.retention, now);
    const contentOf = ({ id }: VersionFacts) => this.#fold.versions.get(id)?.content;
    const kept = new Set(facts.filter((each) => !isOver(each)).map(contentOf));
    const faults: string[] = [];
    for (const each of facts) {
      // A large file may consist of what others are made of.
      if (!isOver(each) || kept.has(contentOf(each)) || !(await this.#parts.auditor().isSmall(each.id)))
        continue;
      if ((await this.#parts.auditor().stateOf(each.id)) !== 'gone')
        faults.push(`I10 V${each.number} of ${each.node} (${each.id}) is kept by nothing, and still there`);
    }
    return faults;
  }

  /** Every version of a file, with what the journal says of it. */
  #facts(): readonly VersionFacts[] {
    const fold = this.#fold;
    const atOf = new Map<string, number>();
    for (const { head } of fold.rows) if (head !== null) atOf.set(head.version, head.at);
    return [...fold.nodes.values()].flatMap((node): readonly VersionFacts[] => {
      const versions = fold.versionsOf(node.node).filter(({ content }) => !content.startsWith('link:'));
      const dated = versions.map((each) => ({ ...each, ...this.#happened(each.seq, atOf.get(each.id)) }));
      const deaths = node.places.filter(({ live }) => !live).map(({ seq }) => this.#happened(seq));
      return dated.map(({ id, number, at, notBefore }) => {
        const later = dated.filter((each) => each.number > number);
        return { id, node: node.node, number, at, notBefore, later, deaths, isDead: !node.live };
      });
    });
  }

  #happened(seq: number, at = this.#fold.rows[seq - 1]?.at ?? 0): Happened {
    const before = this.#reads.findLast((read) => read.seq < seq);
    return { at, notBefore: before?.at ?? 0 };
  }

  get #clock(): Clock {
    return { start: this.#parts.time.wallMs - this.#parts.time.elapsed, skews: this.#parts.host.skews };
  }

  /** The moment from which on its bytes may be gone; null: not yet. */
  #goesFrom(facts: VersionFacts): number | null {
    const { time, host, plan } = this.#parts;
    const { releaseHours, hourMs } = plan.waits;
    // A start in between may count an hour that was not over, and timers wake a little early.
    const grace = Math.max(0, releaseHours - 1 - host.restarts) * hourMs * 0.9;
    const from = firstGoing(facts, plan.retention, this.#clock, time.elapsed - grace);
    return from === null ? null : from + grace;
  }

  #mayBeGone(facts: VersionFacts): boolean {
    const from = this.#goesFrom(facts);
    return from !== null && !this.#keepers(facts).some(({ since }) => since < from);
  }

  #whyKept(facts: VersionFacts): string {
    const from = this.#goesFrom(facts);
    if (from === null) return 'the policy keeps it';
    const kept = this.#keepers(facts).map(({ what, since }) => `${what} since ${since}`);
    return `it goes from ${from} on, and there is ${kept.join(', ')}`;
  }

  /** Since when a name, a hold or a conflict keeps it. */
  #keepers({ id, node }: VersionFacts): readonly { readonly what: string; readonly since: number }[] {
    const found: readonly (readonly [string, number | undefined])[] = [
      ['a name', this.#labels.get(id)],
      ['a conflict', this.#clashes.get(id)],
      ['a hold', this.#holds.get(node)],
      ['a hold of everything', this.#holds.get(ROOT_NODE)],
    ];
    return found.flatMap(([what, since]) => (since === undefined ? [] : [{ what, since }]));
  }

  /** Both sides and the ancestor of every conflict that is open, each with when that was known to be. */
  async #wanted(): Promise<ReadonlyMap<VersionId, number>> {
    const wanted = new Map<VersionId, number>();
    for (const { conflict } of await this.#parts.auditor().conflicts()) {
      const row = this.#fold.rows.find((each) => each.conflict?.id === conflict.id);
      const since = this.#reads.find(({ seq }) => seq >= (row?.seq ?? 0))?.at ?? 0;
      for (const version of [conflict.ancestor, conflict.originalVersion, conflict.copyVersion])
        if (version !== null) wanted.set(version, since);
    }
    return wanted;
  }

  /** What the history of every file says can be had. */
  async #promised(): Promise<ReadonlySet<VersionId>> {
    const promised = new Set<VersionId>();
    for (const { node, kind } of this.#fold.nodes.values()) {
      if (kind === 'folder') continue;
      for (const version of await this.#parts.auditor().historyOf(node)) promised.add(version);
    }
    return promised;
  }
}
