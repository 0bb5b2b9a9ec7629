/** What happened, from the ledger in human words, and taking one of it back as lineage: seen by all, deleting nothing. */
import { baseName } from '../../core/names/path-parts.ts';
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import type { Activity } from '../../ipc/events.ts';
import type { Claim } from '../../protocol/claims.ts';
import { ROOT_NODE, type VersionId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import type { Told } from '../state/ledger.ts';
import type { RemoteRecord } from '../state/remote-tree.ts';
import { claimBase, claimNow } from './claims.ts';
import { noServer } from './no-server.ts';
import { refusedBy } from './refused-by.ts';

const PAGE = 100;

export function listActivity(
  engine: Engine,
  params: Params<'activity.list'>,
): Promise<Answer<Result<'activity.list'>>> {
  const { state } = engine;
  const limit = params.limit ?? PAGE;
  const before = params.after === undefined ? Number.MAX_SAFE_INTEGER : Number(params.after);
  if (!Number.isSafeInteger(before)) return Promise.resolve(refused('bad-request', { detail: 'after' }));
  const { path } = params;
  const of =
    path === undefined
      ? undefined
      : { path, node: state.nodeAt(path) ?? (engine.ready ? state.remoteNodeAt(path) : null) };
  const rows = state.ledger.toldBefore(before, limit, of);
  const last = rows.length < limit ? undefined : rows.at(-1);
  const activities = rows.map((row) => activityOf(engine, row));
  return Promise.resolve(ok({ activities, next: last ? String(last.id) : null }));
}

export function activityOf(engine: Engine, row: Told): Activity {
  const { deed } = row;
  return {
    kind: 'activity',
    id: row.id,
    node: row.node === ROOT_NODE ? null : row.node,
    at: row.at,
    direction: deed.direction,
    verb: deed.activity,
    path: row.path,
    from: deed.from,
    device: deed.device,
    user: deed.user,
    number: deed.number,
    size: deed.size,
    undoable: asLeft(engine, row) !== null,
    sentence: sentenceFor(engine, row),
  };
}

function sentenceFor(engine: Engine, { verb, detail, deed, ...row }: Told): string {
  const path = engine.shown(row.path);
  const from = deed.from === null ? 'it' : engine.shown(deed.from);
  const who = deed.user === '' ? 'Another device' : `${deed.user} on ${deed.device}`;
  const number = deed.number === null ? '' : ` (V${deed.number})`;
  switch (deed.activity) {
    case 'created':
      return `${who} added ${path}.`;
    case 'edited':
      return `${who} changed ${path}${number}.`;
    case 'moved':
      return `${who} moved ${from} to ${path}.`;
    case 'deleted':
      return `${who} deleted ${path}.`;
    case 'restored':
      return `${who} brought back ${path}${number}.`;
    case 'conflict':
      return verb === 'settled'
        ? `${who} settled the conflict about ${path}.`
        : `${who} changed ${path} while it was changed elsewhere: both are kept.`;
    case 'held':
      return detail === 'send-overwrites'
        ? 'Many files were overwritten with what looks encrypted. They are held until you decide.'
        : 'Many files were deleted. Nothing of it happens elsewhere until you decide.';
    case 'problem':
      return detail;
  }
}

/** The node, when it still is as it was left; null when things moved on, or when it never could be taken back. */
function asLeft(engine: Engine, { node, deed }: Told): RemoteRecord | null {
  const { remote: tree } = engine.state;
  const remote = deed.undo === null ? null : tree.get(node);
  if (!remote) return null;
  switch (deed.undo) {
    case 'version':
      return remote.live && remote.head !== null && remote.head.version === deed.version ? remote : null;
    case 'place': {
      const { fromParent } = deed;
      const hasParent = fromParent === ROOT_NODE || (fromParent && tree.get(fromParent)?.live === true);
      return remote.live && remote.entryRev === deed.entryRev && hasParent ? remote : null;
    }
    case 'life':
      return !remote.live && remote.entryRev === deed.entryRev ? remote : null;
    case null:
      return null;
  }
}

/** `before`: the version that the edit was made from. */
function undoingClaim(
  engine: Engine,
  { deed }: Told,
  remote: RemoteRecord,
  before: VersionId | null,
): ((key: number) => Claim) | null {
  const { node, entryRev: baseEntryRev } = remote;
  const base = { node, ...claimBase(engine, node) };
  switch (deed.undo) {
    case 'version': {
      const head = remote.head?.version;
      if (before === null || head === undefined) return null;
      return (key) => ({ op: 'restore', key, ...base, base: head, version: before });
    }
    case 'place': {
      const { from, fromParent: parent } = deed;
      if (from === null || parent === null) return null;
      const name = baseName(from);
      return (key) => ({ op: 'move', key, ...base, baseEntryRev, parent, name });
    }
    case 'life':
      return (key) => ({ op: 'undelete', key, ...base });
    case null:
      return null;
  }
}

export async function undoActivity(engine: Engine, id: number): Promise<Answer<Result<'activity.undo'>>> {
  if (!engine.ready) return refused('unavailable');
  const row = engine.state.ledger.told(id);
  if (!row) return refused('not-found');
  if (row.deed.undo === null) return refused('not-undoable', { file: row.path });
  const cut = noServer(engine);
  if (cut) return cut;
  const before = await versionBefore(engine, row);
  if (before.kind === 'refused') return before;
  // Looked at only now: things may have moved on while the history was asked for.
  const remote = asLeft(engine, row);
  const make = remote && undoingClaim(engine, row, remote, before.value);
  if (!make) return refused('changed-since', { file: row.path });
  const answer = await claimNow(engine, make);
  if (answer.kind === 'refused') return answer;
  if (answer.value.kind === 'dropped') return refused('changed-since', { file: row.path });
  const path = engine.state.remotePathOf(answer.value.node) ?? row.path;
  return ok({ id, path, sentence: undoneSentence(row, engine.shown(path)) });
}

/** The version that an edit was made from; null for what is not about a version. */
async function versionBefore(engine: Engine, { node, path, deed }: Told): Promise<Answer<VersionId | null>> {
  if (deed.undo !== 'version') return ok(null);
  const history = await engine.server.history(node);
  if (history.kind === 'trouble') return refusedBy(engine, history);
  const { versions } = history.value;
  const made = versions.find((each) => each.version === deed.version);
  const before = versions.find((each) => each.version === made?.base);
  return before ? ok(before.version) : refused('unknown-version', { file: path });
}

function undoneSentence({ deed }: Told, path: string): string {
  switch (deed.undo) {
    case 'place':
      return `${path} is back in its place, on every device.`;
    case 'life':
      return `${path} is back, on every device.`;
    default:
      return `${path} has its content from before again, on every device.`;
  }
}
