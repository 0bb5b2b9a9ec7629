/** The matrix: every kind of call, cut at every kind of place, on its way there and on its way back. */
import { BOUNDARIES, type Boundary } from './boundaries.ts';
import type { Cut } from './fault-proxy.ts';
import { cutAnswer, cutRequest } from './faults.ts';
import { lineOf, type NetworkCase, type Whose } from './network-case.ts';
import type { NetworkRig } from './rig.ts';

/** Large enough that its manifest is not told with the change. */
const MANY_CHUNKS = 24_000_000;

interface CutCall {
  readonly path: string;
  readonly whose: Whose;
  /** Bodies of chunks behind JSON. */
  readonly packed?: 'request' | 'answer';
  /** What makes the device ask this; the ordinary work does when left out. */
  readonly work?: (rig: NetworkRig) => Promise<void>;
}

async function connectAgain(rig: NetworkRig, whose: Whose): Promise<void> {
  const line = lineOf(rig, whose);
  // A poll that breaks off is asked once more before the device takes itself for offline.
  const polls = line.arm({
    routes: ['/v1/notify'],
    times: 2,
    fault: cutRequest('behind the headers', 'reset'),
  });
  line.drop();
  await rig.struck(polls);
  await rig.smallEdit();
}

export const CALLS: readonly CutCall[] = [
  { path: '/v1/commit', whose: 'writer', packed: 'request' },
  { path: '/v1/sessions', whose: 'writer' },
  { path: '/v1/chunks', whose: 'writer', packed: 'request' },
  { path: '/v1/finalize', whose: 'writer' },
  { path: '/v1/hello', whose: 'writer', work: (rig) => connectAgain(rig, 'writer') },
  { path: '/v1/hello', whose: 'reader', work: (rig) => connectAgain(rig, 'reader') },
  { path: '/v1/journal', whose: 'reader' },
  { path: '/v1/notify', whose: 'reader' },
  { path: '/v1/chunks/get', whose: 'reader', packed: 'answer' },
  { path: '/v1/manifests/get', whose: 'reader', work: (rig) => rig.bigEdit(MANY_CHUNKS) },
];

type Direction = 'request' | 'answer';

/** Places that a body without frames has. */
const PLAIN: readonly Boundary[] = BOUNDARIES.filter((boundary) => !/packed|frame/.test(boundary));

function cutCase(call: CutCall, direction: Direction, boundary: Boundary, how: Cut): NetworkCase {
  return {
    name: `${call.whose}: ${call.path}, the ${direction} is ${how} ${boundary}`,
    run: async (rig) => {
      const fault = direction === 'request' ? cutRequest(boundary, how) : cutAnswer(boundary, how);
      const rule = lineOf(rig, call.whose).arm({ routes: [call.path], times: 1, fault });
      await (call.work?.(rig) ?? rig.work());
      await rig.struck(rule);
    },
  };
}

export const CUTS: readonly NetworkCase[] = CALLS.flatMap((call) =>
  (['request', 'answer'] as const).flatMap((direction) =>
    (call.packed === direction ? BOUNDARIES : PLAIN).flatMap((boundary) =>
      (['closed', 'reset'] as const).map((how) => cutCase(call, direction, boundary, how)),
    ),
  ),
);
