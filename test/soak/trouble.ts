/** What goes wrong while people work: somebody is killed, stopped or paused, and comes back. */
import type { Stream } from '../simulation/random.ts';
import { type Fleet, pause } from '../support/devices.ts';

const LONGEST_ABSENCE_MS = 4000;
const LONGEST_PAUSE_MS = 10_000;

/** Makes one trouble, lets `meanwhile` go on during it, and ends it. Answers with what it was. */
export async function makeTrouble(
  fleet: Fleet,
  random: Stream,
  meanwhile: (ms: number) => Promise<void>,
): Promise<string> {
  const device = random.pick(fleet.devices);
  const absence = random.below(LONGEST_ABSENCE_MS);
  switch (random.below(5)) {
    case 0:
      await fleet.server.kill();
      await meanwhile(absence);
      await fleet.server.start();
      return 'server killed';
    case 1:
      await fleet.server.stop();
      await meanwhile(absence);
      await fleet.server.start();
      return 'server stopped';
    case 2:
      await device.ask('pause', {});
      await meanwhile(random.below(LONGEST_PAUSE_MS));
      await device.ask('resume', {});
      return `${device.name} paused`;
    default:
      await device.kill();
      await meanwhile(absence);
      await device.start();
      return `${device.name} killed`;
  }
}

/** Works at the pace of people in a hurry for so long. */
export async function workFor(ms: number, random: Stream, act: () => void): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    for (let burst = 1 + random.below(5); burst > 0; burst -= 1) act();
    await pause(random.below(300));
  }
}
