/** Which engine and which server this app started: it may be the app before a crash that did, and they still run. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Type } from 'typebox';
import { open } from '../ipc/shapes.ts';
import { parserOf } from '../protocol/schema.ts';

export type ChildName = 'engine' | 'server';

export interface OwnChildren {
  has(name: ChildName, pid: number): boolean;
  note(name: ChildName, pid: number): void;
}

const Pid = Type.Optional(Type.Integer({ minimum: 1 }));
const parse = parserOf(open({ engine: Pid, server: Pid }));

function read(file: string): Readonly<Partial<Record<ChildName, number>>> {
  try {
    const parsed = parse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.kind === 'ok' ? parsed.value : {};
  } catch {
    return {};
  }
}

export function openOwnChildren(file: string): OwnChildren {
  let known = read(file);
  return {
    has: (name, pid) => known[name] === pid,
    note: (name, pid) => {
      known = { ...known, [name]: pid };
      writeFileSync(file, JSON.stringify(known), { mode: 0o600 });
    },
  };
}
