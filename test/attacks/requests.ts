/** A request that makes sense for every route, of a person about what is their own: the places in it are then filled. */
import { encodeDelta } from '../../src/core/delta/codec.ts';
import type { Claim } from '../../src/protocol/claims.ts';
import { parseNamespaceId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import type { RouteName } from '../../src/protocol/routes.ts';
import { fileOf, type TestFile } from '../protocol/wire-device.ts';
import { BIG_TEXT, eventOf, NOBODYS, type Person, textOf } from './person.ts';
import type { Asked } from './tenant-world.ts';

type Template = (me: Person) => Promise<Omit<Asked, 'route'>> | Omit<Asked, 'route'>;

const nothing: Template = () => ({});

/** A claim, and what it uploads. */
interface Claimed {
  readonly claim: Claim;
  readonly file?: TestFile;
}

const CLAIMS: readonly ((me: Person) => Promise<Claimed>)[] = [
  async (me) => {
    const folder = await me.make(me.text(), null);
    const file = textOf(me);
    const fresh = { node: me.newNode(), parent: folder.node, name: me.text(), content: file.content };
    return { claim: { op: 'create', ...me.base(), ...fresh, mtimeNs: '1', checkZombie: true }, file };
  },
  async (me) => {
    const content = { kind: 'symlink' as const, target: 'elsewhere' };
    const fresh = { node: me.newNode(), parent: ROOT_NODE, name: me.text(), content };
    return { claim: { op: 'create', ...me.base(), ...fresh, mtimeNs: '1', checkZombie: false } };
  },
  async (me) => {
    const { head } = await me.make(me.text(), textOf(me));
    const file = textOf(me);
    const from = { namespace: parseNamespaceId(me.login.namespace), version: versionOf(head) };
    const fresh = { node: me.newNode(), parent: ROOT_NODE, name: me.text(), content: file.content, from };
    return { claim: { op: 'create', ...me.base(), ...fresh, mtimeNs: '1', checkZombie: false }, file };
  },
  async (me) => {
    const { node, head } = await me.make(me.text(), textOf(me));
    const file = textOf(me);
    const fresh = { node, base: versionOf(head), content: file.content, mtimeNs: '2' };
    return { claim: { op: 'edit', ...me.base(), ...fresh, onStale: 'fork' }, file };
  },
  async (me) => {
    const { node, head } = await me.make(me.text(), textOf(me));
    const content = { kind: 'symlink' as const, target: 'elsewhere' };
    const fresh = { node, base: versionOf(head), content, mtimeNs: '2' };
    return { claim: { op: 'edit', ...me.base(), ...fresh, onStale: 'reject' } };
  },
  async (me) => {
    const { node, entry } = await me.make(me.text(), textOf(me));
    const folder = await me.make(me.text(), null);
    const to = { node, baseEntryRev: entry.rev, parent: folder.node, name: me.text() };
    return { claim: { op: 'move', ...me.base(), ...to } };
  },
  async (me) => {
    const folder = await me.make(me.text(), null);
    const inner = await me.make(me.text(), textOf(me), folder.node);
    return { claim: { ...me.removal(folder), unapplied: [inner.node] } };
  },
  async (me) => {
    const [file, next] = [await me.make(me.text(), textOf(me)), await me.make(me.text(), textOf(me))];
    return { claim: { ...me.removal(file), successor: next.node } };
  },
  async (me) => {
    const [a, b] = [await me.make(me.text(), textOf(me)), await me.make(me.text(), textOf(me))];
    const folder = await me.make(me.text(), null);
    const step = { op: 'move' as const, node: a.node, baseEntryRev: a.entry.rev, parent: folder.node };
    const { op, node, base, baseEntryRev, observedSeq } = me.removal(b);
    const gone = { op, node, base, baseEntryRev, observedSeq, unapplied: [folder.node], successor: a.node };
    const steps = [{ ...step, name: me.text() }, gone];
    return { claim: { op: 'rearrange', ...me.base(), node: a.node, steps } };
  },
  async (me) => {
    const first = await me.make(me.text(), textOf(me));
    const { head } = eventOf(await me.edit(first, textOf(me)));
    const back = { node: first.node, base: versionOf(head), version: versionOf(first.head) };
    return { claim: { op: 'restore', ...me.base(), ...back } };
  },
  async (me) => {
    const { node, head } = await me.make(me.text(), textOf(me));
    const copy = { node: me.newNode(), name: me.text() };
    const back = { node, base: versionOf(head), version: versionOf(head), copy };
    return { claim: { op: 'restore', ...me.base(), ...back } };
  },
  async (me) => {
    const { node } = eventOf(await me.send(me.removal(await me.make(me.text(), textOf(me)))));
    return { claim: { op: 'undelete', ...me.base(), node } };
  },
  async (me) => {
    const file = textOf(me);
    const settled = { ...(await clashOf(me)), keep: 'merged' as const, content: file.content };
    return { claim: { op: 'resolve', ...me.base(), ...settled }, file };
  },
  async (me) => {
    const content = { kind: 'symlink' as const, target: 'elsewhere' };
    return { claim: { op: 'resolve', ...me.base(), ...(await clashOf(me)), keep: 'merged', content } };
  },
  async (me) => {
    const copyName = me.text();
    return { claim: { op: 'resolve', ...me.base(), ...(await clashOf(me)), keep: 'both', copyName } };
  },
  async (me) => {
    const clash = await clashOf(me);
    await me.send({ op: 'resolve', ...me.base(), ...clash, keep: 'mine' });
    return { claim: { op: 'reopen', ...me.base(), node: clash.node, conflict: clash.conflict } };
  },
];

function versionOf(head: JournalEvent['head']): VersionId {
  return head?.version ?? NOBODYS.version;
}

async function clashOf(me: Person) {
  const { second, copy, conflict } = await me.clash(me.text());
  const [seenOriginal, seenCopy] = [versionOf(second.head), versionOf(copy.head)];
  return { node: second.node, conflict, seenOriginal, seenCopy };
}

const claims = CLAIMS.map(
  (make): Template =>
    async (me) => ({ json: { claims: [(await make(me)).claim] } }),
);
const decisions = CLAIMS.map(
  (make): Template =>
    async (me) => {
      const { claim, file } = await make(me);
      // For `commit` they ride along; for `finalize` they were sent before.
      if (file !== undefined) await me.ask({ route: 'putChunks', json: {}, frames: file.frames });
      return { json: { claims: [claim], settledBelow: 0, cursor: await me.cursor() } };
    },
);

/** Chunks of the owner, named in frames: with other bytes, with their own, as the target and as the source of a delta. */
function frameProbes(chunk: string): readonly Template[] {
  const owners = fileOf(Buffer.from(chunk)).frames;
  const [theirs] = owners;
  if (theirs === undefined) throw new Error('a text has one chunk');
  const { id, bytes } = theirs;
  const mine = Buffer.from('bytes of my own');
  const copied = encodeDelta({ parts: [{ kind: 'copy', source: id, offset: 0, length: bytes.length }] });
  const literal = encodeDelta({ parts: [{ kind: 'literal', bytes: mine }] });
  return [
    () => ({ json: {}, frames: [{ id, encoding: 'raw', bytes: mine }] }),
    () => ({ json: {}, frames: [{ id, encoding: 'delta', bytes: literal }] }),
    () => ({ json: {}, frames: [{ id, encoding: 'delta', bytes: copied }] }),
    () => ({ json: {}, frames: [{ id: NOBODYS.chunk, encoding: 'delta', bytes: copied }] }),
    () => ({ json: {}, frames: [{ id, encoding: 'raw', bytes }] }),
  ];
}

/** The owner's chunks by their texts: one of a head, an old one, one of a deleted file, one that no version has. */
const PROBED_TEXTS = ['text 1 of owner', 'text 2 of owner', 'text 5 of owner', 'text 7 of owner', BIG_TEXT];

/** One row for each route: a new route without one does not compile, and an empty one fails the test. */
export const REQUESTS: Readonly<Record<RouteName, readonly Template[]>> = {
  health: [nothing],
  ready: [nothing],
  openapi: [nothing],
  link: [
    (me) => ({
      json: { user: me.name, password: 'wrong', device: 'probe', os: 'test', instance: '0'.repeat(32) },
    }),
  ],
  devices: [nothing],
  revoke: [(me) => ({ json: { deviceId: me.newId() } })],
  hello: [
    async (me) => ({
      json: { protocol: 1, instance: '0'.repeat(32), generation: 1, cursor: await me.cursor() },
    }),
  ],
  open: claims,
  putChunks: PROBED_TEXTS.flatMap(frameProbes),
  finalize: decisions,
  commit: decisions,
  getChunks: [
    async (me) => {
      // Nearly what the owner has: a delta against that would be worth its while.
      const file = fileOf(Buffer.from(`${me.text()}${BIG_TEXT}`));
      await me.make(me.text(), file);
      return { json: { want: [NOBODYS.chunk, ...file.frames.map(({ id }) => id)], have: [NOBODYS.chunk] } };
    },
  ],
  manifests: [() => ({ json: { ids: [NOBODYS.chunk] } })],
  journal: [async (me) => ({ json: { cursor: await me.cursor(), limit: 10 } })],
  snapshot: [() => ({ json: { continuation: 'none', limit: 10 } })],
  notify: [async (me) => ({ json: { seen: await me.cursor(), seconds: 0 } })],
  presence: [(me) => ({ json: { sending: [{ path: me.text(), bytes: 9, sent: 1 }] } })],
  history: [async (me) => ({ json: { node: (await me.make(me.text(), textOf(me))).node } })],
  lookup: [() => ({ json: { path: 'nowhere' } })],
  trash: [nothing],
  trashPage: [() => ({ json: { before: null, limit: 10 } })],
  moment: [
    async (me) => {
      const folder = await me.make(me.text(), null);
      return { json: { folder: folder.node, at: Date.UTC(2027, 0, 1), continuation: null, limit: 10 } };
    },
    async (me) => {
      const folder = await me.make(me.text(), null);
      return { json: { folder: folder.node, at: Date.UTC(2027, 0, 1), continuation: '1 1', limit: 10 } };
    },
  ],
  conflicts: [nothing],
  usage: [nothing],
  label: [
    async (me) => {
      const { head } = await me.make(me.text(), textOf(me));
      return { json: { version: versionOf(head), name: 'as sent' } };
    },
    async (me) => {
      const { head } = await me.make(me.text(), textOf(me));
      return { json: { version: versionOf(head), name: null } };
    },
  ],
  retention: [nothing],
  setRetention: [() => ({ json: { spans: null } })],
  hold: [
    async (me) => ({ json: { node: (await me.make(me.text(), textOf(me))).node, why: 'a dispute' } }),
    async (me) => ({ json: { node: (await me.make(me.text(), textOf(me))).node, why: null } }),
  ],
  shares: [nothing],
  createShare: [(me) => ({ json: { name: me.text(), kind: 'folder' } })],
  shareMembers: [async (me) => ({ json: { namespace: await me.share() } })],
  setMember: [async (me) => ({ json: { namespace: await me.share(), user: 'nobody', role: 'viewer' } })],
  removeMember: [async (me) => ({ json: { namespace: await me.share(), user: 'nobody' } })],
  answerInvitation: [
    async (me) => ({
      json: { namespace: await me.share(), accept: true, place: { parent: ROOT_NODE, name: me.text() } },
    }),
  ],
  placeShare: [
    async (me) => ({ json: { namespace: await me.share(), place: { parent: ROOT_NODE, name: me.text() } } }),
  ],
  // Sign-up is by invitation here, and nobody has a code.
  signUp: [(me) => ({ json: { user: me.text(), password: 'a password for the new one', code: 'none' } })],
  changePassword: [() => ({ json: { old: 'wrong', new: 'another password', endOthers: true } })],
  linkShare: [async (me) => ({ json: { namespace: await me.share(), instance: '0'.repeat(32) } })],
};
