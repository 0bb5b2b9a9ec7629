import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused } from '../../src/ipc/contract.ts';
import { type Cat, eachPiece } from '../../src/main/version-content.ts';

const chosen = { node: '01990000-0000-7000-8000-000000000001', version: '0123456789ab.3' };
const TEXT = 'what was written long ago';
const PIECE = 10;

/** Says `thawing` so many times before each piece, then gives it. */
function coldCat(times: number, seconds: number): Cat {
  const asked = new Map<number, number>();
  return async ({ offset = 0 }) => {
    const before = asked.get(offset) ?? 0;
    asked.set(offset, before + 1);
    if (before < times) return refused('thawing', { file: 'a.png', seconds });
    const end = Math.min(TEXT.length, offset + PIECE);
    return {
      kind: 'ok',
      value: {
        ...chosen,
        path: 'a.png',
        number: 3,
        kind: 'file',
        size: TEXT.length,
        offset,
        bytes: Buffer.from(TEXT.slice(offset, end)).toString('base64'),
        next: end < TEXT.length ? end : null,
      },
    };
  };
}

test('a version in cold storage is waited for as long as was said, piece by piece, and comes whole', async () => {
  const pauses: number[] = [];
  const pieces: Buffer[] = [];
  const last = await eachPiece(
    coldCat(2, 7),
    chosen,
    (_piece, bytes) => pieces.push(bytes) > 0,
    async (ms) => {
      pauses.push(ms);
    },
  );
  assert.equal('code' in last, false);
  assert.equal(Buffer.concat(pieces).toString(), TEXT);
  assert.deepEqual(pauses, Array<number>(6).fill(7000));
});

test('what does not come for minutes is told to whoever asked, in the words of the server', async () => {
  let waited = 0;
  const last = await eachPiece(
    coldCat(Number.POSITIVE_INFINITY, 3600),
    chosen,
    () => assert.fail('there is no piece'),
    async (ms) => {
      waited += ms;
    },
  );
  assert.deepEqual(last, refused('thawing', { file: 'a.png', seconds: 3600 }));
  assert.equal(waited, 600_000);
});

test('another refusal is not waited for', async () => {
  const no = refused('unknown-version', { file: 'a.png' });
  const last = await eachPiece(
    async () => no,
    chosen,
    () => true,
    () => assert.fail('nothing comes by itself'),
  );
  assert.deepEqual(last, no);
});
