/** The devices of the account: how far each one is, and ending one from here. */
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import { type DeviceId, parseDeviceId } from '../../protocol/ids.ts';
import type { DevicesAnswer } from '../../protocol/routes.ts';
import type { Engine } from '../engine.ts';
import { refusedBy } from './refused-by.ts';

type WireDevice = DevicesAnswer['devices'][number];

async function ask(engine: Engine): Promise<Answer<readonly WireDevice[]>> {
  if (!engine.ready) return refused('unavailable');
  const answer = await engine.server.devices();
  if (answer.kind === 'ok') return ok(answer.value.devices);
  engine.connection.onTrouble(answer);
  return refusedBy(engine, answer);
}

export async function listDevices(engine: Engine): Promise<Answer<Result<'devices.list'>>> {
  const asked = await ask(engine);
  if (asked.kind === 'refused') return asked;
  const devices = asked.value.map(({ cursor, head, ...row }) => ({
    ...row,
    behind: Math.max(0, head - cursor),
  }));
  return ok({ devices });
}

/** Its files stay where they are; it sends and gets nothing any more. */
export async function revokeDevice(engine: Engine, id: string): Promise<Answer<Result<'devices.revoke'>>> {
  const deviceId = deviceIdOf(id);
  const asked = await ask(engine);
  if (asked.kind === 'refused') return asked;
  const device = asked.value.find((each) => each.deviceId === deviceId);
  if (!device) return refused('not-found');
  const done = await engine.server.revoke(device.deviceId);
  if (done.kind === 'trouble') return refusedBy(engine, done);
  const sentence = `${device.name} is not linked any more. Its files stay where they are; it sends and gets nothing.`;
  return ok({ deviceId: device.deviceId, sentence });
}

function deviceIdOf(text: string): DeviceId | null {
  try {
    return parseDeviceId(text);
  } catch {
    return null;
  }
}
