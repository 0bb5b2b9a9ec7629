import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIncoming, parseReply } from '../../src/ipc/json-rpc.ts';
import { LineReader } from '../../src/ipc/line-reader.ts';
import { checkReply } from '../../src/ipc/node-control-client.ts';
import { seed } from '../property/seeded.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('however a stream is cut, the same lines come out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\n') && s.trim() !== '')),
      fc.array(fc.nat(20)),
      (lines, cuts) => {
        const all = bytes(lines.map((line) => `${line}\n`).join(''));
        const reader = new LineReader(1_000_000);
        const out: string[] = [];
        let from = 0;
        for (let i = 0; from < all.length; i += 1) {
          const size = 1 + (cuts[i % Math.max(1, cuts.length)] ?? 0);
          for (const line of reader.feed(all.subarray(from, from + size)))
            out.push(line.kind === 'line' ? line.text : line.kind);
          from += size;
        }
        assert.deepEqual(out, lines);
      },
    ),
    { seed },
  );
});

test('a line past the limit is told once, and the next line is read', () => {
  const reader = new LineReader(10);
  assert.deepEqual(reader.feed(bytes('12345678901')), [{ kind: 'too-long' }]);
  assert.deepEqual(reader.feed(bytes('and on and on')), []);
  assert.deepEqual(reader.feed(bytes(' still\nshort\n')), [{ kind: 'line', text: 'short' }]);
  assert.deepEqual(reader.feed(bytes('1234567890\n')), [{ kind: 'line', text: '1234567890' }]);
});

test('bytes that are no text are told, and the next line is read', () => {
  const reader = new LineReader(100);
  const lines = reader.feed(Uint8Array.of(0xc3, 0x28, 0x0a, 0x61, 0x0a, 0xe2, 0x82, 0x0a, 0x62, 0x0a));
  assert.deepEqual(lines, [
    { kind: 'not-text' },
    { kind: 'line', text: 'a' },
    { kind: 'not-text' },
    { kind: 'line', text: 'b' },
  ]);
});

test('blank lines are nobody’s message', () => {
  assert.deepEqual(new LineReader(100).feed(bytes('\n \r\n\nx\n')), [{ kind: 'line', text: 'x' }]);
});

test('whatever the line, a server reads it as a request, a notification or a refusal', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      assert.ok(['request', 'notification', 'bad'].includes(parseIncoming(line).kind));
      assert.ok(['result', 'refused', 'error', 'event', 'nonsense'].includes(parseReply(line).kind));
    }),
    { seed },
  );
});

test('envelopes that are not JSON-RPC 2.0 are refused with the code of their fault', () => {
  const code = (line: string) => {
    const message = parseIncoming(line);
    return message.kind === 'bad' ? message.code : message.kind;
  };
  assert.equal(code('{'), -32_700);
  assert.equal(code('[]'), -32_600);
  assert.equal(code('null'), -32_600);
  assert.equal(code('{"id":1,"method":"status"}'), -32_600);
  assert.equal(code('{"jsonrpc":"2.0","id":{},"method":"status"}'), -32_600);
  assert.equal(code('{"jsonrpc":"2.0","id":1}'), -32_600);
  assert.equal(code('{"jsonrpc":"2.0","id":1,"method":"status","params":[1]}'), -32_602);
  assert.equal(code('{"jsonrpc":"2.0","id":1,"method":"status","params":{}}'), 'request');
  assert.equal(code('{"jsonrpc":"2.0","method":"pause"}'), 'notification');
});

test('a refusal is taken with its code when this version knows it', async () => {
  const reply = (code: string) =>
    parseReply(
      `{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no","data":{"code":"${code}","facts":{"file":"a","x":{}}}}}`,
    );
  const known = reply('file-busy');
  assert.ok(known.kind === 'refused');
  assert.deepEqual(await checkReply('restore', known), {
    kind: 'refused',
    code: 'file-busy',
    facts: { file: 'a' },
  });
  const unknown = reply('toString');
  assert.ok(unknown.kind === 'refused');
  assert.deepEqual(await checkReply('restore', unknown), { kind: 'fault', message: 'no' });
});
