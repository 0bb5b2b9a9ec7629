/** One connection of one device: HTTP/1.1 on a bare socket, since ten thousand HTTP clients would be the load. */
import { connect, type Socket } from 'node:net';
import { HelloAnswer, NotifyAnswer } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';

const parseHello = parserOf(HelloAnswer);
const parseNotify = parserOf(NotifyAnswer);
const INSTANCE = '0'.repeat(32);
/** Everything the server says of where a namespace without changes is. */
export interface Seen {
  readonly epoch: string;
  readonly seq: number;
  readonly hash: string;
}

export class Cut extends Error {}

export class DeviceLine {
  readonly #token: string;
  readonly #port: number;
  #socket: Socket | null = null;
  #buffer = '';
  #answer: { readonly resolve: (text: string) => void; readonly reject: (why: Error) => void } | null = null;

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: this.#port, host: '127.0.0.1' });
      socket.setEncoding('latin1');
      socket.once('connect', resolve);
      socket.on('error', reject);
      socket.on('data', (text: string) => this.#take(text));
      socket.on('close', () => {
        this.#answer?.reject(new Cut('the connection was cut'));
        reject(new Cut('the connection was cut'));
      });
      this.#socket = socket;
      this.#buffer = '';
    });
  }

  cut(): void {
    this.#socket?.destroy();
  }

  /** Announces the device and learns where its namespace is. */
  async hello(): Promise<void> {
    const text = await this.#ask('/v1/hello', {
      protocol: 1,
      instance: INSTANCE,
      generation: 1,
      cursor: null,
    });
    if (parseHello(JSON.parse(text)).kind !== 'ok') throw new Error(`hello was answered with ${text}`);
  }

  /** The position of the namespace. */
  async head(): Promise<Seen> {
    const text = await this.#ask('/v1/journal', { cursor: null, limit: 1 });
    const answer = JSON.parse(text) as { readonly next: Seen };
    return answer.next;
  }

  /** Parks. Answers after how many milliseconds the server wants the next poll. */
  async poll(seen: Seen, seconds: number): Promise<number> {
    const parsed = parseNotify(JSON.parse(await this.#ask('/v1/notify', { seen, seconds })));
    if (parsed.kind !== 'ok') throw new Error('a poll was answered with something else');
    return parsed.value.reconnectAfterMs;
  }

  #ask(path: string, json: unknown): Promise<string> {
    const body = JSON.stringify(json);
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#socket?.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n` +
          `authorization: Bearer ${this.#token}\r\nx-tidemark-protocol: 1\r\nx-tidemark-instance: ${INSTANCE}:1\r\n\r\n${body}`,
      );
    });
  }

  #take(text: string): void {
    this.#buffer += text;
    const end = this.#buffer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#buffer.slice(0, end))?.[1] ?? 0);
    if (this.#buffer.length < end + 4 + length) return;
    const status = this.#buffer.slice(9, 12);
    const body = this.#buffer.slice(end + 4, end + 4 + length);
    this.#buffer = this.#buffer.slice(end + 4 + length);
    if (status === '200') this.#answer?.resolve(body);
    else this.#answer?.reject(new Error(`${status}: ${body}`));
  }
}
