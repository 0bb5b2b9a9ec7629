/** One system on one pair of trees, and what is measured on it. */
import { mkdirSync } from 'node:fs';
import { pause } from '../support/devices.ts';
import { Meter, type Reading } from './meter.ts';
import type { Settings } from './settings.ts';
import type { MakeSystem, System } from './system.ts';
import { differencesOf, whenSameSizes } from './tree-equality.ts';

/** What goes on after both trees are equal belongs to the price. */
const SETTLE_MS = 1000;
/** Rest before a change, so that nothing of the step before is counted. */
const REST_MS = 3000;

export interface Row extends Reading {
  readonly workload: string;
  readonly step: string;
  readonly system: string;
  readonly version: string;
  readonly scale: number;
  /** From the change to both trees equal; null when that did not happen. */
  readonly wallSeconds: number | null;
  readonly equal: boolean;
  readonly note: string;
}

export interface Change {
  readonly step: string;
  /** What starts the clock, when it is not a change made just before. */
  readonly kick?: () => Promise<void>;
  /** A cheap look that must agree before whole trees are compared. */
  readonly quick?: () => boolean;
}

export class BenchRun {
  readonly system: System;
  readonly settings: Settings;
  readonly #workload: string;
  readonly #emit: (row: Row) => void;
  #version = '';

  constructor(workload: string, system: System, settings: Settings, emit: (row: Row) => void) {
    this.#workload = workload;
    this.system = system;
    this.settings = settings;
    this.#emit = emit;
  }

  get a(): string {
    return this.system.a;
  }

  get b(): string {
    return this.system.b;
  }

  scaled(count: number, least = 1): number {
    return Math.max(least, Math.round(count * this.settings.scale));
  }

  /** Plants the tree, starts the system held, and times the first sync. */
  async firstSync(plant: (root: string) => void, step = 'first sync'): Promise<void> {
    mkdirSync(this.a, { recursive: true });
    mkdirSync(this.b, { recursive: true });
    plant(this.a);
    this.#version = await this.system.version();
    await this.system.prepare();
    await this.measure({ step, kick: () => this.system.release() });
  }

  /** Times from the change until both trees are equal. Call it right after the change was made. */
  async measure({ step, kick, quick }: Change): Promise<void> {
    const meter = new Meter(this.system);
    const start = performance.now();
    const deadline = start + this.settings.timeout * 1000;
    await kick?.();
    const trees = [this.a, this.b] as const;
    const look = () => whenSameSizes(trees, this.system.ignores, deadline, quick ?? (() => true));
    let at = await look();
    await pause(SETTLE_MS);
    const reading = meter.stop();
    let differ = differencesOf(this.a, this.b, this.system.ignores);
    // Sizes agreed before bytes did: the clock goes on, at the pace of whole comparisons.
    while (at !== null && differ.length > 0 && performance.now() < deadline) {
      await pause(SETTLE_MS);
      at = performance.now();
      differ = differencesOf(this.a, this.b, this.system.ignores);
    }
    const wallSeconds = at === null ? null : (at - start) / 1000;
    const note = differ.length === 0 ? '' : `${differ.length} paths differ, first ${differ[0]}`;
    this.emit({ ...reading, step, wallSeconds, equal: differ.length === 0, note });
  }

  emit(row: Omit<Row, 'workload' | 'system' | 'version' | 'scale'>): void {
    const { name: system } = this.system;
    this.#emit({
      ...row,
      workload: this.#workload,
      system,
      version: this.#version,
      scale: this.settings.scale,
    });
  }

  rest(): Promise<void> {
    return pause(REST_MS);
  }
}

/** Runs one workload on a fresh pair; its processes are ended whatever happens, its trees stay. */
export async function runOn(
  make: MakeSystem,
  {
    root,
    workload,
    settings,
    emit,
  }: { root: string; workload: string; settings: Settings; emit: (row: Row) => void },
  work: (run: BenchRun) => Promise<void>,
): Promise<void> {
  mkdirSync(root, { recursive: true });
  const system = make(root);
  try {
    await work(new BenchRun(workload, system, settings, emit));
  } finally {
    await system.stop();
  }
}
