/** Keeps answers below the bound that every client sets, whatever stands in the tree. */
import type { VersionContent } from '../../src/protocol/head.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

/** An event without its name and link target; and what one character of those may become in JSON. */
const EVENT_BYTES = 1500;
const CHARACTER_BYTES = 6;

/** Rows of a listing that has no pages: the newest ones, as many as surely fit. */
export const LISTED = 2000;

/** What of a row can be long. */
interface Measured {
  readonly entry: { readonly name: string };
  readonly head: JournalEvent['head'];
  readonly conflict?: JournalEvent['conflict'];
}

/** At least as many bytes as the events have in JSON. */
function mostBytes(events: readonly Measured[]): number {
  let bytes = 0;
  for (const { entry, head, conflict } of events) {
    bytes += EVENT_BYTES + (entry.name.length + targetLength(head?.content)) * CHARACTER_BYTES;
    for (const side of [conflict?.sides?.original, conflict?.sides?.copy]) {
      if (side)
        bytes += EVENT_BYTES + ((side.path?.length ?? 0) + targetLength(side.content)) * CHARACTER_BYTES;
    }
  }
  return bytes;
}

function targetLength(content: VersionContent | undefined): number {
  return content?.kind === 'symlink' ? content.target.length : 0;
}

/** Reads a page of events, and a smaller one where names and links are so long that it might not fit. */
export async function fittingPage<Page>(
  limit: number,
  read: (limit: number) => Promise<Page>,
  eventsOf: (page: Page) => readonly Measured[],
): Promise<Page> {
  for (let rows = limit; ; rows = Math.ceil(rows / 4)) {
    const page = await read(rows);
    if (rows === 1 || mostBytes(eventsOf(page)) <= LIMITS.jsonBytes) return page;
  }
}
