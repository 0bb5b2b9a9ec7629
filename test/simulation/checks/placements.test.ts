/** What counts as given up, and as stepping back: both must be found where they are, and not where they only look so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeId, parseNodeId } from '../../../src/protocol/ids.ts';
import { Ledger } from '../ledger.ts';
import { type Histories, inventedFiles, type Placement, stepsBack, type Told } from './placements.ts';

const FILE = parseNodeId('01a0b5ae-0000-7000-8000-000000000001');
const COPY = parseNodeId('01a0b5ae-0000-7000-8000-000000000002');

function version(node: NodeId, number: number, content: string): Told {
  return { node, number, content };
}

function told(...now: readonly Told[]): Histories {
  return { now, former: [] };
}

function ledgerOf(...contents: readonly string[]): Ledger {
  const ledger = new Ledger();
  for (const content of contents) ledger.saved(content, content);
  return ledger;
}

function put(placed: string, displaced: string, isGivenBack = false): Placement {
  return { machine: 'C', path: 'e.txt', placed, displaced, isGivenBack, at: 1, isFormer: false };
}

test('an older version over a newer one of the same file is a step back', () => {
  const history = told(version(FILE, 1, 'first'), version(FILE, 2, 'second'));
  assert.deepEqual(stepsBack(ledgerOf('first', 'second'), history, [put('first', 'second')]), [
    'I2 C: e.txt went back from "second" at 1 ms',
  ]);
  assert.deepEqual(stepsBack(ledgerOf('first', 'second'), history, [put('second', 'first')]), []);
});

test('the head over what became a conflict copy is none, though somebody then moved the copy over the file', () => {
  const history = told(
    version(FILE, 1, 'base'),
    version(FILE, 2, 'theirs'),
    version(COPY, 1, 'mine'),
    version(FILE, 3, 'mine'),
  );
  assert.deepEqual(stepsBack(ledgerOf('base', 'theirs', 'mine'), history, [put('theirs', 'mine')]), []);
});

test('an old content that was a version once more, in a history that ended, is no step back for who followed that', () => {
  const now = [version(FILE, 1, 'first'), version(FILE, 2, 'second')];
  const former = [...now, version(FILE, 3, 'first')];
  const placed = { ...put('first', 'second'), isFormer: true };
  const ledger = ledgerOf('first', 'second');
  assert.deepEqual(stepsBack(ledger, { now, former }, [placed]), []);
  for (const fault of [
    stepsBack(ledger, { now, former: now }, [placed]),
    stepsBack(ledger, { now, former }, [{ ...placed, isFormer: false }]),
  ])
    assert.deepEqual(fault, ['I2 C: e.txt went back from "second" at 1 ms']);
});

test('what is put at a path is a version, or the save that was taken away there', () => {
  const known = { now: new Set(['theirs']), former: new Set<string>() };
  const invented = ['I11 C: what was put at e.txt at 1 ms is no version'];
  assert.deepEqual(inventedFiles(known, [put('theirs', 'mine'), put('mine', 'theirs', true)]), []);
  assert.deepEqual(inventedFiles(known, [put('theirs', 'mine'), put('mine', 'theirs')]), invented);
});

test('what was saved over elsewhere stays given up where a power cut takes the update back', () => {
  const ledger = ledgerOf('old');
  ledger.superseded('B', 'old');
  ledger.powerCut('A', new Set(['new']), new Set(['old']));
  assert.deepEqual(ledger.lost(new Set(['new'])), []);
});

test('what a power cut brings back to whoever had given it up is theirs again', () => {
  const ledger = ledgerOf('old');
  ledger.superseded('A', 'old');
  ledger.powerCut('A', new Set(['new']), new Set(['old']));
  assert.deepEqual(ledger.lost(new Set(['new'])), ['old']);
});
