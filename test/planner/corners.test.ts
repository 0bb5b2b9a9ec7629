/** Corners of the planner that no table cell names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BRAKE_DEFAULT, brake } from '../../src/core/planner/brake.ts';
import { WITH_BASE } from '../../src/core/planner/decide.ts';
import { comeUp } from '../../src/core/planner/newcomers-local.ts';
import { arrive, returnOf } from '../../src/core/planner/newcomers-remote.ts';
import { deletedHere, deletedThere, forgotten } from '../../src/core/planner/removals.ts';
import { id } from './memory-trees.ts';
import { type Scene, scene, words } from './scene.ts';

function online(trees: Scene, ...labels: readonly string[]): Scene {
  for (const label of labels) trees.online.add(id(label));
  return trees;
}

test('a cell that is asked about rows that are not there says so', () => {
  const nobody = { node: id('x'), local: null, remote: null, synced: null };
  for (const cell of [WITH_BASE.seen.live, deletedThere, deletedHere, forgotten, arrive, comeUp, returnOf])
    assert.throws(() => cell(scene(), nobody), /without/);
});

test('what is deleted there goes into the trash, also out of a folder that is not seen here any more', () => {
  const orphan = scene().folder('d').agree('f', { in: 'd' }).goneHere('d').there('f', { dead: true });
  assert.equal(orphan.ask('f').kind, 'trash');
});

test('a move into a folder below one that the server forgot is told, whether that one stands here or not', () => {
  const forgot = () =>
    scene().folder('P').folder('Q', { in: 'P' }).agree('f').unknownThere('P').here('f', { in: 'Q' });
  assert.deepEqual(words(forgot().plan('f').claims), ['move f']);
  assert.deepEqual(words(forgot().goneHere('P').plan('f').claims), ['move f']);
});

test('a brake of a root without files has no share to trip at', () => {
  assert.deepEqual(brake(BRAKE_DEFAULT, [], 0, 1, 0), { kind: 'go', files: 1, share: 0 });
});

test('corrections, questions and what rests each have their place in a plan', () => {
  const mixed = scene()
    .agree('adopt')
    .here('adopt', { stamp: 'other' })
    .agree('ask')
    .unknownThere('ask')
    .agree('rest')
    .here('rest', { condition: 'unseen' })
    .there('rest', { content: '2' });
  const planned = mixed.plan('adopt', 'ask', 'rest');
  assert.deepEqual(words(planned.trees), ['adopt adopt']);
  assert.deepEqual(words(planned.reviews), ['review ask']);
  assert.deepEqual([...planned.waiting, ...planned.done], []);
});

test('a move into a folder that is new inside one that still has to leave the mover waits for that one', () => {
  const nested = scene()
    .folder('X')
    .folder('M', { in: 'X' })
    .agree('q')
    .here('M', { in: '', name: 'q' })
    .here('q', { name: 'q2' })
    .here('N', { in: 'M', kind: 'folder' })
    .here('X', { in: 'N' });
  nested.flying.add(id('q'));
  assert.deepEqual(words(nested.plan().claims), ['create N']);
});

test('of a folder deleted here, what is dead there and was moved out here leaves first', () => {
  const rescued = scene()
    .folder('d')
    .agree('f', { in: 'd' })
    .goneHere('d')
    .here('f', { in: '' })
    .there('f', { dead: true });
  const intent = rescued.ask('d');
  assert.deepEqual(intent.kind === 'delete' && intent.leaving, [id('f')]);
});

test('what is in a new folder waits with it while something new here has its name', () => {
  const waiting = scene()
    .there('D', { kind: 'folder' })
    .there('E', { in: 'D', kind: 'folder' })
    .there('f', { in: 'E' })
    .here('n', { name: 'D' });
  assert.deepEqual(
    ['D', 'E', 'f'].map((label) => waiting.ask(label).kind),
    ['wait', 'wait', 'wait'],
  );
});

test('what is in a folder that steps aside or is parked is not fetched', () => {
  const hidden = scene()
    .folder('d')
    .folder('e')
    .here('d', { parked: true, name: 'hidden' })
    .there('d', { in: 'e' })
    .there('f', { in: 'd' });
  assert.deepEqual(words(hidden.plan('f').contents), []);
  assert.deepEqual(words(hidden.plan('d', 'f').contents), ['fetch f'], 'it comes back in the same plan');
});

test('deep trees are moved as well as flat ones', () => {
  const deep = scene();
  for (let depth = 1; depth <= 600; depth += 1)
    deep.folder(`${depth}`, { in: depth > 1 ? `${depth - 1}` : '' });
  deep.agree('f', { in: '600' }).there('f', { name: 'g' });
  assert.deepEqual(words(deep.plan('f').structure), ['move-here f']);
});

test('a knot inside a folder is cut at what is innermost', () => {
  const nested = scene()
    .folder('a')
    .folder('b')
    .agree('x', { in: 'b' })
    .agree('c')
    .there('a', { name: 'b' })
    .there('b', { name: 'a' })
    .there('x', { in: '', name: 'c' })
    .there('c', { in: 'b', name: 'x' });
  assert.deepEqual(words(nested.plan('a', 'b', 'x', 'c').structure), ['park x']);
});

test('a folder that is to go and holds what waits for something outside makes nobody step aside', () => {
  const shared = scene()
    .folder('d')
    .agree('p', { in: 'd' })
    .agree('q', { in: 'd' })
    .agree('r', { in: 'd' })
    .agree('s')
    .there('d', { dead: true })
    .there('p', { in: '', name: 'd' })
    .there('q', { in: '', name: 's' })
    .there('r', { in: '', name: 's2' })
    .there('s', { name: 't' });
  shared.here('busy', { name: 't' });
  assert.deepEqual(words(shared.plan('p', 'q', 'r').structure), ['move-here r']);
  shared.goneHere('q');
  shared.goneHere('r');
  assert.deepEqual(words(shared.plan('p').structure), ['park p']);
});

test('a long chain that ends at something outside is no knot, though two of it wait for the same', () => {
  const chain = scene()
    .folder('d')
    .agree('p', { in: 'd' })
    .agree('q', { in: 'd' })
    .agree('w')
    .agree('s')
    .agree('u')
    .there('d', { dead: true })
    .there('w', { name: 'd' })
    .there('K', { kind: 'folder', name: 's' })
    .there('p', { in: 'K' })
    .there('q', { in: 'K' })
    .there('s', { name: 't' })
    .here('u', { name: 't' });
  const planned = chain.plan();
  assert.deepEqual(words(planned.structure), []);
  assert.deepEqual(words(planned.claims), ['move u']);
});

// --- parked ------------------------------------------------------------------------------------------------------

function parkedIn(folder: string, trees: Scene): Scene {
  return trees
    .agree('f', { in: folder })
    .here('f', { in: '', parked: true, name: 'hidden' })
    .there('f', { in: folder, name: 'bad' });
}

function putDownAt(trees: Scene): string {
  trees.badNames.set('bad', 'no such name here');
  const [intent] = trees.plan('f').structure;
  return intent?.kind === 'unpark'
    ? `${intent.at.parent === id('') ? '' : 'in d '}${intent.at.name}`
    : 'stays';
}

test('what is parked and cannot have its place is put down in its old folder while that stays', () => {
  assert.equal(putDownAt(parkedIn('d', scene().folder('d'))), 'in d f');
  assert.equal(
    putDownAt(parkedIn('e', scene().folder('d').folder('e', { in: 'd' }).there('e', { dead: true }))),
    'in d f',
  );
});

test('what is parked is put down at the root when a folder above it moves, is parked or is gone', () => {
  assert.equal(putDownAt(parkedIn('d', scene().folder('d').there('d', { name: 'd2' }))), 'f');
  assert.equal(putDownAt(parkedIn('d', scene().folder('d').here('d', { parked: true }))), 'f');
  assert.equal(putDownAt(parkedIn('d', scene().folder('d')).goneHere('d')), 'f');
});

test('what is parked and is to stay online where it goes is put down', () => {
  const away = scene().folder('d').agree('f').here('f', { parked: true, name: 'hidden' });
  away.there('on', { kind: 'folder' }).there('f', { in: 'on' });
  assert.deepEqual(words(online(away, 'on').plan('f').structure), ['unpark f']);
});

test('what is parked and is to leave is put down first', () => {
  const leaving = scene()
    .folder('d')
    .agree('f', { in: 'd' })
    .here('f', { in: '', parked: true, name: 'hidden' });
  leaving.leaving.add(id('f'));
  assert.equal(online(leaving, 'd').ask('f').kind, 'unpark');
});

// --- stays online ------------------------------------------------------------------------------------------------

/** A folder that others moved to where all stays online, with one thing in it. */
function goesAway(inside: (trees: Scene) => Scene): Scene {
  const trees = inside(scene().folder('d'));
  return online(trees.there('on', { kind: 'folder' }).there('d', { in: 'on' }), 'on');
}

test('a folder moved to where all stays online leaves, with what a rule leaves out in it', () => {
  assert.equal(goesAway((trees) => trees.agree('f', { in: 'd' })).ask('d').kind, 'leave');
  assert.equal(
    goesAway((trees) => trees.folder('e', { in: 'd' }).agree('f', { in: 'e' })).ask('d').kind,
    'leave',
  );
  assert.equal(
    goesAway((trees) => trees.here('f', { in: 'd', condition: 'excluded' })).ask('d').kind,
    'leave',
  );
});

test('a folder moved to where all stays online stays as long as it holds what is not there', () => {
  const cases: Readonly<Record<string, (trees: Scene) => Scene>> = {
    'could not be observed': (trees) => trees.agree('f', { in: 'd' }).here('f', { condition: 'unseen' }),
    'holds rules of its own': (trees) => trees.agree('f', { in: 'd', name: '.tidemarkignore' }),
    'goes up first': (trees) => trees.here('f', { in: 'd' }),
    'was done to it here goes up first': (trees) => trees.agree('f', { in: 'd' }).here('f', { content: '2' }),
    'to it here goes up first': (trees) => trees.agree('f', { in: 'd' }).here('f', { name: 'g' }),
  };
  for (const [words, inside] of Object.entries(cases)) {
    const intent = goesAway(inside).ask('d');
    assert.ok(
      ['wait', 'rest'].includes(intent.kind) && intent.rule.includes(words),
      `${words}: ${intent.rule}`,
    );
  }
  for (const mark of ['flying', 'held'] as const) {
    const busy = goesAway((trees) => trees.agree('f', { in: 'd' }));
    busy[mark].add(id('f'));
    assert.equal(busy.ask('d').kind, 'wait', mark);
  }
});

test('what was moved here before others moved it away goes nowhere by itself', () => {
  const moved = scene().folder('d').agree('f').here('f', { in: 'd' });
  moved.there('on', { kind: 'folder' });
  moved.leaving.add(id('f'));
  assert.equal(online(moved, 'on').ask('f').kind, 'stay');
});

test('a node whose way up on the server is not known does not stay online', () => {
  const lost = scene().folder('gone').agree('f', { in: 'gone' }).unknownThere('gone').goneHere('f');
  assert.equal(online(lost.folder('on'), 'on').ask('f').kind, 'delete');
});

// --- twins -------------------------------------------------------------------------------------------------------

test('on a disk that folds case, a twin that stays online and is not here keeps nobody away', () => {
  const twins = scene().there('A', { kind: 'folder', name: 'A' }).there('a', { kind: 'folder', name: 'a' });
  twins.foldsCase = true;
  assert.equal(twins.ask('a').kind, 'hold');
  assert.equal(online(twins, 'A').ask('a').kind, 'make-folder');
});

test('on a disk that folds case, a twin that stays online and still stands here keeps the other one away', () => {
  const twins = scene().folder('A', { name: 'A' }).there('a', { kind: 'folder', name: 'a' });
  twins.foldsCase = true;
  assert.equal(online(twins, 'A').ask('a').kind, 'hold');
});

test('on a disk that folds case, the twin that stands here stays, though it came later', () => {
  const twins = scene().there('A', { name: 'A' }).agree('a');
  twins.there('A', { content: '2' });
  twins.foldsCase = true;
  assert.equal(twins.ask('A').kind, 'hold');
  assert.notEqual(twins.there('a', { content: '2' }).ask('a').kind, 'hold');
});
