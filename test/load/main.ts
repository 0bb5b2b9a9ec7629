/** `npm run load`: what many devices cost a server, by phases. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { rssOf } from '../bench/process-files.ts';
import { TestServer } from '../support/devices.ts';
import { makeCrowd } from './crowd.ts';
import { DeviceLine, type Seen } from './device-line.ts';
import { Probe, type Times } from './probe.ts';

const POLL_SECONDS = 50;
/** Of a process, beside its connections. */
const OTHER_FILES = 500;

const { values } = parseArgs({
  options: { devices: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '20' } },
});
const devices = Number(values.devices);
requireOpenFiles(devices);
const phaseMs = Number(values.seconds) * 1000;

/** Node takes as many open files as it may have by itself; every device is one here and one at the server. */
function requireOpenFiles(wanted: number): void {
  const text = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (text === 'unlimited' || Number(text) >= wanted + OTHER_FILES) return;
  console.error(
    `${wanted} devices need ${wanted + OTHER_FILES} open files in a process; the limit is ${text} (ulimit -Hn).`,
  );
  process.exit(2);
}

class CrowdDevice {
  readonly line: DeviceLine;
  #seen: Seen | null = null;
  isParked = false;
  #running = true;

  constructor(port: number, token: string) {
    this.line = new DeviceLine(port, token);
  }

  /** As an engine does it: connect, greet, read where we are, park; and again, with a growing pause, when it is cut. */
  async live(): Promise<void> {
    for (let failures = 0; this.#running; ) {
      try {
        await this.line.open();
        await this.line.hello();
        this.#seen ??= await this.line.head();
        failures = 0;
        while (this.#running) {
          this.isParked = true;
          const after = await this.line.poll(this.#seen, POLL_SECONDS);
          this.isParked = false;
          await pause(after);
        }
      } catch {
        this.isParked = false;
        this.line.cut();
        await pause(250 * 2 ** Math.min(failures, 8) * (0.5 + Math.random()));
        failures += 1;
      }
    }
  }

  cut(): void {
    this.isParked = false;
    this.line.cut();
  }

  end(): void {
    this.#running = false;
    this.line.cut();
  }
}

interface Phase {
  readonly name: string;
  readonly times: Times;
  /** Until everybody waited again; null where nobody had left. */
  readonly backMs: number | null;
  readonly rss: number;
}

async function untilParked(crowd: readonly CrowdDevice[]): Promise<number> {
  const began = performance.now();
  for (;;) {
    const away = crowd.filter((each) => !each.isParked).length;
    if (away === 0) return performance.now() - began;
    if (performance.now() - began > 300_000) throw new Error(`${away} devices never came back`);
    await pause(20);
  }
}

async function run(root: string): Promise<readonly Phase[]> {
  const server = new TestServer(root);
  const tokens = await makeCrowd(server.data, devices + 1);
  await server.start();
  const port = Number(new URL(server.url).port);
  const probe = new Probe(port, tokens[devices] ?? '');
  const crowd = tokens.slice(0, devices).map((token) => new CrowdDevice(port, token));
  const phases: Phase[] = [];
  const measure = async (name: string, during: () => Promise<number | null>) => {
    await probe.times();
    const backMs = await during();
    const phase = { name, times: await probe.times(), backMs, rss: rssOf(server.pid) };
    phases.push(phase);
    console.log(lineOf(phase));
  };
  const rest = () => pause(phaseMs, null);
  await pause(1000);
  await measure('nobody else', rest);
  await measure('everybody comes', () => {
    for (const each of crowd) void each.live();
    return untilParked(crowd);
  });
  await measure('everybody waits', rest);
  await measure('all connections cut', () => {
    for (const each of crowd) each.cut();
    return untilParked(crowd);
  });
  await measure('everybody waits again', rest);
  await measure('the server restarts', async () => {
    await server.stop();
    await server.start();
    return untilParked(crowd);
  });
  await measure('everybody waits once more', rest);
  for (const each of crowd) each.end();
  await probe.close();
  await server.stop();
  return phases;
}

function lineOf({ name, times, backMs, rss }: Phase): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`.padStart(11);
  const back = backMs === null ? '' : `, all back after ${(backMs / 1000).toFixed(1)} s`;
  return `${name.padEnd(26)} heads read ${String(times.count).padStart(5)}: p50${ms(times.p50)}, p99${ms(times.p99)}, most${ms(times.most)}; server ${Math.round(rss / 2 ** 20)} MiB${back}`;
}

const root = mkdtempSync(join(tmpdir(), 'tidemark-load-'));
try {
  console.log(`${devices} devices, 20 of each user`);
  const [alone, ...others] = await run(root);
  if (alone !== undefined)
    for (const { name, times } of others)
      console.log(`${name}: p99 of a head ${(times.p99 / alone.times.p99).toFixed(1)} x as long as alone`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exit(0);
