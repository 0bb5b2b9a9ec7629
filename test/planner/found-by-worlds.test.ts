/** What random worlds found, each as the smallest scene that shows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { id } from './memory-trees.ts';
import { drawScheme } from './model-scheme.ts';
import { play } from './scenario.ts';
import { scene, words } from './scene.ts';

const NFC = '\u00f6';
const NFD = 'o\u0308';

test('a new folder beside its twin of another spelling asks for a name of its own', () => {
  const twins = scene().folder('old', { name: NFC }).here('new', { name: NFD, kind: 'folder' });
  const [claim] = twins.plan().claims;
  assert.equal(claim?.kind === 'create' && claim.aside, true);
});

test('two folders whose names differ by their spelling alone come to rest, one of them renamed', () => {
  play({
    seed: 49,
    devices: 2,
    way: 'together',
    names: 'unicode',
    folding: false,
    bad: false,
    eager: 0,
    disorderly: false,
    start: [],
    actions: [
      { device: 0, kind: 'folder', a: 0, b: 0, c: 2 },
      { device: 0, kind: 'folder', a: 0, b: 0, c: 3 },
    ],
  });
});

test('a file whose new name is only to be had when a claim is answered stays in sight until then', () => {
  // a goes to the name of b, b to that of c, and c was moved here: its claim decides.
  const chain = scene()
    .agree('a')
    .agree('b')
    .agree('c', { name: 'x' })
    .there('b', { name: 'c' })
    .there('a', { name: 'b' })
    .here('c', { name: 'c' });
  const planned = chain.plan();
  assert.deepEqual(words(planned.structure), []);
  assert.deepEqual(words(planned.claims), ['move c']);
});

test('a folder that is deleted there keeps its name until what was moved into it here is claimed: no knot', () => {
  const nested = scene()
    .folder('a')
    .folder('b')
    .folder('c', { in: 'b' })
    .there('a', { dead: true })
    .there('c', { in: '', name: 'a' })
    .here('b', { in: 'a' });
  const planned = nested.plan();
  assert.deepEqual(words(planned.structure), []);
  assert.deepEqual(words(planned.claims), ['move b']);
});

test('nothing is fetched for a folder that steps aside in the same plan', () => {
  const swap = scene()
    .folder('a')
    .folder('b')
    .there('a', { name: 'b' })
    .there('b', { name: 'a' })
    .there('new a', { in: 'a', name: 'f' })
    .there('new b', { in: 'b', name: 'f' });
  const planned = swap.plan();
  assert.deepEqual(words(planned.structure), ['park b']);
  assert.deepEqual(words(planned.contents), ['fetch new a']);
});

test('nothing is fetched for a file that is parked', () => {
  const parked = scene()
    .agree('a')
    .here('a', { parked: true, in: '', name: 'hidden' })
    .agree('b')
    .there('a', { name: 'b', content: '2' });
  assert.deepEqual(words(parked.plan().contents), []);
});

test('a folder in which only left-over folders remain is removed like an empty one, and left over itself', () => {
  const nested = scene()
    .folder('a')
    .here('b', { in: 'a', kind: 'folder', condition: 'leftover' })
    .there('a', { dead: true });
  assert.equal(nested.ask('a').kind, 'remove-folder');
});

test('a conflict copy that came down before its late answer, and was edited, keeps its edit', () => {
  play(drawScheme(100_195_969));
});

test('what is included again in a folder that was deleted and forgotten there goes up, folder and all', () => {
  play(drawScheme(100_244_391));
});

test('a file that stepped aside and is forgotten there comes back into sight', () => {
  play(drawScheme(200_733_822));
});

test('an edit whose answer was lost does not bring back the file that was deleted with its folder since', () => {
  play(drawScheme(311_037_757));
});

test('an id that was bound to another node does not name two', () => {
  play(drawScheme(411_379_878));
});

test('a copy that came down before its late answer, and was moved over its original, is not taken for it again', () => {
  play(drawScheme(421_279_050));
});

test('what is agreed on because a copy holds it is so, whatever others make of the copy, until it is deleted here', () => {
  const lent = () => scene().agree('f').agree('copy').lend('f', 'copy').there('f', { content: '2' });
  assert.equal(lent().ask('f').kind, 'replace');
  assert.equal(lent().goneHere('copy').ask('f').kind, 'edit');
  assert.equal(lent().there('copy', { content: '3' }).ask('f').kind, 'replace');
  assert.equal(lent().here('copy', { content: '3' }).ask('f').kind, 'replace');
  const coming = () => scene().agree('f').there('copy').lend('f', 'copy').there('f', { content: '2' });
  assert.equal(coming().ask('f').kind, 'replace');
  assert.equal(coming().there('copy', { content: '3' }).ask('f').kind, 'replace');
  assert.equal(coming().there('copy', { dead: true }).ask('f').kind, 'replace');
});

test('what would step aside for a folder that cannot go, as a case twin is held in it, stays in sight', () => {
  play(drawScheme(331_113_360));
});

test('what is left over in a folder that goes keeps nobody from stepping aside', () => {
  play(drawScheme(500_089_365));
});

test('a file that was moved over its twin by two devices, each over the name of the other, was thrown away twice', () => {
  play(drawScheme(430_614_036));
});

test('what is parked is put down when what it waits for is held', () => {
  const twins = scene()
    .folder('B')
    .agree('f', { in: 'B' })
    .agree('held', { in: 'B' })
    .there('B', { dead: true })
    .there('b', { kind: 'folder', seq: 50 })
    .there('f', { in: 'b' })
    .there('held', { in: '', name: 'B', seq: 60 })
    .here('f', { parked: true, in: '', name: 'hidden' });
  twins.foldsCase = true;
  assert.deepEqual(words(twins.plan().structure), ['unpark f']);
});

test('what is moved into a left-over folder that the server forgot takes it up with it', () => {
  play(drawScheme(1_000_610_364));
  const moved = scene()
    .here('kept', { kind: 'folder', condition: 'leftover' })
    .agree('f')
    .here('f', { in: 'kept' });
  assert.deepEqual(words(moved.plan('f').trees), ['rejoin kept']);
});

test('a left-over folder that is bound to a new one by the same plan that has it go up anew is that new one', () => {
  play(drawScheme(7_207_772_340));
});

test('a folder goes into another one only when it is known where that is: its own move may have no answer yet', () => {
  play(drawScheme(2_001_237_184));
});

test('a rearrangement takes along who would close a circle if it stayed behind', () => {
  play(drawScheme(2_001_522_853));
  // f, c and a wait for each other's names. Gone without b, a would be in c, c in b, and b still in a.
  const knot = scene()
    .folder('a')
    .folder('b', { in: 'a' })
    .folder('c', { in: 'a' })
    .folder('g')
    .agree('f', { in: 'b' })
    .here('f', { in: '', name: 'a' })
    .here('c', { in: 'b', name: 'f' })
    .here('a', { in: 'c' })
    .here('b', { in: '', name: 'g' })
    .here('g', { in: 'a', name: 'c' });
  assert.deepEqual(words(knot.plan('a', 'b', 'c', 'f', 'g').claims), ['rearrange a c b f g']);
  // It cannot go now: they wait for it.
  knot.claimed.add(`${id('')}/g`);
  assert.deepEqual(words(knot.plan().claims), []);
  knot.deferred.add(id('b'));
  assert.deepEqual(words(knot.plan().claims), []);
});

test('a deleted folder does not wait for what was below it once and is elsewhere there by now: that may want its name', () => {
  play(drawScheme(4_100_728_319));
  const elsewhere = scene()
    .folder('a')
    .folder('b', { in: 'a' })
    .folder('c', { in: 'b' })
    .there('b', { in: '' })
    .goneHere('a')
    .here('c', { in: '', name: 'a' })
    .here('b', { in: 'c', condition: 'excluded' });
  assert.deepEqual(words(elsewhere.plan('c', 'a').claims), ['delete a', 'move c']);
  // As it is asked for when both are under way: the deletion is sent as it was planned.
  elsewhere.flying.add(id('c'));
  assert.equal(elsewhere.ask('a').kind, 'delete');
  assert.equal(elsewhere.unknownThere('c').ask('a').kind, 'delete');
});

test('a new folder at the name of one that stepped aside, and is to come back there, asks for a name of its own', () => {
  play(drawScheme(5_000_466_378));
  const back = scene()
    .folder('a')
    .here('a', { parked: true, in: '', name: 'hidden' })
    .here('new', { name: 'a', kind: 'folder' });
  const [claim] = back.plan().claims;
  assert.equal(claim?.kind === 'create' && claim.aside, true);
});
