/** In which order this device tells the server what it did. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimedName } from '../../src/core/planner/intents.ts';
import { id, labelOf } from './memory-trees.ts';
import { scene, words } from './scene.ts';

const folder = { kind: 'folder' } as const;

test('new folders go up from the top, in whatever order they are looked at', () => {
  const of = scene()
    .here('A', folder)
    .here('B', { ...folder, in: 'A' })
    .here('C', { ...folder, in: 'B' });
  assert.deepEqual(words(of.plan('C', 'B', 'A').claims), ['create A', 'create B', 'create C']);
});

test('a file moved into a new folder goes after the folder', () => {
  const of = scene().agree('f').here('N', folder).here('f', { in: 'N' });
  assert.deepEqual(words(of.plan('f', 'N').claims), ['create N', 'move f']);
});

test('two nodes that swap names are one rearrangement', () => {
  const of = scene().agree('a').agree('b').here('a', { name: 'b' }).here('b', { name: 'a' });
  assert.deepEqual(words(of.plan('a', 'b').claims), ['rearrange a b']);
});

for (const size of [3, 4, 5]) {
  test(`a ring of ${size} renames is one rearrangement`, () => {
    const labels = ['a', 'b', 'c', 'd', 'e'].slice(0, size);
    const of = scene();
    for (const label of labels) of.agree(label);
    labels.forEach((label, at) => {
      of.here(label, { name: labels[(at + 1) % size]! });
    });
    assert.deepEqual(words(of.plan(...labels).claims), [`rearrange ${labels.join(' ')}`]);
  });
}

test('two swaps that have nothing to do with each other are two rearrangements', () => {
  const of = scene().agree('a').agree('b').agree('c').agree('d');
  of.here('a', { name: 'b' }).here('b', { name: 'a' }).here('c', { name: 'd' }).here('d', { name: 'c' });
  assert.deepEqual(words(of.plan('a', 'c', 'b', 'd').claims), ['rearrange a b', 'rearrange c d']);
});

test('a chain of renames begins at its free end', () => {
  const of = scene().agree('a').agree('b').agree('c');
  of.here('a', { name: 'b' }).here('b', { name: 'c' }).here('c', { name: 'd' });
  assert.deepEqual(words(of.plan('a', 'b', 'c').claims), ['move c', 'move b', 'move a']);
});

test('a rename to the name of a deleted file goes after the deletion', () => {
  const of = scene().agree('a').agree('b').goneHere('b').here('a', { name: 'b' });
  assert.deepEqual(words(of.plan('a', 'b').claims), ['delete b', 'move a']);
});

test('a file that takes the name of the folder it left goes together with the deletion of the folder', () => {
  const of = scene().folder('D').agree('f', { in: 'D' }).goneHere('D').here('f', { in: '', name: 'D' });
  assert.deepEqual(words(of.plan('D', 'f').claims), ['rearrange D f']);
});

test('a folder that takes the name of the folder it left goes with it too, whatever is in it', () => {
  const of = scene()
    .folder('D')
    .folder('E', { in: 'D' })
    .agree('f', { in: 'E' })
    .goneHere('D')
    .here('E', { in: '', name: 'D' });
  assert.deepEqual(words(of.plan('D', 'E').claims), ['rearrange D E']);
});

test('a folder that goes into what came out of it needs no word of the folders deleted between them', () => {
  const of = scene()
    .folder('A')
    .folder('B', { in: 'A' })
    .folder('C', { in: 'B' })
    .folder('D', { in: 'C' })
    .goneHere('B', 'C')
    .here('D', { in: '', name: 'A' })
    .here('A', { in: 'D', name: 'B' });
  assert.deepEqual(words(of.plan('A', 'B', 'C', 'D').claims), ['rearrange A D B']);
});

test('of mv a b, the new content of b and the deletion of a go on their own, and a names its successor', () => {
  const of = scene().agree('a').agree('b').goneHere('a').here('b', { content: '2' });
  of.successors.set(id('a'), id('b'));
  const { claims } = of.plan('a', 'b');
  assert.deepEqual(words(claims), ['delete a', 'edit b']);
  assert.equal(of.successorOf(id('a')), id('b'));
});

test('a folder is deleted only after what was moved out of it has an answer', () => {
  const of = scene().folder('D').agree('f', { in: 'D' }).goneHere('D').here('f', { in: '', name: 'f' });
  const plan = of.plan('D', 'f');
  assert.deepEqual(words(plan.claims), ['move f']);
  assert.deepEqual(plan.waiting.map(labelOf), ['D']);
});

test('what another device moved into a deleted folder is named as never applied here', () => {
  const of = scene().folder('D').agree('f').goneHere('D').there('f', { in: 'D' });
  const [claim] = of.plan('D').claims;
  assert.ok(claim?.kind === 'delete');
  assert.deepEqual(claim.unapplied.map(labelOf), ['f']);
  assert.equal(claim.observedSeq, of.cursorSeq);
});

test('what never came down, and what has a newer head, is named as never applied here', () => {
  const of = scene().folder('D').agree('f', { in: 'D' }).agree('g', { in: 'D' }).goneHere('D', 'f', 'g');
  of.there('g', { content: '2' }).there('n', { in: 'D' });
  const [claim] = of.plan('D').claims;
  assert.ok(claim?.kind === 'delete');
  assert.deepEqual(claim.unapplied.map(labelOf), ['g', 'n']);
  assert.equal(claim.files, 1);
});

test('a folder that was moved out takes along what is in it: only the folder is waited for', () => {
  const of = scene()
    .folder('D')
    .folder('E', { in: 'D' })
    .agree('f', { in: 'E' })
    .goneHere('D')
    .here('E', { in: '' });
  const plan = of.plan('D', 'E');
  assert.deepEqual(words(plan.claims), ['move E']);
});

test('a folder and the folder in it change places: the inner one comes out first', () => {
  const of = scene().folder('D').folder('E', { in: 'D' }).here('E', { in: '' }).here('D', { in: 'E' });
  assert.deepEqual(words(of.plan('D', 'E').claims), ['move E', 'move D']);
});

test('if they also swap names, they are one rearrangement', () => {
  const of = scene().folder('D').folder('E', { in: 'D' });
  of.here('E', { in: '', name: 'D' }).here('D', { in: 'E', name: 'E' });
  assert.deepEqual(words(of.plan('D', 'E').claims), ['rearrange D E']);
});

test('a ring through a folder that changes places with what is in it is one rearrangement', () => {
  const of = scene().folder('P').folder('Q', { in: 'P' }).agree('f', { in: 'Q', name: 'x' });
  of.here('Q', { in: '', name: 'y' }).here('P', { in: 'Q', name: 'x' }).here('f', { in: '', name: 'P' });
  assert.deepEqual(words(of.plan('P', 'f', 'Q').claims), ['move Q', 'rearrange P f']);
});

test('a move into what is inside it there, and stays so, is sent to be refused', () => {
  const of = scene().folder('D').folder('E').there('E', { in: 'D' }).here('D', { in: 'E' });
  assert.deepEqual(words(of.plan('D').claims), ['move D']);
});

test('a new folder around a folder whose name it takes is made aside', () => {
  const of = scene()
    .folder('P')
    .here('N', { ...folder, name: 'P' })
    .here('P', { in: 'N' });
  const { claims } = of.plan('N', 'P');
  assert.deepEqual(words(claims), ['create N', 'move P']);
  assert.ok(claims[0]?.kind === 'create' && claims[0].aside);
  assert.equal(claimedName(claims[0]), `moving-${id('N').slice(-12)}`);
});

test('a new file waits until the name of what left is free on the server', () => {
  const of = scene().agree('a').here('a', { name: 'b' }).here('n', { name: 'a', content: '2' });
  const plan = of.plan('a', 'n');
  assert.deepEqual(words(plan.claims), ['move a']);
  assert.deepEqual(plan.waiting.map(labelOf), ['n']);
});

test('a new folder follows in the same breath, for shapes are told in order', () => {
  const of = scene()
    .agree('a')
    .here('a', { name: 'b' })
    .here('n', { ...folder, name: 'a' });
  assert.deepEqual(words(of.plan('n', 'a').claims), ['move a', 'create n']);
});

test('a name that a claim under way asks for is waited for', () => {
  const of = scene().here('n', { name: 'x' });
  of.claimed.add(`${id('')}/x`);
  assert.deepEqual(of.plan('n').waiting.map(labelOf), ['n']);
});

test('a name is not waited for while its holder is held for the user', () => {
  const of = scene()
    .agree('a')
    .goneHere('a')
    .here('n', { ...folder, name: 'a' });
  of.held.add(id('a'));
  assert.deepEqual(words(of.plan('n').claims), ['create n']);
});

test('what is put back while its deletion is held for the user is the same node, edited or not', () => {
  const of = scene().agree('a').goneHere('a').here('n', { name: 'a', content: '2' });
  of.held.add(id('a'));
  assert.deepEqual(words(of.plan('n').trees), ['bind n']);
});

test('a move is decided against a revision, and says so', () => {
  const of = scene().agree('f').there('f', { rev: 7 }).here('f', { name: 'g' });
  const [claim] = of.plan('f').claims;
  assert.ok(claim?.kind === 'move');
  assert.equal(claim.entryRev, 7);
  assert.deepEqual(claim.at, { parent: id(''), name: 'g' });
});

test('a move into a folder is claimed although nothing is known of what is above that one there', () => {
  const torn = scene().folder('top').folder('to', { in: 'top' }).folder('a').here('a', { in: 'to' });
  torn.unknownThere('top');
  assert.deepEqual(words(torn.plan('a').claims), ['move a']);
});
