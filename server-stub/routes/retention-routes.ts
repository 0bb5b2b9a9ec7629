/** What history keeps. The rules are in retention/. */
import type { Static } from 'typebox';
import type { Empty } from '../../src/protocol/link.ts';
import { LabelRequest } from '../../src/protocol/retention.ts';
import { setLabel } from '../retention/labels.ts';
import { forDevice, json } from './route-context.ts';

export const label = forDevice(LabelRequest, async ({ parts, session }, labelling) => {
  const trouble = await parts.store.write((tx) => setLabel(tx, session.caller, labelling, parts.clock.now()));
  return trouble ?? json<Static<typeof Empty>>({});
});
