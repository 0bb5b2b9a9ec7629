/** `STATE/control.json`: where the running engine's socket is found. Written by the engine, read by its clients. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { parserOf, record } from '../protocol/schema.ts';

export const CONTROL_FILE = 'control.json';

const ControlFile = record({
  socket: Type.String({ minLength: 1, maxLength: 4096 }),
  pid: Type.Integer({ minimum: 1 }),
});
const parse = parserOf(ControlFile);

export interface ControlPlace {
  readonly socket: string;
  readonly pid: number;
}

/** Null when there is none or it makes no sense: then no engine of ours is running. */
export async function readControlFile(state: string): Promise<ControlPlace | null> {
  try {
    const parsed = parse(JSON.parse(await readFile(join(state, CONTROL_FILE), 'utf8')));
    return parsed.kind === 'ok' ? parsed.value : null;
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
