/** What must hold of each machine when everything has come to rest. */
import { LOCAL_IGNORE_FILE } from '../../../src/core/ignore/rules.ts';
import { RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import type { Auditor } from '../auditor.ts';
import type { Machine } from '../machine.ts';
import type { ServerFold } from '../server-fold.ts';
import { below, contentName } from '../sim-user.ts';
import type { SimNode } from '../volume-node.ts';

/** What stands there, in the terms of the server. */
export function shapeOnDisk(node: SimNode): string {
  return `${contentName(node)}${node.kind === 'file' && node.executable ? ' executable' : ''}`;
}

/** A disk in the terms of the server. */
export function diskTree(machine: Machine): Map<string, string> {
  const tree = new Map<string, string>();
  for (const node of below(machine.volume.root).slice(1)) {
    const path = machine.volume.pathOf(node);
    if (path !== RESERVED_FOLDER && !path.startsWith(`${RESERVED_FOLDER}/`) && path !== LOCAL_IGNORE_FILE)
      tree.set(path, shapeOnDisk(node));
  }
  return tree;
}

export function treeDifferences(
  who: string,
  here: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): string[] {
  const paths = [...new Set([...here.keys(), ...there.keys()])].sort();
  return paths
    .filter((path) => here.get(path) !== there.get(path))
    .map((path) => `${who}: ${path} is ${brief(here.get(path))}, on the server ${brief(there.get(path))}`);
}

/** Q1: the disk shows what the server has. */
export function divergence(machine: Machine, fold: ServerFold): string[] {
  return treeDifferences(`Q1 ${machine.name}`, diskTree(machine), fold.tree());
}

/** Keys that were given up are named by the next claim of their node, or go with it. */
const LEFT: Readonly<Record<string, string>> = {
  'unanswered claims': 'SELECT count(*) AS n FROM claims WHERE abandoned = 0',
  intents: 'SELECT count(*) AS n FROM intents',
  leaving: 'SELECT count(*) AS n FROM leaving',
};

/** Q5: nothing half-done is left: in the reserved folder, among the intents, of the claims. */
export function leftovers(machine: Machine): string[] {
  const reserved = machine.volume.childOf(machine.volume.root, RESERVED_FOLDER);
  const files = ['staging', 'parked'].flatMap((area) => {
    const folder = reserved && machine.volume.childOf(reserved, area);
    return [...(folder?.children.values() ?? [])].map(
      (node) => `Q5 ${machine.name}: ${area} still holds ${node.name}`,
    );
  });
  const db = machine.device?.engine.state.db;
  if (db === undefined) return files;
  const rows = Object.entries(LEFT).flatMap(([what, sql]) => {
    const count = db.prepare<[], { n: number }>(sql).get()?.n ?? 0;
    return count === 0 ? [] : [`Q5 ${machine.name}: ${count} rows are left of ${what}`];
  });
  return [...files, ...rows];
}

/** Q7: a device that says it is in step is at the server's head. */
export function dishonestStatus(machine: Machine, auditor: Auditor): string[] {
  const cursor = machine.device?.cursor() ?? null;
  if (!machine.device?.settled() || cursor === auditor.fold.seq) return [];
  return [`Q7 ${machine.name} says it is in step at ${cursor}, the server is at ${auditor.fold.seq}`];
}

/** The trash of a device, as texts. */
export function trashTexts(machine: Machine): string[] {
  const reserved = machine.volume.childOf(machine.volume.root, RESERVED_FOLDER);
  const trash = reserved && machine.volume.childOf(reserved, 'trash');
  if (trash === undefined) return [];
  return below(trash)
    .filter((node) => node.kind === 'file')
    .map((node) => Buffer.from(node.bytes).toString('utf8'));
}

function brief(shape: string | undefined): string {
  return shape === undefined ? 'absent' : shape.replace(/^([0-9a-f]{8})[0-9a-f]{56}/, '$1');
}
