/** What counts as given up, and as stepping back: both must be found where they are, and not where they only look so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNodeId, parseVersionId } from '../../../src/protocol/ids.ts';
import { Ledger } from '../ledger.ts';
import type { FoldedVersion } from '../server-fold.ts';
import { inventedFiles, type Placement, stepsBack } from './placements.ts';

const FILE = parseNodeId('01a0b5ae-0000-7000-8000-000000000001');
const COPY = parseNodeId('01a0b5ae-0000-7000-8000-000000000002');

function version(seq: number, node: FoldedVersion['node'], number: number, content: string): FoldedVersion {
  const id = parseVersionId(`b34ffe8e21d4.${seq}`);
  return { id, node, number, base: null, content, executable: false, seq, device: 'd', deviceName: 'A' };
}

function foldOf(...versions: readonly FoldedVersion[]) {
  return { versions: new Map(versions.map((each) => [each.id, each])) };
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
  const fold = foldOf(version(1, FILE, 1, 'first'), version(2, FILE, 2, 'second'));
  assert.deepEqual(stepsBack(ledgerOf('first', 'second'), fold, [put('first', 'second')]), [
    'I2 C: e.txt went back from "second" at 1 ms',
  ]);
  assert.deepEqual(stepsBack(ledgerOf('first', 'second'), fold, [put('second', 'first')]), []);
});

test('what was written once more is none, where the history that knew of it has ended; what was not is one', () => {
  const fold = foldOf(version(1, FILE, 1, 'first'), version(2, FILE, 2, 'second'));
  const once = ledgerOf('first', 'second');
  const again = ledgerOf('first', 'second', 'first');
  const former = { ...put('first', 'second'), isFormer: true };
  assert.deepEqual(stepsBack(again, fold, [former]), []);
  assert.equal(stepsBack(once, fold, [former]).length, 1);
  assert.equal(stepsBack(again, fold, [put('first', 'second')]).length, 1);
});

test('the head over what became a conflict copy is none, though somebody then moved the copy over the file', () => {
  const fold = foldOf(
    version(1, FILE, 1, 'base'),
    version(2, FILE, 2, 'theirs'),
    version(3, COPY, 1, 'mine'),
    version(5, FILE, 3, 'mine'),
  );
  assert.deepEqual(stepsBack(ledgerOf('base', 'theirs', 'mine'), fold, [put('theirs', 'mine')]), []);
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
