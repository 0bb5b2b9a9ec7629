/** What stands in a namespace and what happened to it. The decisions are in metadata/ and journal/. */
import type { Static } from 'typebox';
import { LIMITS } from '../../src/protocol/limits.ts';
import {
  type ConflictsAnswer,
  type HistoryAnswer,
  HistoryRequest,
  type JournalAnswer,
  JournalRequest,
  type LookupAnswer,
  LookupRequest,
  type ManifestsAnswer,
  ManifestsRequest,
  type MomentAnswer,
  MomentRequest,
  SnapshotRequest,
  type TrashAnswer,
  TrashPageRequest,
} from '../../src/protocol/routes.ts';
import { refused } from '../accounts/refused.ts';
import { fittingPage, LISTED } from './answer-size.ts';
import { forDevice, forDeviceBare, json } from './route-context.ts';

/** Base64 in one manifests answer, safely below the bound of the JSON part. */
const MANIFEST_TEXT = LIMITS.jsonBytes - 512 * 1024;

export const journal = forDevice(
  JournalRequest,
  async ({ parts, session, faults }, { cursor, limit, applied = true }) => {
    parts.wakes.pulled(session.device.id);
    if (faults.has('expired-cursor'))
      return json<JournalAnswer>({ kind: 'resync', why: 'expired', epoch: session.namespace.epoch });
    if (faults.has('journal-lag') && cursor !== null)
      return json<JournalAnswer>({
        kind: 'page',
        events: [],
        next: cursor,
        hasMore: false,
        head: cursor.seq,
      });
    if (cursor !== null && applied) {
      parts.acks.note(session, cursor);
      parts.visibility.acked(session.namespace.id, session.device.id, cursor.seq);
    }
    const answer = await fittingPage(
      limit,
      (rows) => parts.metadata.journal(session.caller, cursor, rows),
      (page) => (page.kind === 'page' ? page.events : []),
    );
    if (answer.kind === 'resync') parts.metrics.resync(answer.why);
    if (answer.kind === 'resync' && answer.epoch !== session.namespace.epoch) {
      // This cursor proved that history was lost: the others learn of the new epoch at once.
      parts.hub.committed(session.namespace.id, session.device.id);
      parts.onCommit({
        namespace: session.namespace.id,
        epoch: answer.epoch,
        seq: session.namespace.headSeq,
      });
    }
    return json<JournalAnswer>(answer);
  },
);

export const snapshot = forDevice(SnapshotRequest, async ({ parts, session }, { continuation, limit }) => {
  const page = await fittingPage(
    limit,
    (rows) => parts.metadata.snapshot(session.caller, continuation, rows),
    (read) => read?.events ?? [],
  );
  return page === null ? refused('unprocessable', 'the continuation is none of this server') : json(page);
});

export const history = forDevice(HistoryRequest, async ({ parts, session }, { node }) => {
  const answer = await parts.metadata.history(session.caller, node, parts.limits);
  if (answer === null) return refused('not-found', 'there is no such node');
  const { versions, causes = [], keeping = [], current, madeFrom, wentTo } = answer;
  return json<HistoryAnswer>({
    versions: versions.slice(0, LISTED),
    current,
    causes: causes.slice(0, LISTED),
    keeping: keeping.slice(0, LISTED),
    ...(madeFrom === undefined ? {} : { madeFrom: madeFrom.slice(0, LISTED) }),
    ...(wentTo === undefined ? {} : { wentTo }),
  });
});

export const lookup = forDevice(LookupRequest, async ({ parts, session }, { path }) => {
  const { nodes } = await parts.metadata.lookup(session.caller, path);
  return json<LookupAnswer>({ nodes: nodes.slice(0, LISTED) });
});

export const trash = forDeviceBare(async ({ parts, session }) =>
  json<TrashAnswer>(await parts.metadata.trash(session.caller, parts.limits.trash)),
);

export const trashPage = forDevice(TrashPageRequest, async ({ parts, session }, { before, limit }) =>
  json<TrashAnswer>(
    await fittingPage(
      limit,
      (rows) => parts.metadata.trash(session.caller, rows, before ?? undefined),
      (page) =>
        page.items.map(({ event, path }) => ({ ...event, entry: { name: `${event.entry.name}${path}` } })),
    ),
  ),
);

export const moment = forDevice(MomentRequest, async ({ parts, session }, question) => {
  const page = await fittingPage(
    question.limit,
    (limit) => parts.metadata.moment(session.caller, { ...question, limit }),
    (read) =>
      read?.kind === 'moment' ? read.nodes.map(({ name, head }) => ({ entry: { name }, head })) : [],
  );
  if (page !== null) return json<MomentAnswer>(page);
  return question.continuation === null
    ? refused('not-found', 'there is no such folder')
    : refused('unprocessable', 'the continuation is none of this server');
});

export const conflicts = forDeviceBare(async ({ parts, session }) => {
  const answer = await parts.metadata.conflicts(session.caller);
  return json<ConflictsAnswer>({ conflicts: answer.conflicts.slice(0, LISTED) });
});

/** What does not fit into one answer is left out of it, to be asked for again. */
export const manifests = forDevice(ManifestsRequest, async ({ parts, session }, { ids }) => {
  const found = await parts.store.read(async (tx) => {
    const rows: Static<typeof ManifestsAnswer>['manifests'] = [];
    let text = 0;
    for (const id of new Set(ids)) {
      const row = await tx.manifest(session.caller.tenant, id);
      const encoded = row === null ? null : Buffer.from(row.encoded).toString('base64');
      text += encoded?.length ?? 0;
      if (rows.length > 0 && text > MANIFEST_TEXT) break;
      rows.push({ id, encoded });
    }
    return rows;
  });
  return json<Static<typeof ManifestsAnswer>>({ manifests: found });
});
