import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Activity } from '../../../src/ipc/events.ts';
import { activityWords, deedOf } from '../../../src/renderer/live/activity-words.ts';
import { isFiltering, matches, NO_FILTER } from '../../../src/renderer/screens/activity/filter.ts';
import { ACTIVITIES } from '../../screens/scenes/base.ts';

const like = (change: Partial<Activity>): Activity => ({ ...ACTIVITIES[0]!, ...change });
const deed = (change: Partial<Activity>, language: 'en' | 'de' = 'en') =>
  deedOf(like(change), 'Anna-Laptop', activityWords[language]);

test('a row says who did what where', () => {
  assert.equal(deed({ verb: 'edited' }), 'Edited by ben on Studio-PC');
  assert.equal(deed({ verb: 'edited', user: '' }), 'Edited on Studio-PC');
  assert.equal(
    deed({ verb: 'deleted', direction: 'sent', device: 'Anna-Laptop' }),
    'Deleted on this computer',
  );
  assert.equal(deed({ verb: 'edited' }, 'de'), 'Bearbeitet von ben auf Studio-PC');
});

test('a move within its folder is a new name, another one says from where', () => {
  const by = 'by ben on Studio-PC';
  assert.equal(deed({ verb: 'moved', path: 'a/new.txt', from: 'a/old.txt' }), `Renamed from old.txt ${by}`);
  assert.equal(deed({ verb: 'moved', path: 'b/x.txt', from: 'a/x.txt' }), `Moved from a ${by}`);
  assert.equal(deed({ verb: 'moved', path: 'b/x.txt', from: 'x.txt' }), `Moved from the synced folder ${by}`);
});

test('what nobody did names nobody', () => {
  assert.equal(deed({ verb: 'conflict' }), 'Conflict: both versions are kept');
  assert.equal(deed({ verb: 'held' }), 'Held until you decide');
});

test('names in a row are harmless', () => {
  assert.equal(
    deed({ verb: 'edited', user: 'b\u202en', device: '<b>\n' }),
    'Edited by b‹U+202E›n on <b>‹U+000A›',
  );
});

test('a filter looks at path and origin without case and normal form, at who, and at what', () => {
  const moved = like({ verb: 'moved', path: 'Neu/Größe.txt', from: 'Alt/GRÖSSE.txt' });
  assert.ok(matches(moved, { ...NO_FILTER, text: 'gro\u0308ß' }));
  assert.ok(matches(moved, { ...NO_FILTER, text: 'alt/' }));
  assert.ok(!matches(moved, { ...NO_FILTER, text: 'other' }));
  assert.ok(matches(moved, { ...NO_FILTER, what: 'moved', who: 'others' }));
  assert.ok(!matches(moved, { ...NO_FILTER, who: 'mine' }));
  assert.ok(!isFiltering({ ...NO_FILTER, text: '  ' }));
});
