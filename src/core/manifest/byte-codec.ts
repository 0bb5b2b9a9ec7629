/**
 * Bytes in and out for the canonical encodings (manifests, signatures, deltas). The reader never throws on hostile
 * input: the first fault sticks in `fault`, and every later read gives zeros, so that a decoder checks once per record.
 */

const HEX_DIGITS = '0123456789abcdef';
const NIBBLES = new Uint8Array(128);
for (let value = 0; value < 16; value += 1) NIBBLES[HEX_DIGITS.charCodeAt(value)] = value;

/** Length of `value` as an unsigned LEB128 number. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1;
  return length;
}

/** A cursor over one preallocated array; the caller computes the exact size first, so encoding allocates once. */
export class ByteWriter {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  byte(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  /** Unsigned LEB128, shortest form; exact up to 2^53. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Lower-case hex digits, written as the bytes they stand for. */
  hex(text: string): void {
    for (let i = 0; i < text.length; i += 2) {
      this.byte((NIBBLES[text.charCodeAt(i)]! << 4) | NIBBLES[text.charCodeAt(i + 1)]!);
    }
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #fault: string | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** What was wrong first, or null while all is well. */
  get fault(): string | null {
    return this.#fault;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  fail(why: string): void {
    this.#fault ??= why;
  }

  byte(): number {
    if (this.#fault !== null || this.#at >= this.#bytes.length) {
      this.fail('it ends too early');
      return 0;
    }
    const value = this.#bytes[this.#at]!;
    this.#at += 1;
    return value;
  }

  /** A number of at most `most`, in its shortest form only: one value has one encoding. */
  varint(most: number, what: string): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count += 1) {
      const part = this.byte();
      if (this.#fault !== null) return 0;
      value += (part & 0x7f) * scale;
      if (part < 128) {
        if (part === 0 && count > 0) this.fail(`${what} is not in its shortest form`);
        else if (value > most) this.fail(`${what} is ${value}, above the limit of ${most}`);
        return this.#fault === null ? value : 0;
      }
      scale *= 128;
    }
    this.fail(`${what} has too many digits`);
    return 0;
  }

  /** A view of the next bytes, not a copy; empty after a fault. */
  view(length: number): Uint8Array {
    if (this.#fault !== null || length > this.left) {
      this.fail('it ends too early');
      return this.#bytes.subarray(0, 0);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Nothing may follow the last record. */
  end(): void {
    if (this.#fault === null && this.left > 0) this.fail(`${this.left} bytes follow the end`);
  }
}
