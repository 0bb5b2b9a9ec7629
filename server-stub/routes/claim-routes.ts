import type { Static } from 'typebox';
import {
  type FinalizeAnswer,
  FinalizeRequest,
  type OpenAnswer,
  OpenRequest,
} from '../../src/protocol/routes.ts';
import type { Refused } from '../accounts/refused.ts';
import { Withdrawn } from '../sharing/standing.ts';
import { putNothing, takeChunks } from './put-chunks.ts';
import { type DeviceContext, forDevice, type JsonAnswer, json } from './route-context.ts';

/** Uploads that take a while are shown to the other devices at once. */
const NOTEWORTHY_BYTES = 8 * 1024 * 1024;

export const open = forDevice(OpenRequest, async ({ parts, session }, { claims }) => {
  const answer: OpenAnswer = await parts.metadata.openSession(session.caller, claims);
  let bytes = 0;
  for (const claim of claims) {
    if ((claim.op === 'create' || claim.op === 'edit') && claim.content?.kind === 'file')
      bytes += claim.content.size;
  }
  if (answer.missing.length > 0 && bytes >= NOTEWORTHY_BYTES)
    parts.hub.uploading(session.namespace.id, session.device.id);
  return json(answer);
});

export const finalize = forDevice(FinalizeRequest, decide);

/** Chunks first, durable; then the claims. Rows and decision are asked for together, so that one flush serves both. */
export const commit = forDevice(FinalizeRequest, async (context, request) => {
  const { parts, session, frames } = context;
  const taken = frames.length === 0 ? putNothing : await takeChunks(parts, session.caller.tenant, frames);
  if (taken.kind === 'refused') return taken;
  const rows = taken.addRows();
  const [answer] = await Promise.all([decide(context, request), rows]);
  return answer;
});

async function decide(
  { parts, session }: DeviceContext,
  request: Static<typeof FinalizeRequest>,
): Promise<JsonAnswer<FinalizeAnswer> | Refused> {
  const before = session.namespace.headSeq;
  const answer = await parts.metadata.finalize(session.caller, request).catch(notAnyMore);
  if (answer instanceof Withdrawn) return answer.answer;
  parts.metrics.restores(request.claims, answer.outcomes);
  if (answer.head > before) {
    parts.visibility.committed(session.namespace.id, answer.head, session.device.id);
    parts.hub.committed(session.namespace.id, session.device.id);
    parts.onCommit({ namespace: session.namespace.id, epoch: session.namespace.epoch, seq: answer.head });
  }
  return json(answer);
}

/** Who could write when the request came, and was taken out or made a viewer before it committed. */
function notAnyMore(cause: unknown): Withdrawn {
  if (cause instanceof Withdrawn) return cause;
  throw cause;
}
