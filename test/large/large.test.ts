import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../src/protocol/limits.ts';
import { largeRun } from './large-run.ts';

const MIB = 1024 * 1024;
/** Headers, the other requests of a device, and what its restarts ask for. */
const TALK = 2 * MIB;

test('a large file goes on where it was when device and server are killed on the way, up and down', async () => {
  const figures = await largeRun(64 * MIB);
  const { up, down } = figures;
  // Two kills; each costs what was on the line, at most one body or answer of it.
  assert(up.resent <= 2 * LIMITS.bodyBytes + TALK, JSON.stringify(figures));
  assert(down.resent <= 2 * LIMITS.bodyBytes + TALK, JSON.stringify(figures));
});
