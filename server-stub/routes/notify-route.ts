import type { Cursor } from '../../src/protocol/journal.ts';
import { type NotifyAnswer, NotifyRequest } from '../../src/protocol/routes.ts';
import { type DeviceContext, forDevice, json } from './route-context.ts';

export const notify = forDevice(NotifyRequest, async (context, { seen, seconds, shares }) => {
  const { parts, session, faults } = context;
  // What a fault keeps from a device was not told to it.
  const told = (changed: boolean) => {
    if (changed) parts.wakes.woken(session.device.id);
    return changed;
  };
  parts.acks.note(session, seen);
  parts.visibility.acked(session.namespace.id, session.device.id, seen.seq);
  if (faults.has('duplicate-notification')) return json(await answer(context, true, 0));
  if (faults.has('journal-lag')) {
    await parts.clock.sleep(seconds * 1000, context.signal);
    return json(await answer(context, false, 0));
  }
  // Waiting begins before the comparison: what is committed in between wakes the poll.
  const gone = new AbortController();
  const giveUp = () => gone.abort();
  context.signal?.addEventListener('abort', giveUp);
  const over = parts.presence.waits(session.device.id);
  try {
    const waiting = parts.hub.wait(
      session.namespace.id,
      session.device.id,
      context.signal?.aborted ? 0 : seconds * 1000,
      gone.signal,
      session.device.main === null ? session.user.name : null,
    );
    const mark = shares === undefined ? undefined : await parts.shares.mark(session);
    const isNews = shares !== mark;
    const isLate = isBehind(seen, await parts.metadata.head(session.namespace.id));
    if (isNews || isLate) {
      gone.abort();
      await waiting;
      return json(await answer(context, told(isLate), 0, mark));
    }
    const reason = await waiting;
    // Nobody reads the answer. When thousands are cut at once, others do not wait behind what theirs would have to say.
    if (context.signal?.aborted)
      return json<NotifyAnswer>({ changed: false, reconnectAfterMs: 0, uploading: [] });
    if (reason === 'closing')
      return json(await answer(context, false, 1 + parts.random.fraction() * parts.hub.spreadMs, mark));
    const changed = reason === 'changed' || isBehind(seen, await parts.metadata.head(session.namespace.id));
    // A change of shares ends the wait as a notice; one that comes with another wake is news to the next poll.
    return json(await answer(context, told(changed), 0, reason === 'notice' ? undefined : mark));
  } finally {
    over();
    context.signal?.removeEventListener('abort', giveUp);
  }
});

/** Another epoch or another hash at the same seq is news as well: the server's history branched (RULES 25). */
function isBehind(seen: Cursor, head: Cursor): boolean {
  return seen.epoch !== head.epoch || seen.seq !== head.seq || seen.hash !== head.hash;
}

/** `known`: the mark of the shares, where it was made for this poll already. */
async function answer(
  { parts, session }: DeviceContext,
  changed: boolean,
  reconnectAfterMs: number,
  known?: string | null,
): Promise<NotifyAnswer> {
  const uploading = await parts.store.read(async (tx) => {
    const rows: NotifyAnswer['uploading'] = [];
    for (const row of await tx.openSessions(session.namespace.id, parts.clock.now())) {
      if (row.device === session.device.id || row.files === 0) continue;
      const { deviceName } = await tx.author(row.device);
      const now = [...parts.presence.sending(row.device, session.namespace.id)];
      rows.push({ device: deviceName, files: row.files, bytes: row.bytes, now });
    }
    return rows;
  });
  const mark = known === undefined ? await parts.shares.mark(session) : known;
  const shares = mark === null ? {} : { shares: mark };
  return { changed, reconnectAfterMs: Math.round(reconnectAfterMs), uploading, ...shares };
}
