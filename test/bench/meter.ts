/** CPU seconds, peak memory and wire bytes of a system, from one moment to another. */
import { busySeconds, cpuSecondsOf, familyOf, loopbackBytes, rssOf } from './process-files.ts';
import type { System } from './system.ts';

const SAMPLE_MS = 200;

export interface Reading {
  readonly cpuSeconds: number;
  readonly cpuByPart: Readonly<Record<string, number>>;
  /** Peak bytes of each part, and the largest sum over all parts at one moment; sampled. */
  readonly rssByPart: Readonly<Record<string, number>>;
  readonly rssPeak: number;
  readonly wireBytes: number;
  /** Seconds that the cores worked for anybody else: where it is large, wall seconds mean little. */
  readonly othersCpuSeconds: number;
}

interface Snapshot {
  readonly cpu: ReadonlyMap<string, number>;
  readonly wire: number;
  readonly busy: number;
  readonly own: NodeJS.CpuUsage;
}

export class Meter {
  readonly #system: System;
  readonly #start: Snapshot;
  readonly #peaks = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(system: System) {
    this.#system = system;
    this.#sample();
    this.#start = this.#snapshot();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  #snapshot(): Snapshot {
    const cpu = new Map<string, number>();
    for (const [part, pid] of this.#system.processes()) cpu.set(part, sumOf(pid, cpuSecondsOf));
    return { cpu, wire: loopbackBytes(), busy: busySeconds(), own: process.cpuUsage() };
  }

  #sample(): void {
    let sum = 0;
    for (const [part, pid] of this.#system.processes()) {
      const rss = sumOf(pid, rssOf);
      this.#peaks.set(part, Math.max(rss, this.#peaks.get(part) ?? 0));
      sum += rss;
    }
    this.#peak = Math.max(this.#peak, sum);
  }

  /** Reads it once more and ends it. A part that was started since then counts from its start. */
  stop(): Reading {
    clearInterval(this.#timer);
    this.#sample();
    const [from, to] = [this.#start, this.#snapshot()];
    const spent = [...to.cpu].map(([part, now]) => [part, now - (from.cpu.get(part) ?? 0)] as const);
    const cpuSeconds = spent.reduce((sum, [, seconds]) => sum + seconds, 0);
    const own = process.cpuUsage(from.own);
    const others = to.busy - from.busy - cpuSeconds - (own.user + own.system) / 1e6;
    return {
      cpuSeconds,
      cpuByPart: Object.fromEntries(spent),
      rssByPart: Object.fromEntries(this.#peaks),
      rssPeak: this.#peak,
      wireBytes: to.wire - from.wire,
      othersCpuSeconds: Math.max(0, others),
    };
  }
}

function sumOf(pid: number, measure: (pid: number) => number): number {
  return familyOf(pid).reduce((sum, each) => sum + measure(each), 0);
}
