/**
 * What was deleted together: deletions of one device that followed each other closely. A batch is named by the seq of its
 * latest deletion; the rest of it is found from there backwards, however the list was cut into pages.
 */
import type { TrashAnswer } from '../../protocol/routes.ts';

export type TrashItem = TrashAnswer['items'][number];

/** Deletions further apart than this were not one act. */
export const APART_MS = 10_000;

/** The latest deletion that was looked at, and the batch it is in. */
export interface BatchMark {
  readonly seq: number;
  readonly batch: number;
  readonly device: string;
  readonly at: number;
}

export function seqOf(item: TrashItem): number {
  return item.event.entry.deadSeq ?? item.event.seq;
}

/** Marks items, newest first, going on from what was marked before. */
export function markBatches(items: readonly TrashItem[], before: BatchMark | null): readonly BatchMark[] {
  const latest = new Map<string, BatchMark>(before === null ? [] : [[before.device, before]]);
  return items.map((item) => {
    const { device, at } = item.event;
    const newer = latest.get(device);
    const joins = newer !== undefined && newer.at - at <= APART_MS;
    const seq = seqOf(item);
    const mark = { seq, batch: joins ? newer.batch : seq, device, at };
    latest.set(device, mark);
    return mark;
  });
}

export function formatMark({ seq, batch, device, at }: BatchMark): string {
  return `${seq} ${batch} ${device} ${at}`;
}

export function parseMark(text: string): BatchMark | null {
  const match = /^(\d{1,16}) (\d{1,16}) ([0-9a-f-]{36}) (-?\d{1,16})$/.exec(text);
  if (match === null) return null;
  return { seq: Number(match[1]), batch: Number(match[2]), device: match[3] ?? '', at: Number(match[4]) };
}
