import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AskCat, decodeText, readVersion } from '../../src/renderer/previews/read-version.ts';
import { seed } from '../property/seeded.ts';

const PIECE = 96;
const chosen = { node: '01990000-0000-7000-8000-000000000001', version: '0123456789ab.3' };

function catOf(content: Buffer, asked: number[] = []): AskCat {
  return async ({ offset = 0 }) => {
    asked.push(offset);
    const end = Math.min(content.length, offset + PIECE);
    return {
      kind: 'ok',
      value: {
        ...chosen,
        path: 'a.txt',
        number: 3,
        kind: 'file',
        size: content.length,
        offset,
        bytes: content.subarray(offset, end).toString('base64'),
        next: end < content.length ? end : null,
      },
    };
  };
}

test('a text is put together from all its pieces, byte by byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ maxLength: 600, unit: fc.constantFrom('a', 'ü', '€', '😀', '\n', '\t') }),
      async (text) => {
        const content = Buffer.from(text);
        const got = await readVersion(catOf(content), chosen);
        assert.deepEqual(got, { kind: 'text', text, encoding: 'utf-8', bom: false, size: content.length });
      },
    ),
    { numRuns: 60, seed },
  );
});

test('a version beyond the limit is left after its first piece', async () => {
  const asked: number[] = [];
  const got = await readVersion(catOf(Buffer.alloc(1000, 97), asked), chosen, 999);
  assert.deepEqual(got, { kind: 'too-large', size: 1000 });
  assert.deepEqual(asked, [0]);
});

test('what the engine refuses is handed on as it was said', async () => {
  const reply = { kind: 'refused', code: 'unknown-version', facts: { file: 'a.txt' } } as const;
  assert.deepEqual(await readVersion(async () => reply, chosen), { kind: 'failed', reply });
});

test('an answer that leads nowhere is not asked for ever', async () => {
  let asked = 0;
  const stuck: AskCat = async (params) => {
    asked += 1;
    const reply = await catOf(Buffer.from('abc'))(params);
    return reply.kind === 'ok' ? { ...reply, value: { ...reply.value, next: 0 } } : reply;
  };
  assert.equal((await readVersion(stuck, chosen)).kind, 'text');
  assert.equal(asked, 1);
});

test('text is told from what is none, and its encoding is known', () => {
  const kindOf = (...bytes: number[]) => {
    const decoded = decodeText(Uint8Array.from(bytes));
    return decoded.kind === 'text' ? `${decoded.encoding} ${decoded.text}` : decoded.kind;
  };
  assert.equal(kindOf(), 'utf-8 ');
  assert.equal(kindOf(0xc3, 0xbc), 'utf-8 ü');
  assert.equal(kindOf(0xef, 0xbb, 0xbf, 0x61), 'utf-8 a');
  assert.equal(kindOf(0xff, 0xfe, 0x61, 0x00), 'utf-16le a');
  assert.equal(kindOf(0xfe, 0xff, 0x00, 0x61), 'utf-16be a');
  assert.equal(kindOf(0xfc, 0x62), 'windows-1252 üb');
  assert.equal(kindOf(0x61, 0x00, 0x62), 'binary');
  assert.equal(kindOf(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'binary');
});
