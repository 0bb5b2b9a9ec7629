import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMethod, METHODS, type Method } from '../../src/ipc/contract.ts';
import { ControlEvent } from '../../src/ipc/events.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { AT, SAMPLE_RESULTS, SAMPLE_STATUS } from '../support/fake-control.ts';

const methods = Object.keys(METHODS) as Method[];

test('the methods that the command line was released with are still there', () => {
  const released = [
    'cat',
    'conflicts.list',
    'conflicts.resolve',
    'conflicts.show',
    'doctor',
    'explain',
    'history',
    'pause',
    'repair',
    'rescan',
    'restore',
    'resume',
    'review.approve',
    'review.list',
    'review.reject',
    'status',
    'stop',
    'trash.list',
    'trash.restore',
    'wait',
  ];
  for (const name of released) assert.ok(Object.hasOwn(METHODS, name), name);
});

for (const method of methods) {
  test(`${method}: a good result fits its schema, and one without its members does not`, () => {
    const parse = parserOf(METHODS[method].result);
    assert.deepEqual(parse(SAMPLE_RESULTS[method]), { kind: 'ok', value: SAMPLE_RESULTS[method] });
    assert.equal(parse({}).kind, 'invalid');
    assert.equal(parse(null).kind, 'invalid');
  });

  test(`${method}: a result of a newer engine may say more, params may not`, () => {
    const more = { ...SAMPLE_RESULTS[method], somethingNew: 1 };
    assert.equal(parserOf(METHODS[method].result)(more).kind, 'ok');
    assert.equal(parserOf(METHODS[method].params)({ somethingNew: 1 }).kind, 'invalid');
  });
}

test('the status has the members that other tools rely on', () => {
  const fixed = [
    'state',
    'pendingUploads',
    'pendingDownloads',
    'unseen',
    'conflicts',
    'review',
    'problems',
    'cursor',
    'serverHead',
    'bytesSent',
    'bytesReceived',
    'lastScanAt',
  ];
  for (const member of fixed) {
    const { [member as 'state']: _gone, ...rest } = SAMPLE_STATUS;
    assert.equal(parserOf(METHODS.status.result)(rest).kind, 'invalid', `without ${member}`);
  }
});

test('a state that is none of the nine is refused', () => {
  const parse = parserOf(METHODS.status.result);
  assert.equal(parse({ ...SAMPLE_STATUS, state: 'fine' }).kind, 'invalid');
  for (const state of ['setting-up', 'checking', 'syncing', 'offline', 'needs-you', 'warning', 'error'])
    assert.equal(parse({ ...SAMPLE_STATUS, state }).kind, 'ok');
});

test('params are checked: what is missing, too much or out of bounds is refused', () => {
  const cases: readonly (readonly [Method, unknown, 'ok' | 'invalid'])[] = [
    ['wait', { timeout: 0.5 }, 'ok'],
    ['wait', {}, 'invalid'],
    ['wait', { timeout: -1 }, 'invalid'],
    ['wait', { timeout: '5' }, 'invalid'],
    ['history', { path: 'a/b' }, 'ok'],
    ['history', { path: '../a' }, 'invalid'],
    ['cat', { path: 'a', version: 3 }, 'ok'],
    ['cat', { path: 'a', version: '0123456789ab.3' }, 'ok'],
    ['cat', { path: 'a', version: 'latest' }, 'invalid'],
    ['cat', { path: 'a', length: 1e9 }, 'invalid'],
    ['restore', { path: 'a' }, 'invalid'],
    ['conflicts.resolve', { id: 'x', keep: 'both' }, 'ok'],
    ['conflicts.resolve', { id: 'x', keep: 'newest' }, 'invalid'],
    ['repair', { replay: true }, 'ok'],
    ['repair', { surface: '' }, 'ok'],
    ['repair', { file: 'a' }, 'ok'],
    ['repair', {}, 'invalid'],
    ['repair', { replay: true, file: 'a' }, 'invalid'],
  ];
  for (const [method, params, expected] of cases)
    assert.equal(parserOf(METHODS[method].params)(params).kind, expected, JSON.stringify([method, params]));
});

test('events are status, activity or a count of what was left out', () => {
  const parse = parserOf(ControlEvent);
  assert.equal(parse({ kind: 'status', at: AT, status: SAMPLE_STATUS }).kind, 'ok');
  assert.equal(parse({ kind: 'skipped', at: AT, count: 3 }).kind, 'ok');
  assert.equal(parse({ kind: 'gossip', at: AT }).kind, 'invalid');
});

test('names from the prototype are no methods', () => {
  assert.equal(isMethod('status'), true);
  for (const name of ['constructor', '__proto__', 'toString', 'onEvent', ''])
    assert.equal(isMethod(name), false);
});
