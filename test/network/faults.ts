/** What can go wrong with one exchange. Each makes a fault for the proxy. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Boundary, placeOf } from './boundaries.ts';
import { CaseError, type Cut, type Exchange, type Fault } from './fault-proxy.ts';
import { type HttpMessage, MessageReader, pageOf, withHeader } from './http-message.ts';

/** The request breaks off there; behind its last byte: the server has all of it, and nobody waits for the answer. */
export function cutRequest(boundary: Boundary, how: Cut): Fault {
  return async (exchange) => {
    const at = placeIn(exchange.request, boundary);
    if (at > 0) await exchange.sendOn(exchange.request.raw.subarray(0, at));
    // Time for the server to act on it: a reset may overtake what is in its buffers.
    if (boundary === 'behind the last byte') await sleep(50);
    exchange.cut(how);
  };
}

/** The server has done its work; its answer breaks off there. */
export function cutAnswer(boundary: Boundary, how: Cut): Fault {
  return async (exchange) => {
    const answer = await exchange.forward();
    const at = placeIn(answer, boundary);
    if (at > 0) await exchange.reply(answer.raw.subarray(0, at));
    // Or the client would not get the bytes before the reset.
    if (how === 'reset') await sleep(20);
    exchange.cut(how);
  };
}

/** A case that asks for a place the message does not have would prove nothing. */
function placeIn(message: HttpMessage, boundary: Boundary): number {
  const at = placeOf(message, boundary);
  if (at === null) throw new CaseError(`${message.firstLine} has no place "${boundary}"`);
  return at;
}

/** The request reaches the server twice; the client hears the first or the second answer. */
export function twice(heard: 'first' | 'second', when: 'at once' | 'afterwards'): Fault {
  return async (exchange) => {
    const again = (): Promise<HttpMessage> => askAlone(exchange.upstreamPort, exchange.request.raw);
    const first = exchange.forward();
    if (when === 'afterwards') await first;
    const answers = await Promise.all([first, again()]);
    await exchange.reply(answers[heard === 'first' ? 0 : 1].raw);
  };
}

/** The connection breaks before the server sees the request, and the request comes late: when `deliver` is called. */
export function delayed(): { readonly fault: Fault; readonly deliver: () => Promise<HttpMessage[]> } {
  const held: (() => Promise<HttpMessage>)[] = [];
  return {
    fault: (exchange) => {
      held.push(() => askAlone(exchange.upstreamPort, exchange.request.raw));
      exchange.cut('reset');
      return Promise.resolve();
    },
    deliver: () => Promise.all(held.map((send) => send())),
  };
}

/** The answer says another length than it has. */
export function wrongLength(difference: number): Fault {
  return withLength((answer) => String(answer.raw.length - answer.headEnd + difference));
}

/** The answer says a length that is none. */
export function wrongLengthText(text: string): Fault {
  return withLength(() => text);
}

function withLength(lengthOf: (answer: HttpMessage) => string): Fault {
  return async (exchange) => {
    const answer = await exchange.forward();
    await exchange.reply(withHeader(answer, 'content-length', lengthOf(answer)));
    await sleep(20);
    exchange.cut('closed');
  };
}

/** So many bytes at a time, with a pause behind each: the answer takes longer than anybody waits. */
export function drippingAnswer(bytes: number, everyMs: number): Fault {
  return async (exchange) =>
    drip((await exchange.forward()).raw, bytes, everyMs, (part) => exchange.reply(part));
}

/** The same towards the server. */
export function drippingRequest(bytes: number, everyMs: number): Fault {
  return (exchange) => drip(exchange.request.raw, bytes, everyMs, (part) => exchange.sendOn(part));
}

async function drip(
  raw: Buffer,
  bytes: number,
  everyMs: number,
  send: (part: Buffer) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < raw.length; at += bytes) {
    await send(raw.subarray(at, at + bytes));
    await sleep(everyMs, undefined, { ref: false });
  }
}

/** Somebody in between answers; the server never hears of it. */
export function page(status: string, html: string, ...headers: readonly string[]): Fault {
  return (exchange) => exchange.reply(pageOf(status, html, ...headers));
}

/** The answer to another request, as a confused cache gives it. */
export function foreignAnswer(answer: HttpMessage): Fault {
  return (exchange) => exchange.reply(answer.raw);
}

/** Lets the exchange be and keeps its answer. */
export function keepAnswer(keep: (answer: HttpMessage) => void): Fault {
  return async (exchange) => {
    const answer = await exchange.forward();
    keep(answer);
    await exchange.reply(answer.raw);
  };
}

/** Something happens while the request is under way: before the server has it, or before the client has the answer. */
export function meanwhile(when: 'before' | 'after', act: () => Promise<void>): Fault {
  return async (exchange: Exchange) => {
    if (when === 'before') await act();
    const answer = await exchange.forward();
    if (when === 'after') await act();
    await exchange.reply(answer.raw);
  };
}

/** On a connection of its own. */
function askAlone(port: number, raw: Buffer): Promise<HttpMessage> {
  return new Promise((resolve, reject) => {
    const server = connect({ port, host: '127.0.0.1' });
    const answers = new MessageReader();
    server.on('error', reject);
    server.on('close', () => reject(new Error('the server closed the connection')));
    server.on('data', (bytes: Buffer) => {
      const [answer] = answers.take(bytes);
      if (answer === undefined) return;
      resolve(answer);
      server.destroy();
    });
    server.write(raw);
  });
}
