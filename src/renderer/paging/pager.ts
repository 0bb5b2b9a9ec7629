/**
 * A window onto a long list that comes in pages, each found through the one before. The marks of all pages passed are
 * kept (a cursor each), the rows of only a few pages around what is seen.
 */
import type { Method } from '../../ipc/contract.ts';
import type { EngineReply } from '../../ipc/window.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  /** Rows of the whole list, where the engine knows. */
  readonly total?: number;
}
export type PageTrouble = Exclude<EngineReply<Method>, { kind: 'ok' }>;
export type PageReply<Row> = { readonly kind: 'ok'; readonly value: Page<Row> } | PageTrouble;
export type FetchPage<Row> = (after: string | undefined) => Promise<PageReply<Row>>;

interface Mark {
  readonly start: number;
  readonly after: string | undefined;
  /** Null for the one page that was never seen: the frontier. */
  length: number | null;
}

export const HELD_PAGES = 6;

export class Pager<Row> {
  readonly #fetch: FetchPage<Row>;
  readonly #marks: Mark[] = [{ start: 0, after: undefined, length: null }];
  readonly #held = new Map<number, readonly Row[]>();
  readonly #listeners = new Set<() => void>();
  #first = 0;
  #last = 0;
  #total: number | null = null;
  #trouble: PageTrouble | null = null;
  #working: Promise<void> | null = null;
  #closed = false;
  #turn = 0;

  constructor(fetch: FetchPage<Row>) {
    this.#fetch = fetch;
  }

  /** Says which rows are seen. What of them is not held is fetched, what is far from them let go. */
  want(first: number, last: number): Promise<void> {
    this.#first = first;
    this.#last = last;
    this.#trouble = null;
    this.#working ??= this.#work().finally(() => {
      this.#working = null;
      // Somebody may have looked elsewhere after the last check.
      if (!this.#closed && this.#trouble === null && this.#needed() !== null) {
        return this.want(this.#first, this.#last);
      }
      return undefined;
    });
    return this.#working;
  }

  /** Rows known to exist. */
  get known(): number {
    const frontier = this.#marks.at(-1);
    return frontier === undefined ? 0 : frontier.start + (frontier.length ?? 0);
  }
  /** True once the end has been seen: `known` is then all there is. */
  get complete(): boolean {
    return this.#marks.at(-1)?.length !== null;
  }
  /** For a list on screen: what is known, or what the engine says there is. */
  get count(): number {
    return this.complete ? this.known : Math.max(this.known, this.#total ?? 0);
  }
  get trouble(): PageTrouble | null {
    return this.#trouble;
  }
  get seen(): readonly [number, number] {
    return [this.#first, this.#last];
  }
  /** Changes whenever anything above may have. */
  get turn(): number {
    return this.#turn;
  }
  /** Pages whose rows are in memory. */
  get heldPages(): number {
    return this.#held.size;
  }

  /** Undefined while it is not held. */
  rowAt(index: number): Row | undefined {
    const page = this.#pageOf(index);
    const mark = this.#marks[page];
    return mark === undefined ? undefined : this.#held.get(page)?.[index - mark.start];
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  close(): void {
    this.#closed = true;
  }

  /** The page that holds the row: marks are sorted by where they start. */
  #pageOf(index: number): number {
    let low = 0;
    let high = this.#marks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#marks[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #needed(): number | null {
    const last = Math.min(this.#last, this.known - 1);
    for (let page = this.#pageOf(this.#first); page < this.#marks.length; page += 1) {
      const mark = this.#marks[page];
      if (mark === undefined || mark.length === null || mark.start > last) break;
      if (mark.length > 0 && !this.#held.has(page)) return page;
    }
    return !this.complete && this.known <= this.#last ? this.#marks.length - 1 : null;
  }

  async #work(): Promise<void> {
    for (;;) {
      const page = this.#closed ? null : this.#needed();
      const mark = page === null ? undefined : this.#marks[page];
      if (page === null || mark === undefined) break;
      const reply = await this.#fetch(mark.after);
      if (reply.kind !== 'ok') {
        this.#trouble = reply;
        break;
      }
      this.#take(page, mark, reply.value);
    }
    this.#note();
  }

  #take(page: number, mark: Mark, { rows, next, total }: Page<Row>): void {
    this.#held.set(page, rows);
    if (total !== undefined) this.#total = total;
    if (mark.length === null) {
      mark.length = rows.length;
      // A page that leads to itself would be asked for without end.
      const leads = next !== null && next !== mark.after;
      if (leads) this.#marks.push({ start: mark.start + rows.length, after: next, length: null });
    }
    this.#letGo();
    // Pages that are only passed on the way to what is seen are no news.
    if (mark.start <= this.#last && mark.start + rows.length > this.#first) this.#note();
  }

  #letGo(): void {
    const middle = this.#pageOf(Math.min(Math.floor((this.#first + this.#last) / 2), this.known));
    while (this.#held.size > HELD_PAGES) {
      const farthest = [...this.#held.keys()].reduce((a, b) =>
        Math.abs(b - middle) > Math.abs(a - middle) ? b : a,
      );
      this.#held.delete(farthest);
    }
  }

  #note(): void {
    this.#turn += 1;
    for (const listener of this.#listeners) listener();
  }
}
