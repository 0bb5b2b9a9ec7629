/** What Linux tells about processes and the loopback device under /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** /proc counts in hundredths of a second for every program, whatever the kernel's own rate. */
const TICKS_PER_SECOND = 100;

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process ended while we looked.
    return '';
  }
}

/** A process and everything it started. */
export function familyOf(pid: number): readonly number[] {
  let tasks: readonly string[];
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  const children = tasks.flatMap((task) => read(`/proc/${pid}/task/${task}/children`).trim().split(' '));
  return [pid, ...children.filter((child) => child !== '').flatMap((child) => familyOf(Number(child)))];
}

/** User and system seconds of a process and of its children that have ended. */
export function cpuSecondsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name stands in brackets and may hold anything, so fields are counted behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / TICKS_PER_SECOND;
}

/** Bytes of memory that a process holds. */
export function rssOf(pid: number): number {
  const line = /^VmRSS:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`));
  return Number(line?.[1] ?? 0) * 1024;
}

/** Bytes received on the loopback device: every byte on it is counted once, headers included. */
export function loopbackBytes(): number {
  const line = /^\s*lo:\s*(\d+)/m.exec(read('/proc/self/net/dev'));
  return Number(line?.[1] ?? 0);
}

/** Seconds in which the machine's cores were busy since it started. */
export function busySeconds(): number {
  const fields = /^cpu\s+(.*)$/m.exec(read('/proc/stat'))?.[1]?.split(' ').map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0] = fields;
  return (user + nice + system + interrupts + soft) / TICKS_PER_SECOND;
}
