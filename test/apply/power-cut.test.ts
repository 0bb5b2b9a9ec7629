/** RULES 20 where the disk, or whoever works on it, comes in between: what a power cut hurt is no edit, and what it did not hurt is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trashTexts } from '../simulation/checks/at-rest.ts';
import type { Machine } from '../simulation/machine.ts';
import { type Pair, pair } from './pair.ts';

const any = (): boolean => true;
const LONG = 'a long text';
const encoder = new TextEncoder();

/** All of it was on the disk long since; then the power of A is cut, and shows files as they are told here. */
async function cut(both: Pair, shown: Readonly<Record<string, string>>): Promise<void> {
  const { a } = both;
  await both.run(120_000);
  a.crash('power');
  for (const [path, text] of Object.entries(shown)) tear(a, path, text);
}

function tear({ volume }: Machine, path: string, text: string): void {
  volume.write(volume.find(path), encoder.encode(text));
}

test('a torn file that the disk does not let into the trash is set aside before it would be read', async (t) => {
  const both = await pair(t, { 'f.txt': LONG, 'keep.txt': 'kept' });
  await cut(both, { 'f.txt': 'a long' });
  both.once(both.a, 'trash', 'f.txt', () => 'denied');
  both.a.start();
  await both.agree({ 'f.txt': LONG, 'keep.txt': 'kept' });
  assert.deepEqual(trashTexts(both.a), ['a long']);
});

test('a torn file that is gone when it is set aside is deleted', async (t) => {
  const both = await pair(t, { 'f.txt': LONG, 'keep.txt': 'kept' });
  const { a } = both;
  await cut(both, { 'f.txt': 'a long' });
  both.once(a, 'trash', 'f.txt', () => void a.act({ do: 'remove', path: 'f.txt' }));
  a.start();
  await both.agree({ 'keep.txt': 'kept' });
  assert.deepEqual(trashTexts(a), []);
});

test('what a rule leaves out, and what was deleted before the cut, is not looked at after it', async (t) => {
  const rule = '*.log\n';
  const both = await pair(t, { 'x.log': LONG, 'f.txt': LONG, 'keep.txt': 'kept' });
  const { a, b } = both;
  await both.act(a, { do: 'write', path: '.tidemarkignore.local', text: rule });
  await both.world.settle();
  a.network.goOffline();
  await both.act(a, { do: 'remove', path: 'f.txt' });
  await cut(both, { 'x.log': 'a long' });
  a.network.goOnline();
  a.start();
  await both.world.settle();
  both.shows(a, { 'x.log': 'a long', 'keep.txt': 'kept', '.tidemarkignore.local': rule });
  both.shows(b, { 'x.log': LONG, 'keep.txt': 'kept' });
});

test('an edit that was read before the cut and is saved again as it is read anew is the later save', async (t) => {
  const both = await pair(t, { 'f.txt': LONG });
  const { a } = both;
  a.network.goOffline();
  await both.act(a, { do: 'write', path: 'f.txt', text: 'an edit that is longer' });
  await cut(both, {});
  a.network.goOnline();
  both.once(a, 'open', 'f.txt', () => {
    void a.act({ do: 'save-aside', path: 'f.txt', text: 'saved again' });
    return 'gone';
  });
  a.start();
  await both.agree({ 'f.txt': 'saved again' });
});

/** A start after a cut at which the torn `f.txt` cannot be looked at; it can be when this is over, and is to be judged. */
async function unseen(t: Parameters<typeof pair>[0]): Promise<Pair> {
  const both = await pair(t, { 'f.txt': LONG, 'keep.txt': 'kept' });
  const { a } = both;
  await cut(both, { 'f.txt': 'a long' });
  const heal = both.fail(a, 'look', 'f.txt', 'denied');
  a.start();
  await both.reach('it is noted', () => both.state(a).meta.get('unseen-after-cut') !== null);
  heal();
  return both;
}

test('a file that cannot be judged, as the mark of the root cannot be read, is judged when it can', async (t) => {
  const both = await unseen(t);
  const heal = both.fail(both.a, 'control', 'root.json', 'input-output');
  await both.run(3000);
  both.shows(both.b, { 'f.txt': LONG, 'keep.txt': 'kept' });
  heal();
  await both.agree({ 'f.txt': LONG, 'keep.txt': 'kept' });
  assert.deepEqual(trashTexts(both.a), ['a long']);
});

test('a file that is deleted just before it is judged is deleted', async (t) => {
  const both = await unseen(t);
  const { a } = both;
  const node = both.nodeAt(a, 'f.txt');
  both.hold(a, 'readControl', any, async () => {
    await a.act({ do: 'remove', path: 'f.txt' });
    await both.until('it is gone', () => both.state(a).local.get(node) === null);
  });
  await both.agree({ 'keep.txt': 'kept' });
  assert.deepEqual(trashTexts(a), []);
});
