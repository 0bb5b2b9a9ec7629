/**
 * A packed body: one JSON value and any number of chunks in one HTTP body, so that small files cost no request each.
 *
 *   'TMF1' | u32le length of the JSON | JSON in UTF-8 |
 *   per frame: 32 bytes chunk hash | u8 encoding (0 raw, 1 delta) | u32le length | bytes
 *
 * The hash names the chunk that the frame yields; whether its bytes really do is for the receiver to verify.
 */
import { type ChunkId, fromHex, parseChunkId, toHex } from './ids.ts';

export interface Frame {
  readonly id: ChunkId;
  /** `raw`: the chunk itself. `delta`: an encoded delta that rebuilds it. */
  readonly encoding: 'raw' | 'delta';
  readonly bytes: Uint8Array;
}

export interface FrameLimits {
  readonly jsonBytes: number;
  readonly frames: number;
  /** Bytes of one frame. */
  readonly frameBytes: number;
}

export interface DecodedFrames {
  readonly kind: 'frames';
  /** Parsed, not yet checked against any schema. */
  readonly json: unknown;
  /** Views into the body: they keep it alive, and change with it. */
  readonly frames: readonly Frame[];
}

export interface InvalidFrames {
  readonly kind: 'invalid';
  readonly why: string;
}

/** 'TMF1' read as a little-endian number. */
const MAGIC = 0x31464d54;
const HEAD_BYTES = 8;
const HASH_BYTES = 32;
const FRAME_HEAD_BYTES = HASH_BYTES + 1 + 4;
const ENCODINGS = ['raw', 'delta'] as const;

/** Bytes that a frame adds to a body, for callers that fill bodies up to a bound. */
export function frameCost(payload: number): number {
  return FRAME_HEAD_BYTES + payload;
}

/** Packs into one array, allocated once; or into the beginning of `into`, where that is large enough. */
export function encodeFrames(
  content: {
    readonly json: unknown;
    readonly frames: readonly Frame[];
  },
  into?: Uint8Array,
): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(content.json) ?? 'null');
  let size = HEAD_BYTES + json.length;
  for (const frame of content.frames) size += frameCost(frame.bytes.length);
  const body = into !== undefined && into.length >= size ? into.subarray(0, size) : new Uint8Array(size);
  const view = new DataView(body.buffer, body.byteOffset, size);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  body.set(json, HEAD_BYTES);
  let at = HEAD_BYTES + json.length;
  for (const frame of content.frames) {
    body.set(fromHex(frame.id), at);
    body[at + HASH_BYTES] = ENCODINGS.indexOf(frame.encoding);
    view.setUint32(at + HASH_BYTES + 1, frame.bytes.length, true);
    body.set(frame.bytes, at + FRAME_HEAD_BYTES);
    at += frameCost(frame.bytes.length);
  }
  return body;
}

/** Unpacks what anybody sent. Every length is checked against the bytes that are there before it is used. */
export function decodeFrames(body: Uint8Array, limits: FrameLimits): DecodedFrames | InvalidFrames {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.length < HEAD_BYTES || view.getUint32(0, true) !== MAGIC)
    return invalid('it is not a packed body');
  const jsonLength = view.getUint32(4, true);
  if (jsonLength > limits.jsonBytes) return invalid(`its JSON part is larger than ${limits.jsonBytes} bytes`);
  if (jsonLength > body.length - HEAD_BYTES) return invalid('its JSON part is cut off');
  const json = parseJson(body.subarray(HEAD_BYTES, HEAD_BYTES + jsonLength));
  if (json === null) return invalid('its JSON part is not valid JSON in UTF-8');
  const frames: Frame[] = [];
  for (let at = HEAD_BYTES + jsonLength; at < body.length; ) {
    if (frames.length >= limits.frames) return invalid(`it has more than ${limits.frames} frames`);
    const frame = readFrame(body, view, at, limits.frameBytes);
    if (frame.kind === 'invalid') return frame;
    frames.push(frame.frame);
    at += frameCost(frame.frame.bytes.length);
  }
  return { kind: 'frames', json: json.value, frames };
}

function readFrame(
  body: Uint8Array,
  view: DataView,
  at: number,
  frameBytes: number,
): { readonly kind: 'frame'; readonly frame: Frame } | InvalidFrames {
  if (body.length - at < FRAME_HEAD_BYTES) return invalid('the head of a frame is cut off');
  const encoding = ENCODINGS[body[at + HASH_BYTES]!];
  if (encoding === undefined) return invalid('a frame has an unknown encoding');
  const length = view.getUint32(at + HASH_BYTES + 1, true);
  if (length > frameBytes) return invalid(`a frame is larger than ${frameBytes} bytes`);
  const start = at + FRAME_HEAD_BYTES;
  if (length > body.length - start) return invalid('a frame is cut off');
  const id = parseChunkId(toHex(body.subarray(at, at + HASH_BYTES)));
  return { kind: 'frame', frame: { id, encoding, bytes: body.subarray(start, start + length) } };
}

/** Boxed, since `null` is a JSON value too. */
function parseJson(bytes: Uint8Array): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) };
  } catch {
    return null;
  }
}

function invalid(why: string): InvalidFrames {
  return { kind: 'invalid', why };
}
