/** What history keeps. The rules are in retention/. */
import type { Static } from 'typebox';
import type { Empty } from '../../src/protocol/link.ts';
import {
  HoldRequest,
  LabelRequest,
  type RetentionAnswer,
  SetRetentionRequest,
} from '../../src/protocol/retention.ts';
import { setLabel } from '../retention/labels.ts';
import { readPolicy, setHold, setPolicy } from '../retention/policies.ts';
import { forDevice, forDeviceBare, json } from './route-context.ts';

export const label = forDevice(LabelRequest, async ({ parts, session }, labelling) => {
  const trouble = await parts.store.write((tx) => setLabel(tx, session.caller, labelling, parts.clock.now()));
  return trouble ?? json<Static<typeof Empty>>({});
});

export const retention = forDeviceBare(async ({ parts, session }) =>
  json<RetentionAnswer>(
    await parts.store.read((tx) => readPolicy(tx, session.caller.namespace, parts.limits.retention)),
  ),
);

export const setRetention = forDevice(SetRetentionRequest, async ({ parts, session }, { spans }) => {
  const trouble = await parts.store.write((tx) => setPolicy(tx, session.caller, spans, parts.clock.now()));
  return trouble ?? json<Static<typeof Empty>>({});
});

export const hold = forDevice(HoldRequest, async ({ parts, session }, asked) => {
  const trouble = await parts.store.write((tx) => setHold(tx, session.caller, asked, parts.clock.now()));
  return trouble ?? json<Static<typeof Empty>>({});
});
