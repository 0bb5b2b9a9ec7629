/** What became of contents: everything that was saved is somewhere, and nothing is there that nobody saved. */
import { RESERVED_FOLDER } from '../../../src/engine/environment/disk.ts';
import { CUT_SHORT } from '../../../src/engine/executor/cut-short.ts';
import { UNLISTED } from '../../../src/engine/unlisted-trash.ts';
import type { Excuse } from '../excuses.ts';
import type { ContentName, Ledger } from '../ledger.ts';
import type { Machine } from '../machine.ts';
import type { ServerFold } from '../server-fold.ts';
import { contentName } from '../sim-user.ts';

/** All contents on the disks, wherever they lie: live, staged, parked, in the trash. */
export function onDisks(machines: readonly Machine[]): Set<ContentName> {
  const found = new Set<ContentName>();
  for (const { volume } of machines) for (const node of volume.everything()) found.add(contentName(node));
  return found;
}

/** I1: every content somebody saved is somewhere, or was given up by somebody who had it. */
export function lostContents(ledger: Ledger, fold: ServerFold, machines: readonly Machine[]): string[] {
  const somewhere = onDisks(machines);
  for (const content of fold.contents()) somewhere.add(content);
  return ledger.lost(somewhere).map((label) => `I1 lost: ${label}`);
}

/** Q3: what nobody gave up stands at a path, or is where the rule about power cuts puts whatever is too short. */
export function invisibleContents(ledger: Ledger, fold: ServerFold, machines: readonly Machine[]): string[] {
  const standing = new Set([...fold.tree().values()].map((shape) => shape.replace(/ executable$/, '')));
  for (const content of machines.flatMap(setAsideForPower)) standing.add(content);
  return ledger.invisible(standing, fold.contents()).map((label) => `Q3 nowhere to be seen: ${label}`);
}

/**
 * RULES 20: after a power cut a shorter file counts as hurt, though it may be a shorter save that came through. Where the
 * next cut, or an older state in its place, took back what the state said of it, it is found in the trash without a reason.
 */
function setAsideForPower({ device, volume, powerCuts, timesPutBack }: Machine): readonly ContentName[] {
  const reserved = volume.childOf(volume.root, RESERVED_FOLDER);
  const trash = reserved && volume.childOf(reserved, 'trash');
  const rows = device?.engine.state.trash.list() ?? [];
  const reasonsMayBeGone = powerCuts > 1 || (powerCuts > 0 && timesPutBack > 0);
  return rows.flatMap(({ name, why }) => {
    const isSetAside = why === CUT_SHORT || (why === UNLISTED && reasonsMayBeGone);
    const node = isSetAside ? trash && volume.childOf(trash, name) : undefined;
    return node === undefined ? [] : [contentName(node)];
  });
}

/** I4: an edit makes at most one version or fork, however often it was sent. */
export function surplusVersions(ledger: Ledger, fold: ServerFold, excuses: readonly Excuse[]): string[] {
  if (ledger.restores > 0) return [];
  // Whoever compares everything again without a base may send a content that is there already under another name.
  const merges = excuses.filter(({ kind }) => kind === 'merge').length;
  const counts = new Map<ContentName, number>();
  for (const { content } of fold.versions.values()) counts.set(content, (counts.get(content) ?? 0) + 1);
  return [...counts].flatMap(([content, count]) => {
    const row = ledger.row(content);
    const allowed = row === undefined ? Number.POSITIVE_INFINITY : row.saves + row.extras + merges;
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
