import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConflictRow, ConflictSide } from '../../../src/ipc/conflicts.ts';
import { fill, name, plain } from '../../../src/renderer/screens/conflicts/parts.ts';
import { clockOf, namingOf } from '../../../src/renderer/screens/conflicts/roles.ts';
import { briefOf, spanOf, storyOf, type Telling } from '../../../src/renderer/screens/conflicts/story.ts';
import { formatsOf } from '../../../src/renderer/words/formats.ts';

const NOW = Date.parse('2026-09-18T16:05:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function side(about: Partial<ConflictSide>): ConflictSide {
  return {
    node: 'n',
    role: 'original',
    path: 'Projects/roadmap.md',
    version: '0123456789ab.1',
    number: 19,
    size: 10,
    pathThen: 'Projects/roadmap.md',
    kind: 'file',
    content: 'c',
    device: 'Studio-PC',
    user: 'ben',
    at: NOW - 3 * HOUR,
    editedAt: NOW - 3 * HOUR,
    ...about,
  };
}
const COPY = 'Projects/roadmap (conflict).md';
const own = { role: 'copy', path: COPY, number: 1, device: 'Anna-Laptop', user: 'anna' } as const;
const when = { at: NOW - 2 * HOUR, editedAt: NOW - 2 * HOUR };

function row(about: Partial<ConflictRow>): ConflictRow {
  return {
    id: 'c',
    cause: 'concurrent',
    status: 'open',
    path: 'Projects/roadmap.md',
    copyPath: COPY,
    at: NOW - 2 * HOUR,
    ancestor: 18,
    theirs: side({}),
    mine: side({ ...own, ...when }),
    sentence: 'never shown',
    resolution: null,
    ...about,
  };
}

const telling = (language: 'en' | 'de', device = 'Anna-Laptop', user = 'anna'): Telling => ({
  language,
  formats: { ...formatsOf(language), shortMoment: (at) => `T${Math.round((NOW - at) / MINUTE)}` },
  reader: { device, user },
  now: NOW,
});
const told = (what: ConflictRow, how: Telling) => storyOf(what, how).map(plain);

test('at the same time: who did what, from which version, what was there, and where both stand', () => {
  assert.deepEqual(told(row({}), telling('en')), [
    'You edited roadmap.md on this computer (T120), starting from version 18.',
    'ben had already saved version 19 from Studio-PC (T180).',
    'Both were at it at the same time, so neither could know of the other.',
    'Both are kept: the version from Studio-PC has the name, the one from this computer stands beside it as roadmap (conflict).md.',
  ]);
});

test('the same in German, without a word of English', () => {
  assert.deepEqual(told(row({}), telling('de')), [
    'Du hast roadmap.md auf diesem Computer bearbeitet (T120), ausgehend von Version 18.',
    'ben hatte auf Studio-PC schon Version 19 gespeichert (T180).',
    'Beide waren gleichzeitig daran, also konnte keine Seite von der anderen wissen.',
    'Beide sind da: die Version von Studio-PC trägt den Namen, die von diesem Computer steht daneben als roadmap (conflict).md.',
  ]);
});

test('offline: how long the change was on its way', () => {
  const mine = side({ ...own, at: NOW, editedAt: NOW - 3 * DAY });
  const conflict = row({ cause: 'offline', mine });
  assert.equal(
    told(conflict, telling('en'))[2],
    'This computer was offline: its change took 3 days to reach the server.',
  );
  assert.equal(
    told(conflict, telling('de', 'Studio-PC', 'ben'))[2],
    'Anna-Laptop war offline: die Änderung von dort brauchte 3 Tage bis zum Server.',
  );
});

test('our own lag is said to be nobody’s fault', () => {
  assert.match(told(row({ cause: 'lag' }), telling('en'))[2] ?? '', /sync being slow; nobody did/);
});

test('two files under one name: both were made, and no version is named', () => {
  assert.deepEqual(told(row({ cause: 'name-clash', ancestor: null }), telling('en')).slice(0, 3), [
    'You made roadmap.md on this computer (T120).',
    'ben had already put another file under that name, from Studio-PC (T180).',
    'The two share nothing but the name, so neither may replace the other.',
  ]);
});

test('edited and deleted, either way round, and nothing is said of places', () => {
  const gone = {
    kind: 'deleted',
    version: null,
    number: null,
    size: null,
    path: null,
    content: null,
  } as const;
  const deletedThere = row({ cause: 'edit-delete', copyPath: null, theirs: side(gone) });
  assert.deepEqual(told(deletedThere, telling('en')), [
    'You edited roadmap.md on this computer (T120), starting from version 18.',
    'ben had already deleted it on Studio-PC (T180).',
    'A deletion never takes a change with it, so the file stays until you decide.',
  ]);
  const deletedHere = row({ cause: 'edit-delete', copyPath: null, mine: side({ ...own, ...when, ...gone }) });
  assert.equal(
    told(deletedHere, telling('de'))[0],
    'Du hast roadmap.md auf diesem Computer gelöscht (T120), ausgehend von Version 18.',
  );
});

test('a side that is gone because the conflict was settled was still edited', () => {
  const settled = row({
    status: 'resolved',
    copyPath: null,
    mine: side({ ...own, ...when, kind: 'deleted', path: null }),
  });
  assert.deepEqual(told(settled, telling('en')).length, 3);
  assert.match(told(settled, telling('en'))[0] ?? '', /^You edited/);
});

test('the ancestor that is not known is not named', () => {
  assert.equal(
    told(row({ ancestor: null }), telling('en'))[0],
    'You edited roadmap.md on this computer (T120).',
  );
  assert.equal(
    told(row({ ancestor: null }), telling('en'))[1],
    'ben had already saved another version from Studio-PC (T180).',
  );
});

test('a device that made neither side: both are named; my other device is me', () => {
  assert.deepEqual(told(row({}), telling('en', 'Phone', 'carla')).slice(0, 2), [
    'anna edited roadmap.md on Anna-Laptop (T120), starting from version 18.',
    'ben had already saved version 19 from Studio-PC (T180).',
  ]);
  assert.match(told(row({}), telling('en', 'Anna-Phone', 'anna'))[0] ?? '', /^You edited .* on Anna-Laptop/);
});

test('both sides from one device: the earlier has the name', () => {
  const same = row({ theirs: side({ device: 'Anna-Laptop', user: 'anna' }) });
  assert.match(told(same, telling('en'))[3] ?? '', /^Both are kept: the earlier version has the name/);
  assert.equal(namingOf(same, { device: 'Anna-Laptop', user: 'anna' }), 'places');
  assert.equal(namingOf(row({}), { device: 'Anna-Laptop', user: 'anna' }), 'sides');
  assert.equal(namingOf(row({}), { device: 'Phone', user: 'anna' }), 'places');
});

test('what people typed is never read as part of the sentence', () => {
  const tricky = row({ path: 'a/{who}.md', theirs: side({ user: '{file}' }) });
  const parts = storyOf({ ...tricky, mine: { ...tricky.mine, pathThen: null } }, telling('en'));
  assert.deepEqual(parts[0]?.[1], { kind: 'path', text: '{who}.md' });
  assert.deepEqual(parts[1]?.[0], { kind: 'name', text: '{file}' });
  assert.deepEqual(fill('{a}!', { a: name('<b>') }), [name('<b>'), { kind: 'text', text: '!' }]);
  assert.throws(() => fill('{a}', {}));
});

test('in one line: both sides', () => {
  assert.equal(
    plain(briefOf(row({}), telling('en'))),
    'You edited it on this computer, ben edited it on Studio-PC',
  );
});

test('a clock that cannot be right is noticed, and its time is not told', () => {
  assert.deepEqual(clockOf({ at: NOW, editedAt: NOW + HOUR }, null), { kind: 'ahead', byMs: HOUR });
  assert.deepEqual(clockOf({ at: NOW, editedAt: NOW - DAY }, { at: NOW - HOUR }), {
    kind: 'behind',
    byMs: 23 * HOUR,
  });
  assert.deepEqual(clockOf({ at: NOW, editedAt: NOW - DAY }, { at: NOW - 2 * DAY }), { kind: 'fine' });
  const ahead = row({ mine: side({ ...own, at: NOW, editedAt: NOW + HOUR }) });
  assert.match(told(ahead, telling('en'))[0] ?? '', /\(T0\)/);
});

test('spans are told without a precision that nobody needs', () => {
  assert.equal(spanOf(3 * DAY + HOUR, telling('en')), '3 days');
  assert.equal(spanOf(20 * HOUR + 11_000, telling('en')), '20 h');
  assert.equal(spanOf(47 * MINUTE + 9000, telling('en')), '47 min');
  assert.equal(spanOf(12_000, telling('en')), '12 s');
});
