/** What the server's own switches for tests do, to the requests of one machine. */
import type { Fault, FaultRequest } from '../../../server-stub/faults.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import type { RouteName } from '../../../src/protocol/routes.ts';
import type { Mend, Scene, Trouble } from './trouble.ts';

const REFUSALS: readonly ErrorCode[] = ['too-many-requests', 'internal', 'unavailable', 'server-space'];

function from({ machine }: Scene): (request: FaultRequest) => boolean {
  return ({ headers }) => machine.speaksWith(headers['authorization'] ?? '');
}

function arm(scene: Scene, fault: Fault, probability: number, route?: readonly RouteName[]): Mend {
  const rule = { fault, probability, when: from(scene), ...(route === undefined ? {} : { route }) };
  return scene.world.host.script.add(rule);
}

export const serverRefuses: Trouble = {
  kind: 'server-refuses',
  target: 'machine',
  every: { calm: null, hostile: 10_000 },
  lasts: 12_000,
  strike(scene) {
    const { stream } = scene;
    const code = stream.pick(REFUSALS);
    const fault: Fault = { kind: 'refuse', code, ...(stream.chance(0.3) ? { retryAfter: 2 } : {}) };
    return arm(scene, fault, stream.pick([0.1, 0.5, 1]));
  },
};

export const serverCuts: Trouble = {
  kind: 'server-cuts',
  target: 'machine',
  every: { calm: null, hostile: 10_000 },
  lasts: 12_000,
  strike(scene) {
    const { stream } = scene;
    const fault = stream.pick<Fault>([
      { kind: 'drop-reply' },
      { kind: 'cut-connection' },
      { kind: 'delay', ms: 3000 },
      { kind: 'truncated-body', share: 0.5 },
      { kind: 'duplicate-notification' },
    ]);
    return arm(scene, fault, stream.pick([0.1, 0.5]));
  },
};

/** The journal has forgotten where this device was: it reads a snapshot, keeps what was agreed, and deletes nothing more. */
export const expiredCursor: Trouble = {
  kind: 'expired-cursor',
  target: 'machine',
  every: { calm: null, hostile: 15_000 },
  lasts: 6000,
  strike: (scene) =>
    arm(scene, { kind: 'expired-cursor' }, scene.stream.pick([0.3, 1]), ['journal', 'notify']),
};

export const journalLag: Trouble = {
  kind: 'journal-lag',
  target: 'machine',
  every: { calm: null, hostile: 12_000 },
  lasts: 15_000,
  strike(scene) {
    const { world, machine, stream } = scene;
    world.excuses.push({ kind: 'stale-reads', machine: machine.name, at: world.time.elapsed });
    return arm(scene, { kind: 'journal-lag' }, stream.pick([0.5, 1]));
  },
};
