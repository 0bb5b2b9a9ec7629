/** Histories that must be refused, and those that must not: a checker that finds nothing proves nothing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkHistory, type FinalRow, type HeadWrite, type History, type RowsRead } from './history.ts';

function row(seq: number, version: FinalRow['version'] = null): FinalRow {
  return { seq, says: `row ${seq}`, version };
}

/** Row `seq` made version `v<seq>` of node N. */
function made(seq: number, base: string | null, process = 'A'): FinalRow {
  return row(seq, { id: `v${seq}`, node: 'N', base, content: `c${seq}`, process });
}

function write(seq: number, base: string | null, change: Partial<HeadWrite> = {}): HeadWrite {
  return {
    process: 'A',
    node: 'N',
    base,
    content: `c${seq}`,
    invoked: seq * 10,
    returned: seq * 10 + 5,
    result: { kind: 'ok', version: `v${seq}` },
    ...change,
  };
}

function read(after: number, upTo: number, change: Partial<RowsRead> = {}): RowsRead {
  const rows = Array.from({ length: upTo - after }, (_, index) => row(after + index + 1));
  return { process: 'B', after, upTo, head: upTo, rows, invoked: 1000, returned: 1010, ...change };
}

const GOOD: History = {
  writes: [write(1, null), write(2, 'v1'), write(3, 'v2')],
  reads: [read(0, 3)],
  final: [made(1, null), made(2, 'v1'), made(3, 'v2')],
};

function refused(history: History, why: RegExp): void {
  const faults = checkHistory(history);
  assert.ok(
    faults.some((fault) => why.test(fault)),
    `expected ${why}, got ${JSON.stringify(faults)}`,
  );
}

test('one write after the other, and somebody who reads them all', () => {
  assert.deepEqual(checkHistory(GOOD), []);
});

test('writes of two devices at the same time may be decided in either order', () => {
  const together = { invoked: 20, returned: 40 };
  const second = write(3, 'v2', { ...together, process: 'B' });
  const final = [made(1, null), made(2, 'v1'), made(3, 'v2', 'B')];
  assert.deepEqual(
    checkHistory({ ...GOOD, writes: [write(1, null), write(2, 'v1', together), second], final }),
    [],
  );
});

test('a write whose answer never came may have happened', () => {
  const unknown = write(2, 'v1', { returned: null, result: { kind: 'unknown' } });
  assert.deepEqual(checkHistory({ ...GOOD, writes: [write(1, null), unknown, write(3, 'v2')] }), []);
});

test('a write whose answer never came may not have happened', () => {
  const unknown = write(9, 'v3', { returned: null, result: { kind: 'unknown' } });
  assert.deepEqual(checkHistory({ ...GOOD, writes: [...GOOD.writes, unknown] }), []);
});

test('refused: two versions made from one base', () => {
  refused({ ...GOOD, final: [made(1, null), made(2, 'v1'), made(3, 'v1')] }, /v3 was made from v1 over v2/);
});

test('refused: an acknowledged version that is not there in the end', () => {
  refused({ ...GOOD, final: [made(1, null), made(2, 'v1')], reads: [] }, /I5 A was told that v3/);
});

test('refused: an acknowledged version that turns out to hold something else', () => {
  const final = [
    made(1, null),
    made(2, 'v1'),
    row(3, { id: 'v3', node: 'N', base: 'v2', content: 'x', process: 'A' }),
  ];
  refused({ ...GOOD, final }, /I5 A was told that v3 is its own/);
});

test('refused: a version that nobody asked for', () => {
  refused({ ...GOOD, writes: [write(1, null), write(2, 'v1')] }, /nobody asked for v3/);
});

test('refused: one lost answer that stands for two versions', () => {
  const unknown = write(2, 'v1', { returned: null, result: { kind: 'unknown' } });
  const twice = row(3, { id: 'v3', node: 'N', base: 'v2', content: 'c2', process: 'A' });
  refused(
    { writes: [write(1, null), unknown], reads: [], final: [made(1, null), made(2, 'v1'), twice] },
    /nobody asked for v3/,
  );
});

test('refused: two writes that were both told to have made one version', () => {
  refused({ ...GOOD, writes: [...GOOD.writes, write(3, 'v2')] }, /I4 2 writes were told that they made v3/);
});

test('refused: a write that was over before the one it follows began', () => {
  const early = write(3, 'v2', { invoked: 12, returned: 14, process: 'B' });
  const final = [made(1, null), made(2, 'v1'), made(3, 'v2', 'B')];
  refused({ ...GOOD, writes: [write(1, null), write(2, 'v1'), early], final, reads: [] }, /order: row 3/);
});

test('refused: a stale answer over a base that was still the head', () => {
  const fail = write(9, 'v3', { result: { kind: 'fail' } });
  refused({ ...GOOD, writes: [...GOOD.writes, fail] }, /refused over v3, the head/);
});

test('refused: a stale answer before anybody else began to write', () => {
  const fail = write(9, 'v1', { process: 'B', invoked: 16, returned: 18, result: { kind: 'fail' } });
  refused({ ...GOOD, writes: [...GOOD.writes, fail], reads: [] }, /order: row 2/);
});

test('a stale answer while somebody else wrote is right', () => {
  const fail = write(9, 'v1', { process: 'B', invoked: 16, returned: 28, result: { kind: 'fail' } });
  assert.deepEqual(checkHistory({ ...GOOD, writes: [...GOOD.writes, fail] }), []);
});

test('refused: a page with a hole', () => {
  refused({ ...GOOD, reads: [read(0, 3, { rows: [row(1), row(3)] })] }, /I6 B read 1 3 as all from 0 to 3/);
});

test('refused: a page that ends before it says', () => {
  refused({ ...GOOD, reads: [read(0, 3, { rows: [row(1), row(2)] })] }, /I6 B read 1 2 as all from 0 to 3/);
});

test('refused: a row that says something else to somebody else', () => {
  const other = { seq: 2, says: 'another story' };
  refused({ ...GOOD, reads: [read(0, 3, { rows: [row(1), other, row(3)] })] }, /read row 2 as another story/);
});

test('refused: a row that was read and is not there in the end', () => {
  refused({ ...GOOD, reads: [read(0, 4)] }, /read row 4 .* says nothing/);
});

test('refused: a head that a later reader does not see any more', () => {
  const late = read(0, 2, { process: 'C', invoked: 2000, returned: 2010 });
  refused({ ...GOOD, reads: [read(0, 3), late] }, /order: row/);
});

test('refused: a reader who does not see what was acknowledged before it asked', () => {
  refused({ ...GOOD, reads: [read(0, 2, { invoked: 500, returned: 510 })] }, /order: row 3/);
});

test('refused: a journal with a hole', () => {
  refused({ ...GOOD, final: [made(1, null), made(3, 'v1')], reads: [] }, /prefix: row 3 follows 1/);
});
