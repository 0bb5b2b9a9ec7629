/** `STATE/control.json`: where the running engine's socket is found. Written by the engine, read by its clients. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const CONTROL_FILE = 'control.json';

export interface ControlPlace {
  readonly socket: string;
  readonly pid: number;
}

/** By hand, not by schema: this is on the way of every command, and schemas take time to load. */
function readPlace(value: unknown): ControlPlace | null {
  if (typeof value !== 'object' || value === null || !('socket' in value) || !('pid' in value)) return null;
  const { socket, pid } = value;
  if (typeof socket !== 'string' || socket === '') return null;
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 0 ? { socket, pid } : null;
}

/** Null when there is none or it makes no sense: then no engine of ours is running. */
export async function readControlFile(state: string): Promise<ControlPlace | null> {
  try {
    return readPlace(JSON.parse(await readFile(join(state, CONTROL_FILE), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
