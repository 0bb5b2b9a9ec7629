/**
 * What must hold (DESIGN §9, FAILURES §4), each as a question to the world. An answer is a list of sentences; an empty
 * one means that it holds.
 */
import { LOCAL_IGNORE_FILE } from '../../src/core/ignore/rules.ts';
import { RESERVED_FOLDER } from '../../src/engine/environment/disk.ts';
import type { Auditor } from './auditor.ts';
import type { ContentName, Ledger } from './ledger.ts';
import type { Machine } from './machine.ts';
import type { ServerFold } from './server-fold.ts';
import { below, contentName } from './sim-user.ts';
import type { SimNode } from './volume-node.ts';

/** An exchange of the engine: what came to a path and what went. */
export interface Placement {
  readonly machine: string;
  readonly path: string;
  readonly placed: ContentName;
  readonly displaced: ContentName;
  readonly at: number;
}

/** All contents on the disks, wherever they lie: live, staged, parked, in the trash. */
function onDisks(machines: readonly Machine[]): Set<ContentName> {
  const found = new Set<ContentName>();
  for (const machine of machines) for (const node of below(machine.volume.root)) found.add(contentName(node));
  return found;
}

/** I1: every content somebody saved is somewhere, or was given up by somebody who had it. */
export function lostContents(ledger: Ledger, fold: ServerFold, machines: readonly Machine[]): string[] {
  const somewhere = onDisks(machines);
  for (const content of fold.contents()) somewhere.add(content);
  return ledger.lost(somewhere).map((label) => `I1 lost: ${label}`);
}

/** Q3: what nobody gave up stands at a path. */
export function invisibleContents(ledger: Ledger, fold: ServerFold): string[] {
  const standing = new Set([...fold.tree().values()].map((shape) => shape.replace(/ executable$/, '')));
  return ledger.invisible(standing, fold.contents()).map((label) => `Q3 nowhere to be seen: ${label}`);
}

function shapeOnDisk(node: SimNode): string {
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

/** Q1: the disk shows what the server has. */
export function divergence(machine: Machine, fold: ServerFold): string[] {
  const here = diskTree(machine);
  const there = fold.tree();
  const paths = [...new Set([...here.keys(), ...there.keys()])].sort();
  return paths
    .filter((path) => here.get(path) !== there.get(path))
    .map(
      (path) =>
        `Q1 ${machine.name}: ${path} is ${brief(here.get(path))}, on the server ${brief(there.get(path))}`,
    );
}

/** Q5: nothing half-done is left in the reserved folder. */
export function leftovers(machine: Machine): string[] {
  const reserved = machine.volume.childOf(machine.volume.root, RESERVED_FOLDER);
  return ['staging', 'parked'].flatMap((area) => {
    const folder = reserved && machine.volume.childOf(reserved, area);
    return [...(folder?.children.values() ?? [])].map(
      (node) => `Q5 ${machine.name}: ${area} still holds ${node.name}`,
    );
  });
}

/** I4: an edit makes at most one version or fork, however often it was sent. */
export function surplusVersions(ledger: Ledger, fold: ServerFold): string[] {
  if (ledger.restores > 0) return [];
  const counts = new Map<ContentName, number>();
  for (const { content } of fold.versions.values()) counts.set(content, (counts.get(content) ?? 0) + 1);
  return [...counts].flatMap(([content, count]) => {
    const row = ledger.row(content);
    const allowed = row === undefined ? Number.POSITIVE_INFINITY : row.saves + row.extras;
    if (count <= allowed) return [];
    const where = [...fold.versions.values()]
      .filter((version) => version.content === content)
      .map(
        ({ id, node, number, executable }) =>
          `${fold.nodes.get(node)?.name} ${node.slice(-6)} V${number} ${id.slice(-4)}${executable ? ' x' : ''}`,
      );
    return [`I4 ${count} versions of "${row?.label}", saved ${row?.saves} times: ${where.join(', ')}`];
  });
}

/** I11: a version is a state that some file really showed. */
export function inventedVersions(ledger: Ledger, fold: ServerFold): string[] {
  return [...fold.versions.values()]
    .filter((version) => !ledger.wasShown(version.content))
    .map((version) => `I11 version ${version.number} of ${version.node} was never a file's content`);
}

/** I2: no path steps back to an ancestor version. Contents that were saved twice say nothing about direction. */
export function stepsBack(ledger: Ledger, fold: ServerFold, placements: readonly Placement[]): string[] {
  if (ledger.restores > 0) return [];
  const numbers = new Map<string, Map<ContentName, number>>();
  for (const version of fold.versions.values()) {
    const line = numbers.get(version.node) ?? new Map<ContentName, number>();
    line.set(version.content, version.number);
    numbers.set(version.node, line);
  }
  const once = (content: ContentName): boolean => {
    const row = ledger.row(content);
    return row !== undefined && row.saves === 1 && row.extras === 0;
  };
  return placements.flatMap((each) => {
    if (!once(each.placed) || !once(each.displaced)) return [];
    const back = [...numbers.values()].some((line) => {
      const [now, before] = [line.get(each.placed), line.get(each.displaced)];
      return now !== undefined && before !== undefined && now < before;
    });
    return back
      ? [
          `I2 ${each.machine}: ${each.path} went back from "${ledger.row(each.displaced)?.label}" at ${each.at} ms`,
        ]
      : [];
  });
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
