/** The engine's side of the control contract: one line per verb. */
import { type EngineControl, ok } from '../../ipc/contract.ts';
import type { Engine } from '../engine.ts';
import { routedVerbs } from '../shares/routed-verbs.ts';
import { shareChecks, shareReports } from '../shares/share-diagnosis.ts';
import type { ShareKeeper } from '../shares/share-keeper.ts';
import { waitWithShares, withShares } from '../shares/share-status.ts';
import { usage } from '../shares/share-usage.ts';
import { createShareControl, noShareControl } from '../shares/share-verbs.ts';
import { Surfaces } from '../shares/surfaces.ts';
import { bundle } from './bundle.ts';
import { listDevices, revokeDevice } from './devices.ts';
import { diagnose } from './doctor.ts';
import { LiveEvents } from './events.ts';
import { changePassword } from './password.ts';
import { pause, resume } from './pause.ts';
import { setSettings } from './settings.ts';
import { type EngineFacts, statusOf } from './status.ts';
import { giveToken } from './token.ts';
import { TransferView } from './transfers.ts';
import { waitUntilInStep } from './wait.ts';

export function createControl(
  engine: Engine,
  facts: EngineFacts,
  stop: () => void,
  keeper: ShareKeeper | null = null,
): EngineControl {
  const now = () => {
    const own = statusOf(engine, facts);
    return keeper ? withShares(keeper, facts, own) : own;
  };
  const status = () => Promise.resolve(ok(now()));
  const surfaces = new Surfaces(engine, keeper);
  const transfers = new TransferView(engine, () => surfaces.engines());
  const events = new LiveEvents(surfaces, now, transfers);
  return {
    status,
    ...(keeper ? createShareControl(keeper, facts) : noShareControl()),
    wait: async ({ timeout }, call) =>
      ok(await (keeper ? waitWithShares(keeper, timeout, call) : waitUntilInStep(engine, timeout, call))),
    pause: (params) => {
      pause(engine, params);
      return status();
    },
    resume: (params) => {
      resume(engine, params);
      return status();
    },
    stop: () => {
      engine.parts.env.clock.after(20, stop);
      return Promise.resolve(ok({ stopping: true, pid: facts.pid }));
    },
    rescan: () => {
      if (engine.ready) void engine.scan();
      for (const each of keeper?.running.values() ?? []) void each.engine.scan();
      // After a sleep, or when somebody presses "look again": the server as well, at once.
      if (engine.ready && !engine.paused) engine.connection.hurry();
      return Promise.resolve(
        ok({ scheduled: engine.ready, sentence: 'Everything is being looked at again.' }),
      );
    },
    ...routedVerbs(surfaces),
    usage: () => usage(engine, keeper),
    doctor: () => diagnose(engine, keeper ? shareChecks(keeper, facts) : []),
    password: (params) => changePassword(engine, params),
    'token.give': ({ token }) => giveToken(engine, token),
    'settings.get': () => Promise.resolve(ok(engine.settings.get())),
    'settings.set': ({ settings }) => setSettings(engine, settings),
    'devices.list': () => listDevices(engine),
    'devices.revoke': ({ deviceId }) => revokeDevice(engine, deviceId),
    bundle: ({ names }) => {
      const told = keeper
        ? { checks: shareChecks(keeper, facts), reports: shareReports(keeper, facts) }
        : { checks: [], reports: [] };
      return bundle(engine, facts, names === true, told);
    },
    transfers: () => Promise.resolve(ok(transfers.look())),
    onEvent: (listener) => events.subscribe(listener),
  };
}
