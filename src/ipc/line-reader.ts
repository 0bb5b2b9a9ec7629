/** Cuts a byte stream into lines of bounded length, in time and memory linear in what arrives. */

export type Line =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'not-text' };

const NEWLINE = 0x0a;

/**
 * Feed it what arrives; it answers with the lines that this completed. A line past the limit is reported once, when
 * the limit is passed, and skipped to its end; nothing of it is kept.
 */
export class LineReader {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #held = 0;
  #skipping = false;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(limit: number) {
    this.#limit = limit;
  }

  feed(bytes: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      const part = bytes.subarray(from, end < 0 ? bytes.length : end);
      this.#take(part, lines);
      if (end < 0) return lines;
      this.#finish(lines);
      from = end + 1;
    }
  }

  #take(part: Uint8Array, lines: Line[]): void {
    if (this.#skipping || part.length === 0) return;
    this.#held += part.length;
    if (this.#held > this.#limit) {
      this.#skipping = true;
      this.#parts = [];
      lines.push({ kind: 'too-long' });
      return;
    }
    this.#parts.push(part);
  }

  #finish(lines: Line[]): void {
    const parts = this.#parts;
    const skipped = this.#skipping;
    this.#parts = [];
    this.#held = 0;
    this.#skipping = false;
    if (skipped) return;
    try {
      let text = '';
      for (const part of parts) text += this.#decoder.decode(part, { stream: true });
      text += this.#decoder.decode();
      // A blank line is nobody's message: people type them, and some tools end with one.
      if (text.trim() !== '') lines.push({ kind: 'line', text });
    } catch {
      // A failed fatal decode leaves the decoder fresh.
      lines.push({ kind: 'not-text' });
    }
  }
}
