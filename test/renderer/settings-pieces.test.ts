import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EngineSettings } from '../../src/ipc/settings.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { inOrder, systemName } from '../../src/renderer/screens/devices/device-facts.ts';
import {
  formOf,
  type RateForm,
  settingsOf,
} from '../../src/renderer/screens/settings/bandwidth/rate-form.ts';
import { bundleText } from '../../src/renderer/screens/settings/bundle-text.ts';
import { deadLines } from '../../src/renderer/screens/settings/ignore/dead-lines.ts';
import {
  argumentsFor,
  argumentsOf,
  missingFiles,
} from '../../src/renderer/screens/settings/merge-arguments.ts';
import { seed } from '../property/seeded.ts';

const parse = parserOf(EngineSettings);
const PLAIN: EngineSettings = { up: null, down: null, schedule: null, proxy: { kind: 'system' } };

test('settings come back from the form as they went in', () => {
  const rate = fc.option(fc.integer({ min: 1, max: 10_000_000 }));
  const clock = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  const schedule = fc
    .record(
      {
        from: clock,
        to: clock,
        days: fc
          .uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 })
          .map((days) => days.toSorted((a, b) => a - b)),
        up: rate,
        down: rate,
      },
      { noNullPrototype: true },
    )
    .filter(({ from, to }) => from !== to);
  const proxy = fc.constantFrom<EngineSettings['proxy']>(
    { kind: 'system' },
    { kind: 'none' },
    { kind: 'manual', url: 'http://proxy.example.org:3128' },
  );
  fc.assert(
    fc.property(
      fc.record({ up: rate, down: rate, schedule: fc.option(schedule), proxy }, { noNullPrototype: true }),
      (settings) => {
        assert.deepEqual(settingsOf(formOf(settings)), { kind: 'ok', settings });
      },
    ),
    { numRuns: 100, seed },
  );
});

test('whatever is typed, the engine gets only what its contract takes', () => {
  const text = fc.oneof(
    fc.constantFrom('', '0', '1', '10000001', '-3', '1.5', 'x'),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(
      fc.record({
        up: text,
        thenUp: text,
        from: text,
        to: fc.constantFrom('', '08:00', '24:00'),
        scheduled: fc.boolean(),
        days: fc.subarray([0, 1, 6]),
        proxy: fc.constantFrom<RateForm['proxy']>('system', 'manual'),
        proxyUrl: fc.constantFrom('', 'http://a', 'ftp://a', 'http://a b', 'https://'),
      }),
      (typed) => {
        const read = settingsOf({ ...formOf(PLAIN), ...typed });
        if (read.kind === 'ok') assert.equal(parse(read.settings).kind, 'ok');
        else assert.ok(read.faults.size > 0);
      },
    ),
    { numRuns: 300, seed },
  );
});

test('what is wrong is told by its field', () => {
  const read = settingsOf({
    ...formOf(PLAIN),
    up: '0',
    scheduled: true,
    from: '08:00',
    to: '08:00',
    days: [],
    proxy: 'manual',
  });
  assert.deepEqual(read, { kind: 'faults', faults: new Set(['up', 'to', 'days', 'proxyUrl']) });
});

test('lines that can match nothing are found, and no others', () => {
  assert.deepEqual(deadLines('# [\n*.tmp\n[abc\n!keep\n'), [{ line: 3, text: '[abc' }]);
  assert.deepEqual(deadLines(''), []);
});

test('known merge tools get their arguments, others the usual ones', () => {
  assert.deepEqual(argumentsFor('/usr/bin/meld'), ['LEFT', 'BASE', 'RIGHT', '-o', 'OUT']);
  assert.deepEqual(argumentsFor('C:\\Tools\\KDiff3.exe').slice(0, 3), ['BASE', 'LEFT', 'RIGHT']);
  assert.deepEqual(argumentsFor('/opt/mine'), ['LEFT', 'BASE', 'RIGHT', 'OUT']);
  assert.deepEqual(argumentsOf(' --a b \n\nOUT\n'), ['--a b', 'OUT']);
});

test('arguments without a file that is needed are refused', () => {
  assert.deepEqual(missingFiles(['LEFT', '--out=OUT']), ['RIGHT']);
  assert.deepEqual(missingFiles(argumentsFor('meld')), []);
  assert.deepEqual(missingFiles(['OUTPUT', 'LEFT', 'RIGHT']), ['OUT']);
});

test('the report is saved as it was read, part by part', () => {
  const parts = [
    { name: 'a', text: '1\n\n' },
    { name: 'b', text: '2' },
  ];
  assert.equal(bundleText({ parts, redacted: true }), '===== a =====\n1\n\n===== b =====\n2\n');
});

test('this device comes first, then those seen last, then the unlinked ones', () => {
  const device = (deviceId: string, about: object) => ({
    deviceId,
    name: deviceId,
    os: 'linux',
    linkedAt: 1,
    lastSeenAt: 5,
    revoked: false,
    self: false,
    online: false,
    behind: 0,
    ...about,
  });
  const devices = [
    device('gone', { revoked: true, lastSeenAt: 99 }),
    device('old', { lastSeenAt: null }),
    device('new', { lastSeenAt: 9 }),
    device('me', { self: true }),
  ];
  assert.deepEqual(
    inOrder(devices).map((each) => each.deviceId),
    ['me', 'new', 'old', 'gone'],
  );
  assert.equal(systemName('win32'), 'Windows');
  assert.equal(systemName('plan9'), 'plan9');
});
