/** What history keeps. The rules are in retention/. */
import type { Static } from 'typebox';
import type { Empty } from '../../src/protocol/link.ts';
import {
  HoldRequest,
  LabelRequest,
  type RetentionAnswer,
  SetRetentionRequest,
} from '../../src/protocol/retention.ts';
import type { RouteName } from '../../src/protocol/routes.ts';
import type { Refused } from '../accounts/refused.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';
import type { Caller } from '../metadata/rules.ts';
import { setLabel } from '../retention/labels.ts';
import { readPolicy, setHold, setPolicy } from '../retention/policies.ts';
import { RIGHT_OF_ROUTE } from '../sharing/policy.ts';
import { deviceWith } from '../sharing/standing.ts';
import { type DeviceContext, forDevice, forDeviceBare, json, type RouteAnswer } from './route-context.ts';

type Decide = (tx: WriteTx, caller: Caller, now: number) => Promise<Refused | null>;

/** Whoever may not any more when it is decided is refused, whatever was allowed when the request came. */
async function decide(
  { parts, session }: DeviceContext,
  route: RouteName,
  work: Decide,
): Promise<RouteAnswer> {
  const { caller } = session;
  const trouble = await parts.store.write(async (tx) => {
    const device = await deviceWith(tx, caller, RIGHT_OF_ROUTE[route]);
    return 'kind' in device ? device : work(tx, caller, parts.clock.now());
  });
  return trouble ?? json<Static<typeof Empty>>({});
}

export const label = forDevice(LabelRequest, (context, labelling) =>
  decide(context, 'label', (tx, caller, now) => setLabel(tx, caller, labelling, now)),
);

export const retention = forDeviceBare(async ({ parts, session }) =>
  json<RetentionAnswer>(
    await parts.store.read((tx) => readPolicy(tx, session.caller.namespace, parts.limits.retention)),
  ),
);

export const setRetention = forDevice(SetRetentionRequest, (context, { spans }) =>
  decide(context, 'setRetention', (tx, caller, now) => setPolicy(tx, caller, spans, now)),
);

export const hold = forDevice(HoldRequest, (context, asked) =>
  decide(context, 'hold', (tx, caller, now) => setHold(tx, caller, asked, now)),
);
