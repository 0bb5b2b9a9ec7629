/** Every kind of place at which a request or an answer can break off. */
import { bodyLength, type HttpMessage } from './http-message.ts';

/** In the order of the bytes. The packed ones exist only in packed bodies, the body's only where there is one. */
export const BOUNDARIES = [
  'before the first byte',
  'inside the first line',
  'behind the first line',
  'inside the headers',
  'inside the empty line',
  'behind the headers',
  'inside the packed head',
  'inside the packed JSON',
  'behind the packed JSON',
  'inside a frame head',
  'behind a frame head',
  'inside a frame',
  'inside the body',
  'before the last byte',
  'behind the last byte',
] as const;
export type Boundary = (typeof BOUNDARIES)[number];

const MAGIC = 'TMF1';
const PACKED_HEAD = 8;
const FRAME_HEAD = 37;

/** How many bytes come before that place, or null where the message has no such place. */
export function placeOf(message: HttpMessage, boundary: Boundary): number | null {
  return placesOf(message).get(boundary) ?? null;
}

export function placesOf(message: HttpMessage): ReadonlyMap<Boundary, number> {
  const { raw, headEnd } = message;
  const line = raw.indexOf('\r\n') + 2;
  const places = new Map<Boundary, number>([
    ['before the first byte', 0],
    ['inside the first line', line >> 1],
    ['behind the first line', line],
    ['inside the headers', (line + headEnd) >> 1],
    ['inside the empty line', headEnd - 2],
    ['behind the headers', headEnd],
    ['behind the last byte', raw.length],
  ]);
  if (bodyLength(message) === 0) return places;
  places.set('before the last byte', raw.length - 1);
  places.set('inside the body', headEnd + (bodyLength(message) >> 1));
  for (const [boundary, at] of packedPlaces(message)) places.set(boundary, at);
  return places;
}

function packedPlaces({ raw, headEnd }: HttpMessage): [Boundary, number][] {
  if (raw.toString('latin1', headEnd, headEnd + MAGIC.length) !== MAGIC) return [];
  const json = headEnd + PACKED_HEAD;
  const jsonEnd = json + raw.readUInt32LE(headEnd + MAGIC.length);
  const places: [Boundary, number][] = [
    ['inside the packed head', headEnd + MAGIC.length + 1],
    ['inside the packed JSON', (json + jsonEnd) >> 1],
  ];
  if (jsonEnd >= raw.length) return places;
  const frame = jsonEnd + FRAME_HEAD;
  const frameEnd = frame + raw.readUInt32LE(frame - 4);
  return [
    ...places,
    ['behind the packed JSON', jsonEnd],
    ['inside a frame head', jsonEnd + (FRAME_HEAD >> 1)],
    ['behind a frame head', frame],
    ['inside a frame', (frame + frameEnd) >> 1],
  ];
}
