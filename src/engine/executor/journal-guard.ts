/**
 * The server is trusted with truth, never with the user's disk: what no honest server sends stops the engine before a
 * single row of it is believed.
 */
import { checkName } from '../../core/names/valid-name.ts';
import { ROOT_NODE } from '../../protocol/ids.ts';
import type { Cursor, JournalEvent, JournalPage } from '../../protocol/journal.ts';
import { LIMITS } from '../../protocol/limits.ts';

/**
 * What is wrong with a page, or `null`. `after` and `upTo` bound its seqs for a journal page (dense, ascending); both
 * are null for snapshots, which are states and not events.
 */
export function checkEvents(
  events: readonly JournalEvent[],
  after: number | null,
  upTo: number | null,
): string | null {
  let last = after;
  for (const event of events) {
    const wrong = checkEvent(event);
    if (wrong !== null) return wrong;
    if (last === null) continue;
    if (event.seq !== last + 1) return `change ${event.seq} follows ${last}`;
    last = event.seq;
  }
  if (upTo !== null && last !== null && events.length > 0 && last !== upTo)
    return `the page ends at ${last} and says ${upTo}`;
  return null;
}

export interface PageFault {
  /** `misplaced`: an answer to another question, as a confused cache on the way gives it. It may be asked again. */
  readonly kind: 'misplaced' | 'hostile';
  readonly why: string;
}

/** The same for a page as a whole: what it holds leads from the cursor to where it says, and no further than was asked. */
export function checkPage(page: JournalPage, cursor: Cursor | null): PageFault | null {
  const misplaced = answersAnother(page, cursor);
  if (misplaced !== null) return { kind: 'misplaced', why: misplaced };
  const wrong = contradiction(page, cursor?.seq ?? 0);
  return wrong === null ? null : { kind: 'hostile', why: wrong };
}

function answersAnother({ events, next }: JournalPage, cursor: Cursor | null): string | null {
  if (cursor !== null && cursor.epoch !== next.epoch) return 'a page of another history';
  const after = cursor?.seq ?? 0;
  const [first] = events;
  if (first !== undefined) return first.seq === after + 1 ? null : `change ${first.seq} follows ${after}`;
  return next.seq === after ? null : `an empty page leads from ${after} to ${next.seq}`;
}

function contradiction(page: JournalPage, after: number): string | null {
  // A page may go on past its limit to the end of a rearrangement.
  if (page.events.length > LIMITS.journalPage + LIMITS.ids)
    return `${page.events.length} changes in one page`;
  if (page.events.length === 0 && page.hasMore) return 'an empty page promises more';
  if (page.head < page.next.seq) return `the page leads to ${page.next.seq}, past the end at ${page.head}`;
  return checkEvents(page.events, after, page.next.seq);
}

function checkEvent(event: JournalEvent): string | null {
  const { entry, head, node } = event;
  if (node === ROOT_NODE) return entry.live && entry.name === '' ? null : 'the root was moved or deleted';
  if (entry.parent === null) return `node ${node} has no folder`;
  if (entry.parent === node) return `node ${node} is its own folder`;
  const name = checkName(entry.name);
  if (name.kind === 'refused')
    return `a name that cannot be (${name.why}): ${JSON.stringify(entry.name).slice(0, 80)}`;
  if ((event.kind === 'folder') !== (head === null))
    return `node ${node} is a ${event.kind} ${head ? 'with' : 'without'} content`;
  if (head && head.content.kind !== event.kind)
    return `node ${node} is a ${event.kind} with the content of a ${head.content.kind}`;
  if (head?.content.kind === 'symlink' && head.content.target.includes('\0'))
    return `node ${node} links to a name with NUL`;
  return null;
}
