/** What looks like files being encrypted, and what is everyday work. */
import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { byteEntropy, isEntropyJump, isExtensionJump } from '../../src/core/planner/overwrites.ts';
import { seed } from '../property/seeded.ts';

const encoder = new TextEncoder();
const WORDS = encoder.encode(
  'Never lose a byte of a user, whatever happens on the way from one disk to the other. ',
);
const SOURCE = readFileSync(new URL('../../src/core/planner/decide.ts', import.meta.url));
const JSON_TEXT = encoder.encode(
  JSON.stringify(Array.from({ length: 400 }, (_, i) => ({ id: i, at: i * 7919, name: `name ${i % 17}` }))),
);
const TEXT = Buffer.concat(Array.from({ length: 100 }, () => WORDS));

function encrypted(bytes: Uint8Array, seed: number): Uint8Array {
  const key = Buffer.alloc(32, seed);
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16, seed >> 8));
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

/** Noise, as in pictures and archives. */
function noise(length: number, seed: number): Uint8Array {
  return encrypted(new Uint8Array(length), seed);
}

function jumps(before: Uint8Array, after: Uint8Array): boolean {
  return isEntropyJump(byteEntropy(before), byteEntropy(after));
}

test('entropy is bits per byte: none for one value, eight for all alike', () => {
  assert.equal(byteEntropy(new Uint8Array(4096)), 0);
  assert.equal(byteEntropy(Uint8Array.from({ length: 4096 }, (_, i) => i)), 8);
  assert.equal(byteEntropy(Uint8Array.from({ length: 4096 }, (_, i) => i % 2)), 1);
});

test('less than 1 KiB is too short to tell, and counts neither before nor after', () => {
  assert.equal(byteEntropy(noise(1023, 1)), null);
  assert.notEqual(byteEntropy(noise(1024, 1)), null);
  assert.equal(jumps(TEXT.subarray(0, 1023), noise(5000, 1)), false);
  assert.equal(jumps(TEXT, noise(1023, 1)), false);
});

test('only the first 64 KiB are looked at', () => {
  const head = new Uint8Array(64 * 1024);
  assert.equal(byteEntropy(Buffer.concat([head, noise(100_000, 1)])), 0);
});

test('encrypting text, source code or JSON is a jump', () => {
  for (const plain of [TEXT, SOURCE, JSON_TEXT]) assert.equal(jumps(plain, encrypted(plain, 7)), true);
});

test('text, source code and JSON may become each other', () => {
  const all = [TEXT, SOURCE, JSON_TEXT];
  for (const before of all) for (const after of all) assert.equal(jumps(before, after), false);
});

test('what was compressed already never jumps, whatever it becomes', () => {
  const zipped = deflateRawSync(noise(2000, 3).reduce((text, byte) => `${text}${byte.toString(36)} `, ''));
  const picture = Buffer.concat([encoder.encode('\u00ff\u00d8JFIF'), noise(4000, 4)]);
  for (const before of [zipped, picture]) {
    assert.equal(jumps(before, noise(5000, 5)), false);
    assert.equal(jumps(before, encrypted(before, 6)), false);
    assert.equal(jumps(before, TEXT), false);
  }
});

test('a jump is to noise, and a whole bit up', () => {
  assert.equal(isEntropyJump(6.5, 7.5), true);
  assert.equal(isEntropyJump(6.6, 7.5), false);
  assert.equal(isEntropyJump(3, 7.4), false);
  assert.equal(isEntropyJump(8, 4), false);
  assert.equal(isEntropyJump(null, 8), false);
  assert.equal(isEntropyJump(1, null), false);
});

test('any text of 1 KiB and more that is encrypted jumps', () => {
  const line = fc.stringMatching(/^[a-zA-Z0-9 .,;:'"(){}<>=/\n-]{1,80}$/);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 65_535 }), (lines, seed) => {
      const once = encoder.encode(lines.join('\n'));
      const copies = Math.ceil(1024 / once.length);
      const plain = Buffer.concat(Array.from({ length: copies }, () => once));
      return jumps(plain, encrypted(plain, seed));
    }),
    { seed },
  );
});

test('noise that becomes any other bytes never jumps', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1024, max: 100_000 }),
      fc.integer({ min: 1, max: 65_535 }),
      fc.uint8Array({ maxLength: 4096 }),
      (length, seed, after) =>
        !jumps(noise(length, seed), after) && !jumps(noise(length, seed), noise(length, seed + 1)),
    ),
    { seed },
  );
});

test('entropy lies between 0 and 8 and does not depend on the order of bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1024, maxLength: 4096 }), (bytes) => {
      const entropy = byteEntropy(bytes);
      assert.ok(entropy !== null && entropy >= 0 && entropy <= 8);
      const sorted = byteEntropy(bytes.toSorted());
      assert.ok(sorted !== null && Math.abs(sorted - entropy) < 1e-9);
    }),
    { seed },
  );
});

test('an extension that is appended to one that stays is a jump', () => {
  for (const name of ['a.docx.locked', 'a.docx.id-7.[someone].locked'])
    assert.equal(isExtensionJump('a.docx', name), true, name);
});

test('conversions, other names and names without an extension are no jump', () => {
  for (const [from, to] of [
    ['a.docx', 'a.pdf'],
    ['a.docx', 'a.docx'],
    ['a.docx', 'a.docx.'],
    ['a.docx', 'a.docx~'],
    ['a.docx', 'b.docx.locked'],
    ['a', 'a.txt'],
    ['.profile', '.profile.old'],
    ['a.docx.locked', 'a.docx'],
  ] as const)
    assert.equal(isExtensionJump(from, to), false, `${from} → ${to}`);
});
