/** Where a verb's words go. People read lines; with `--json` programs read one object, also when it is a "no". */

import type { ErrorCode } from '../protocol/errors.ts';
import { printable } from './text.ts';

/** The world of one run: the real process, or a test. */
export interface Io {
  readonly stdout: (data: string | Uint8Array) => Promise<void>;
  readonly stderr: (text: string) => void;
  /** All of standard input. */
  readonly stdin: () => Promise<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Standard output is a terminal that understands cursor movements. */
  readonly terminal: boolean;
}

export type Complaint = ErrorCode | 'usage' | 'not-running' | 'fault' | 'no';

export class Out {
  readonly json: boolean;
  readonly #io: Io;
  #last: Promise<void> = Promise.resolve();

  constructor(io: Io, json: boolean) {
    this.#io = io;
    this.json = json;
  }

  get terminal(): boolean {
    return this.#io.terminal && !this.json;
  }

  /** Lines for people; with `--json` nothing. */
  say(...lines: readonly string[]): void {
    if (this.json) return;
    for (const line of lines) this.#write(`${printable(line)}\n`);
  }

  /** The result for programs; without `--json` nothing. */
  result(value: unknown): void {
    if (this.json) this.#write(`${JSON.stringify(value)}\n`);
  }

  /** Exactly these bytes or characters. */
  raw(data: string | Uint8Array): Promise<void> {
    this.#write(data);
    return this.#last;
  }

  /** Why not, in one sentence: to the error stream, and with `--json` as an object too, with the facts of the case. */
  complain(code: Complaint, sentence: string, facts?: Readonly<Record<string, string | number>>): void {
    this.result({ error: { code, sentence, ...(facts === undefined ? {} : { facts }) } });
    this.#io.stderr(`${printable(sentence)}\n`);
  }

  /** The complaint and the exit code of an expected error. */
  async refuse(
    code: ErrorCode,
    facts: Readonly<Record<string, string | number>> = {},
    exit?: number,
  ): Promise<number> {
    // Loaded only here: most runs need no table of errors.
    const { sentenceOf } = await import('../protocol/errors.ts');
    const { exitCodeOf } = await import('../ipc/exit-codes.ts');
    this.complain(code, sentenceOf(code, facts), facts);
    return exit ?? exitCodeOf(code);
  }

  /** Resolves when everything said so far is out. */
  flushed(): Promise<void> {
    return this.#last;
  }

  #write(data: string | Uint8Array): void {
    this.#last = this.#last.then(() => this.#io.stdout(data));
  }
}
