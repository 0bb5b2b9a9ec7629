/** Keeps answers below the bound that every client sets, whatever stands in the tree. */
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

/** An event without its name and link target; and what one character of those may become in JSON. */
const EVENT_BYTES = 1500;
const CHARACTER_BYTES = 6;

/** Rows of a listing that has no pages: the newest ones, as many as surely fit. */
export const LISTED = 2000;

/** At least as many bytes as the events have in JSON. */
function mostBytes(events: readonly JournalEvent[]): number {
  let bytes = 0;
  for (const { entry, head } of events) {
    const target = head?.content.kind === 'symlink' ? head.content.target.length : 0;
    bytes += EVENT_BYTES + (entry.name.length + target) * CHARACTER_BYTES;
  }
  return bytes;
}

/** Reads a page of events, and a smaller one where names and links are so long that it might not fit. */
export async function fittingPage<Page>(
  limit: number,
  read: (limit: number) => Promise<Page>,
  eventsOf: (page: Page) => readonly JournalEvent[],
): Promise<Page> {
  for (let rows = limit; ; rows = Math.ceil(rows / 4)) {
    const page = await read(rows);
    if (rows === 1 || mostBytes(eventsOf(page)) <= LIMITS.jsonBytes) return page;
  }
}
