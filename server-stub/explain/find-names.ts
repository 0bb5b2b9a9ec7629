/** From what people call a file to the nodes that are, or were, called so. */
import { baseName } from '../../src/core/names/path-parts.ts';
import type { NamespaceId } from '../../src/protocol/ids.ts';
import { lookup } from '../journal/places.ts';
import type { ExplainAnswer, NameMatch, Question } from './answer.ts';
import { likeness, wishFor } from './likeness.ts';
import { type LineReader, namespacesOfUser } from './reader.ts';

/** Namespaces in which a path is looked up when nobody said whose it is. */
const PLACES = 50;
/** Names that are compared for one answer, and of them those that are shown. */
const CANDIDATES = 2000;
const SHOWN = 50;
/** Less alike than this is chance. */
const LEAST = 0.3;

export async function findNames(lines: LineReader, question: Question): Promise<ExplainAnswer> {
  const { tx } = lines;
  const theirs = question.user === null ? null : await namespacesOfUser(lines, question.user);
  if (theirs?.size === 0) return { kind: 'nothing', question, why: 'There is no user of this name.' };
  const before = question.after === null ? null : Number(question.after);
  if (before !== null && !Number.isSafeInteger(before))
    return { kind: 'nothing', question, why: 'It cannot go on from there.' };
  const matches = new Map<string, NameMatch>();
  if (before === null) for (const match of await standing(lines, question, theirs)) add(matches, match);
  const reported = baseName(question.about.replace(/\/+$/, ''));
  const { rows, next } = await tx.namesLike(wishFor(reported), before, CANDIDATES);
  const alike = rows
    .filter((row) => theirs === null || theirs.has(row.namespace))
    .map((row) => ({ row, likeness: likeness(reported, row.name) }))
    .filter((each) => each.likeness >= LEAST)
    .sort((a, b) => b.likeness - a.likeness || b.row.no - a.row.no);
  for (const { row, likeness: how } of alike.slice(0, SHOWN)) {
    const at = await lines.lineOf(row.namespace, row.node);
    if (at !== null) add(matches, { at, name: row.name, since: row.at, likeness: how });
  }
  const found = [...matches.values()].sort((a, b) => b.likeness - a.likeness || place(b) - place(a));
  if (found.length === 0 && next === null)
    return { kind: 'nothing', question, why: 'Nothing is or was called like that, as far as is remembered.' };
  return {
    kind: 'matches',
    question,
    matches: found.slice(0, SHOWN),
    next: next === null ? null : String(next),
  };
}

/** What stands first among equals: what was found at the very path, then what lives. */
const place = ({ at, since }: NameMatch) => (since === null ? 2 : 0) + (at.live ? 1 : 0);

function add(matches: Map<string, NameMatch>, match: NameMatch): void {
  const key = `${match.at.namespace} ${match.at.node}`;
  const known = matches.get(key);
  if (known === undefined || known.likeness < match.likeness) matches.set(key, match);
}

/** What stands, or died, at exactly this path. */
async function standing(
  lines: LineReader,
  { about }: Question,
  theirs: ReadonlySet<NamespaceId> | null,
): Promise<readonly NameMatch[]> {
  const spaces = theirs ?? new Set(await lines.tx.namespacesAfter(null, PLACES));
  const found: NameMatch[] = [];
  for (const ns of spaces) {
    for (const { node, entry } of (await lookup(lines.tx, ns, about)).nodes.slice(0, SHOWN)) {
      const at = await lines.lineOf(ns, node);
      if (at !== null) found.push({ at, name: entry.name, since: null, likeness: 1 });
    }
  }
  return found;
}
