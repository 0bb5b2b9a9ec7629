/**
 * Client-side histories: what devices invoked, and what each of them was told. Checked against the journal as it was
 * read in the end: the head of every node is a linearizable compare-and-swap register, the journal is prefix-closed, and
 * what was acknowledged is in it. Moments are places in one order of everything that was sent and heard.
 */

/** A write of one node's head. `base` is what the writer believed to be the head; `null`: a new node. */
export interface HeadWrite {
  readonly process: string;
  readonly node: string;
  readonly base: string | null;
  readonly content: string;
  readonly invoked: number;
  /** When the writer was told; `null`: it never was, and the write may have happened at any time after, or never. */
  readonly returned: number | null;
  /** `ok`: it made `version`. `fail`: the register was not at `base` at that moment. `other`: neither is claimed. */
  readonly result:
    | { readonly kind: 'ok'; readonly version: string }
    | { readonly kind: 'fail' | 'other' | 'unknown' };
}

/** Rows after `after`, up to `upTo`; `head` was the newest row of all at that moment. */
export interface RowsRead {
  readonly process: string;
  readonly after: number;
  readonly upTo: number;
  readonly head: number;
  readonly rows: readonly Row[];
  readonly invoked: number;
  readonly returned: number;
}

export interface Row {
  readonly seq: number;
  /** Everything the row says, as one text. */
  readonly says: string;
}

/** What the journal says in the end: every row, and of those that made a version, which. */
export interface FinalRow extends Row {
  readonly version: FinalVersion | null;
}

export interface FinalVersion {
  readonly id: string;
  readonly node: string;
  readonly base: string | null;
  readonly content: string;
  /** Who wrote it; `null`: by a verb that names no content (a restore, a settlement). */
  readonly process: string | null;
}

export interface History {
  readonly writes: readonly HeadWrite[];
  readonly reads: readonly RowsRead[];
  /** Dense, from the first seq on. */
  readonly final: readonly FinalRow[];
}

export function checkHistory(history: History): string[] {
  const made = new Map<string, FinalRow & { readonly version: FinalVersion }>();
  for (const row of history.final)
    if (row.version !== null) made.set(row.version.id, { ...row, version: row.version });
  return [
    ...lineFaults(history.final),
    ...survivalFaults(history.writes, made),
    ...authorFaults(history.writes, made),
    ...prefixFaults(history),
    ...orderFaults(history, made),
  ];
}

/** Each version of a node follows the one before it: no two have one base, none has a base that was not the head. */
function lineFaults(final: readonly FinalRow[]): string[] {
  const heads = new Map<string, string>();
  const faults: string[] = [];
  for (const [index, { seq, version }] of final.entries()) {
    const before = final[index - 1];
    if (before !== undefined && seq !== before.seq + 1)
      faults.push(`H prefix: row ${seq} follows ${before.seq}`);
    if (version === null) continue;
    const head = heads.get(version.node);
    if (head !== undefined && version.base !== head)
      faults.push(`H register ${version.node}: ${version.id} was made from ${version.base} over ${head}`);
    heads.set(version.node, version.id);
  }
  return faults;
}

/** I5: what a device was told to be done is there in the end, as it was told. */
function survivalFaults(
  writes: readonly HeadWrite[],
  made: ReadonlyMap<string, { readonly version: FinalVersion }>,
): string[] {
  return writes.flatMap(({ process, node, content, result }) => {
    if (result.kind !== 'ok') return [];
    const version = made.get(result.version)?.version;
    if (version === undefined)
      return [`H I5 ${process} was told that ${result.version} of ${node} is made, and it is not there`];
    return version.node === node && version.content === content
      ? []
      : [`H I5 ${process} was told that ${result.version} is its own, and it is ${JSON.stringify(version)}`];
  });
}

/** Every version was asked for: by its one author, once. */
function authorFaults(
  writes: readonly HeadWrite[],
  made: ReadonlyMap<string, { readonly version: FinalVersion }>,
): string[] {
  const told = new Map<string, number>();
  for (const { result } of writes)
    if (result.kind === 'ok') told.set(result.version, (told.get(result.version) ?? 0) + 1);
  const faults: string[] = [];
  const open = writes.filter(({ result }) => result.kind === 'unknown');
  const spent = new Set<HeadWrite>();
  for (const { version } of made.values()) {
    const count = told.get(version.id) ?? 0;
    if (count > 1) faults.push(`H I4 ${count} writes were told that they made ${version.id}`);
    if (count > 0 || version.process === null) continue;
    const author = open.find((write) => !spent.has(write) && mayHaveMade(write, version));
    if (author === undefined) faults.push(`H nobody asked for ${version.id} of ${version.node}`);
    else spent.add(author);
  }
  return faults;
}

/** The node of a new one, and of a fork, is the server's to name. */
function mayHaveMade(write: HeadWrite, version: FinalVersion): boolean {
  return write.process === version.process && write.content === version.content;
}

/** I6: readers see one journal, without holes; after a reader has seen a row, nothing comes before it. */
function prefixFaults({ reads, final }: History): string[] {
  const faults: string[] = [];
  const says = new Map(final.map((row) => [row.seq, row.says]));
  for (const { process, after, upTo, head, rows } of reads) {
    const dense = rows.every(({ seq }, index) => seq === after + index + 1);
    if (!dense || after + rows.length !== upTo)
      faults.push(
        `H I6 ${process} read ${rows.map(({ seq }) => seq).join(' ')} as all from ${after} to ${upTo}`,
      );
    if (upTo > head) faults.push(`H I6 ${process} read up to ${upTo} of ${head}`);
    for (const row of rows) {
      const last = says.get(row.seq);
      if (last !== row.says)
        faults.push(`H I6 ${process} read row ${row.seq} as ${row.says}; it says ${last ?? 'nothing'}`);
    }
  }
  return faults;
}

/**
 * One order of all commits, that of their seqs, must fit with what everybody saw when. Row s was committed at some moment
 * between the bounds below; the moments must grow with s. The bounds are all there is to satisfy, so a sweep decides.
 */
function orderFaults(
  { writes, reads, final }: History,
  made: ReadonlyMap<string, FinalRow & { readonly version: FinalVersion }>,
): string[] {
  const notBefore = new Map<number, number>();
  const notAfter = new Map<number, number>();
  const after = (seq: number, moment: number): void => {
    notBefore.set(seq, Math.max(notBefore.get(seq) ?? 0, moment));
  };
  const before = (seq: number, moment: number): void => {
    notAfter.set(seq, Math.min(notAfter.get(seq) ?? Number.POSITIVE_INFINITY, moment));
  };
  for (const { head, invoked, returned } of reads) {
    before(head, returned);
    after(head + 1, invoked);
  }
  const next = successorsOf(made.values());
  for (const write of writes) {
    if (write.result.kind === 'ok') {
      const row = made.get(write.result.version);
      if (row === undefined) continue;
      after(row.seq, write.invoked);
      if (write.returned !== null) before(row.seq, write.returned);
    } else if (write.result.kind === 'fail' && write.base !== null && write.returned !== null) {
      // It was refused because somebody had moved the head on by then.
      const follower = next.get(write.base);
      if (follower === undefined)
        return [`H register ${write.node}: ${write.process} was refused over ${write.base}, the head`];
      before(follower, write.returned);
    }
  }
  return sweep(final, notBefore, notAfter);
}

function sweep(
  final: readonly FinalRow[],
  notBefore: ReadonlyMap<number, number>,
  notAfter: ReadonlyMap<number, number>,
): string[] {
  const faults: string[] = [];
  let earliest = 0;
  for (const { seq } of final) {
    earliest = Math.max(earliest, notBefore.get(seq) ?? 0);
    const latest = notAfter.get(seq) ?? Number.POSITIVE_INFINITY;
    if (latest < earliest)
      faults.push(`H order: row ${seq} was seen at ${latest}, and cannot have been there before ${earliest}`);
  }
  return faults;
}

/** Seq of the version that followed each one on its node. */
function successorsOf(
  rows: Iterable<{ readonly seq: number; readonly version: FinalVersion }>,
): Map<string, number> {
  const next = new Map<string, number>();
  const heads = new Map<string, string>();
  for (const { seq, version } of rows) {
    const before = heads.get(version.node);
    if (before !== undefined) next.set(before, seq);
    heads.set(version.node, version.id);
  }
  return next;
}
