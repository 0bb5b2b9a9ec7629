/** HTTP/1.1 messages as bytes: where one ends and where its parts begin. Knows lengths, no chunked coding. */

export interface HttpMessage {
  readonly raw: Buffer;
  /** "POST /v1/commit HTTP/1.1", or "HTTP/1.1 200 OK". */
  readonly firstLine: string;
  /** Where the body begins: behind the empty line. */
  readonly headEnd: number;
}

const HEAD_END = '\r\n\r\n';

/** Gathers what a socket reads and gives back whole messages. */
export class MessageReader {
  #held: Buffer = Buffer.alloc(0);
  #parts: Buffer[] = [];
  /** Bytes at which looking again makes sense. */
  #wanted = 0;
  #have = 0;

  take(bytes: Buffer): HttpMessage[] {
    this.#parts.push(bytes);
    this.#have += bytes.length;
    if (this.#have < this.#wanted) return [];
    this.#held = Buffer.concat([this.#held, ...this.#parts]);
    this.#parts = [];
    const messages: HttpMessage[] = [];
    for (let size = this.#sizeOfFirst(); size !== null && size <= this.#held.length; ) {
      messages.push(messageOf(this.#held.subarray(0, size)));
      this.#held = this.#held.subarray(size);
      size = this.#sizeOfFirst();
    }
    this.#have = this.#held.length;
    this.#wanted = this.#sizeOfFirst() ?? 0;
    return messages;
  }

  #sizeOfFirst(): number | null {
    const headEnd = this.#held.indexOf(HEAD_END);
    if (headEnd < 0) return null;
    const head = this.#held.toString('latin1', 0, headEnd);
    return headEnd + HEAD_END.length + Number(headerIn(head, 'content-length') ?? 0);
  }
}

export function messageOf(raw: Buffer): HttpMessage {
  const headEnd = raw.indexOf(HEAD_END) + HEAD_END.length;
  return { raw, headEnd, firstLine: raw.toString('latin1', 0, raw.indexOf('\r\n')) };
}

/** The path a request asks for, without its query. */
export function routeOf(request: HttpMessage): string {
  return request.firstLine.split(' ')[1]?.split('?')[0] ?? '';
}

/** Another value for one header, which has to be there. */
export function withHeader(message: HttpMessage, name: string, value: string): Buffer {
  const head = message.raw.toString('latin1', 0, message.headEnd);
  const line = new RegExp(`^${name}:.*$`, 'im');
  if (!line.test(head)) throw new Error(`${message.firstLine} has no ${name}`);
  const changed = Buffer.from(head.replace(line, `${name}: ${value}`), 'latin1');
  return Buffer.concat([changed, message.raw.subarray(message.headEnd)]);
}

export function bodyLength(message: HttpMessage): number {
  return message.raw.length - message.headEnd;
}

function headerIn(head: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*([^\\r\\n]*)`, 'im').exec(head)?.[1];
}

/** A page as middleboxes send it. */
export function pageOf(status: string, html: string, ...headers: readonly string[]): Buffer {
  const body = Buffer.from(html);
  const lines = [
    `HTTP/1.1 ${status}`,
    'content-type: text/html; charset=utf-8',
    `content-length: ${body.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}
