/** Answers that are not the server's own: portals, gateways, caches. */
import assert from 'node:assert/strict';
import { foreignAnswer, keepAnswer, page, wrongLength, wrongLengthText } from './faults.ts';
import type { HttpMessage } from './http-message.ts';
import { CALLS, lineOf, type NetworkCase, type Whose } from './network-case.ts';
import type { NetworkRig } from './rig.ts';

const LOGIN = '<!doctype html><title>Hotel</title><form action="/login">Room number</form>';
const NO_SENSE =
  /^Offline: The server at http:\/\/127\.0\.0\.1:\d+ sent an answer that makes no sense \((.+)\)\. Nothing was changed; Tidemark tries again\.$/;
const UNAVAILABLE = /^Offline: The server is starting or stopping\. Tidemark tries again\.$/;

interface Impostor {
  readonly name: string;
  readonly answer: readonly [status: string, html: string, ...headers: string[]];
  readonly sentence: RegExp;
}

const IMPOSTORS: readonly Impostor[] = [
  { name: 'a portal that answers 200', answer: ['200 OK', LOGIN], sentence: NO_SENSE },
  { name: 'a portal that answers 200 with nothing', answer: ['200 OK', ''], sentence: NO_SENSE },
  {
    name: 'a portal that sends elsewhere',
    answer: ['302 Found', LOGIN, 'location: http://portal.invalid/login'],
    sentence: /^Offline: .*\(HTTP 302, .*sent elsewhere, to http:\/\/portal\.invalid\/login\)/,
  },
  {
    name: 'a portal that says so',
    answer: ['511 Network Authentication Required', LOGIN],
    sentence: NO_SENSE,
  },
  {
    name: 'a proxy that wants a password',
    answer: ['407 Proxy Authentication Required', LOGIN],
    sentence: NO_SENSE,
  },
  { name: 'a wall that forbids', answer: ['403 Forbidden', LOGIN], sentence: NO_SENSE },
  { name: 'a wall that asks who is there', answer: ['401 Unauthorized', LOGIN], sentence: NO_SENSE },
  { name: 'a host that has no such page', answer: ['404 Not Found', LOGIN], sentence: NO_SENSE },
  { name: 'a host that says it is gone', answer: ['410 Gone', LOGIN], sentence: NO_SENSE },
  { name: 'a gateway in front of nothing', answer: ['502 Bad Gateway', LOGIN], sentence: UNAVAILABLE },
  { name: 'a gateway that is overrun', answer: ['503 Service Unavailable', LOGIN], sentence: UNAVAILABLE },
  { name: 'a gateway that waited', answer: ['504 Gateway Timeout', LOGIN], sentence: UNAVAILABLE },
  {
    name: 'a gateway that asks for a pause',
    answer: ['429 Too Many Requests', LOGIN, 'retry-after: 3'],
    sentence: /^Offline: The server asks for a pause\. Tidemark goes on in \d s\.$/,
  },
];

const PORTALS: readonly NetworkCase[] = IMPOSTORS.map(({ name, answer, sentence }) => ({
  name: `${name} (${answer[0]}) stands before everything`,
  run: async (rig) => {
    for (const line of [rig.writerLine, rig.readerLine]) {
      line.arm({ fault: page(...answer) });
      line.drop();
    }
    await rig.work();
    for (const device of [rig.writer, rig.reader]) {
      const status = await rig.says(device, sentence);
      assert.equal(status.connected, false);
    }
    assert.ok((await rig.writer.status()).pendingUploads > 0);
  },
}));

/** The answer that this kind of call got during an earlier piece of work. */
async function earlierAnswer(rig: NetworkRig, path: string, whose: Whose): Promise<HttpMessage> {
  let kept: HttpMessage | null = null;
  const take = (answer: HttpMessage): void => {
    kept ??= answer;
  };
  const line = lineOf(rig, whose);
  const rule = line.arm({ routes: [path], fault: keepAnswer(take) });
  await rig.work();
  await rig.settled();
  rule.disarm();
  assert.ok(kept, `an answer to ${path}`);
  return kept;
}

const CACHED: readonly NetworkCase[] = CALLS.map(({ path, whose }) => ({
  name: `${whose}: ${path} gets the answer to an earlier ${path}`,
  run: async (rig) => {
    const answer = await earlierAnswer(rig, path, whose);
    const rule = lineOf(rig, whose).arm({ routes: [path], times: 1, fault: foreignAnswer(answer) });
    await rig.work();
    await rig.struck(rule);
  },
}));

const MIXED: readonly NetworkCase[] = CALLS.map(({ path, whose }, index) => {
  const other = CALLS.filter((call) => call.whose === whose && call.path !== path);
  const from = other[index % other.length]?.path ?? '/v1/journal';
  return {
    name: `${whose}: ${path} gets the answer to ${from}`,
    run: async (rig) => {
      const answer = await earlierAnswer(rig, from, whose);
      const rule = lineOf(rig, whose).arm({ routes: [path], times: 1, fault: foreignAnswer(answer) });
      await rig.work();
      await rig.struck(rule);
    },
  };
});

const LENGTHS: readonly NetworkCase[] = CALLS.flatMap(({ path, whose }) =>
  ([-1, 1, 'banana', '-5'] as const).map((wrong) => ({
    name: `${whose}: the answer to ${path} says a wrong length (${wrong})`,
    run: async (rig: NetworkRig) => {
      const fault = typeof wrong === 'number' ? wrongLength(wrong) : wrongLengthText(wrong);
      const rule = lineOf(rig, whose).arm({ routes: [path], times: 1, fault });
      await rig.work();
      await rig.struck(rule);
    },
  })),
);

export const IMPOSTOR_CASES: readonly NetworkCase[] = [...PORTALS, ...CACHED, ...MIXED, ...LENGTHS];
