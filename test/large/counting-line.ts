/** A line between a device and the server: counts bytes each way, and stands still when so many have gone one way. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Way = 'up' | 'down';

export class CountingLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #counts = { up: 0, down: 0 };
  #stop: { readonly way: Way; readonly at: number; readonly reached: () => void } | null = null;
  #stands = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(target: () => number): Promise<CountingLine> {
    const server = createServer((near) => line.#join(near, connect(target(), '127.0.0.1')));
    const line = new CountingLine(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return line;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the line does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  count(way: Way): number {
    return this.#counts[way];
  }

  /** Resolves when so many bytes have gone that way; from then on the line stands still. */
  standsAt(way: Way, bytes: number): Promise<void> {
    return new Promise((reached) => {
      this.#stop = { way, at: bytes, reached };
    });
  }

  /** What was on it is gone, with its connections; new ones go through. */
  goOn(): void {
    this.#stands = false;
    this.#stop = null;
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    this.#pass('up', near, far);
    this.#pass('down', far, near);
  }

  #pass(way: Way, from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => {
      if (this.#stands) {
        from.pause();
        return;
      }
      this.#counts[way] += bytes.length;
      if (!to.write(bytes)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
      const stop = this.#stop;
      if (stop === null || stop.way !== way || this.#counts[way] < stop.at) return;
      this.#stands = true;
      stop.reached();
    });
    from.on('end', () => to.end());
  }
}
