/** Small pictures for the stage, drawn here so that nobody's photograph is in the repository. */
import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 720;
const HEIGHT = 480;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function seedOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  // Names that differ little give pictures that differ much.
  return (hash * 3571) % 9973;
}

type Colour = readonly [number, number, number];

/** A harbour at some hour: sky, sun, water with its shine, a quay; `seed` moves the sun and the quay. */
export function pictureOf(seed: string): Uint8Array {
  const number = seedOf(seed);
  const sun = { x: 120 + (number % 480), y: 90 + (number % 110), r: 38 };
  const horizon = 250;
  const quay = 120 + ((number * 7) % 380);
  const sky = (y: number): Colour => [236 - y * 0.18, 214 - y * 0.06, 190 + y * 0.18];
  const water = (y: number): Colour => [40 + (y - horizon) * 0.1, 96 - (y - horizon) * 0.08, 112];
  const colourAt = (x: number, y: number): Colour => {
    if (y > 330 && x > quay && x < quay + 190) return [74, 66, 60];
    if (y > 210 && y < 262 && x > quay + 60 && x < quay + 100) return [140, 58, 48];
    if (y >= horizon) {
      const shines = Math.abs(x - sun.x) < 8 + (y - horizon) * 0.22 && Math.floor(y / 5) % 2 === 0;
      return shines ? [244, 200, 140] : water(y);
    }
    return (x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.r ** 2 ? [250, 226, 160] : sky(y);
  };
  const raw = Buffer.alloc(HEIGHT * (WIDTH * 3 + 1));
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const at = y * (WIDTH * 3 + 1) + 1 + x * 3;
      const [r, g, b] = colourAt(x, y);
      raw[at] = r;
      raw[at + 1] = g;
      raw[at + 2] = b;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
