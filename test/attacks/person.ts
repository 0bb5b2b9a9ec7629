/** Somebody with a device, who makes claims; and all that somebody else could know of what is theirs. */
import assert from 'node:assert/strict';
import type { Claim, WireContent } from '../../src/protocol/claims.ts';
import {
  type NodeId,
  parseChunkId,
  parseNodeId,
  parseVersionId,
  ROOT_NODE,
  uuidV7,
} from '../../src/protocol/ids.ts';
import type { Cursor, JournalEvent } from '../../src/protocol/journal.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { ConflictsAnswer, FinalizeAnswer } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { CreateShareAnswer } from '../../src/protocol/shares.ts';
import { fileOf, type TestFile } from '../protocol/wire-device.ts';
import { seeded } from '../server/metadata-world.ts';
import type { PlaceKind } from './id-positions.ts';
import { type Asked, jsonOf, type Login, type TenantWorld, type Who, wholeOf } from './tenant-world.ts';

/** Large enough for deltas. */
export const BIG_TEXT = Array.from({ length: 9000 }, (_, at) => `line ${at * 7919}`).join('\n');

/** By the kind of place where it could be put. */
export type Loot = Readonly<Record<PlaceKind, readonly unknown[]>>;

const SEEDS: Readonly<Record<Who, number>> = { server: 11, stranger: 12, owner: 13 };
const parseFinalize = parserOf(FinalizeAnswer);
const parseShare = parserOf(CreateShareAnswer);
const parseConflicts = parserOf(ConflictsAnswer);

export class Person {
  readonly world: TenantWorld;
  readonly who: Who;
  readonly name: string;
  readonly login: Login;
  readonly #chance: () => number;
  #key = 0;
  #count = 0;
  #share: string | null = null;

  constructor(world: TenantWorld, who: Who, name: string, login: Login, salt = 0) {
    this.world = world;
    this.who = who;
    this.name = name;
    this.login = login;
    this.#chance = seeded(SEEDS[who] + salt);
  }

  ask(asked: Asked) {
    return this.world.ask(this.who, this.login.token, asked);
  }

  newId(): string {
    return uuidV7(
      Date.UTC(2026, 8, 18),
      Uint8Array.from({ length: 10 }, () => Math.floor(this.#chance() * 256)),
    );
  }

  newNode(): NodeId {
    return parseNodeId(this.newId());
  }

  /** A text that nobody has, and everybody of this name again in the next world. */
  text(): string {
    this.#count += 1;
    return `text ${this.#count} of ${this.who}`;
  }

  base() {
    this.#key += 1;
    return { key: this.#key, editedAt: 1, unanswered: [] };
  }

  async send(claim: Claim, file: TestFile | null = null): Promise<Outcome> {
    const json = { claims: [claim], settledBelow: 0, cursor: null };
    const answer = parseFinalize(
      jsonOf(await this.ask({ route: 'commit', json, frames: file?.frames ?? [] })),
    );
    assert(answer.kind === 'ok', JSON.stringify(answer));
    const [outcome] = answer.value.outcomes;
    assert(outcome !== undefined);
    return outcome;
  }

  /** A file, or with null a folder. */
  async make(name: string, file: TestFile | null, parent: NodeId = ROOT_NODE): Promise<JournalEvent> {
    const content: WireContent | null = file?.content ?? null;
    const fresh = { node: this.newNode(), parent, name, content, mtimeNs: '1', checkZombie: false };
    return eventOf(await this.send({ op: 'create', ...this.base(), ...fresh }, file));
  }

  edit(seen: JournalEvent, file: TestFile): Promise<Outcome> {
    assert(seen.head !== null);
    const { content } = file;
    const more = { base: seen.head.version, content, mtimeNs: '2', onStale: 'fork' as const };
    return this.send({ op: 'edit', ...this.base(), node: seen.node, ...more }, file);
  }

  removal(seen: JournalEvent): Extract<Claim, { op: 'delete' }> {
    const { node, entry, head } = seen;
    const saw = { observedSeq: Number.MAX_SAFE_INTEGER, unapplied: [], successor: null, approved: true };
    return {
      op: 'delete',
      ...this.base(),
      node,
      base: head?.version ?? null,
      baseEntryRev: entry.rev,
      ...saw,
    };
  }

  /** Two versions and a clash on top of them. */
  async clash(name: string) {
    const first = await this.make(name, textOf(this));
    const second = eventOf(await this.edit(first, textOf(this)));
    const forked = await this.edit(first, textOf(this));
    assert(forked.kind === 'forked', JSON.stringify(forked));
    const copy = eventOf(forked);
    return { first, second, copy, conflict: forked.conflict };
  }

  /** A share of one's own; the same one every time. */
  async share(): Promise<string> {
    this.#share ??= await this.#makeShare();
    return this.#share;
  }

  async #makeShare(): Promise<string> {
    const answer = parseShare(
      jsonOf(await this.ask({ route: 'createShare', json: { name: this.text(), kind: 'team' } })),
    );
    assert(answer.kind === 'ok', JSON.stringify(answer));
    return answer.value.namespace;
  }

  async cursor(): Promise<Cursor> {
    const json = { claims: [], settledBelow: 0, cursor: null };
    const answer = parseFinalize(jsonOf(await this.ask({ route: 'finalize', json })));
    assert(answer.kind === 'ok' && answer.value.cursor !== undefined, JSON.stringify(answer));
    return answer.value.cursor;
  }

  /** Everything that this person can ask for and see. */
  async view(nodes: readonly unknown[], hashes: readonly unknown[]): Promise<readonly string[]> {
    const asked: Asked[] = [
      { route: 'journal', json: { cursor: null, limit: 2000 } },
      { route: 'snapshot', json: { continuation: null, limit: 2000 } },
      { route: 'devices' },
      { route: 'trash' },
      { route: 'shares' },
      { route: 'shareMembers', json: { namespace: await this.share() } },
      { route: 'conflicts' },
      { route: 'getChunks', json: { want: hashes, have: [] } },
      { route: 'manifests', json: { ids: hashes } },
      ...nodes.map((node): Asked => ({ route: 'history', json: { node } })),
    ];
    const seen: string[] = [];
    for (const each of asked) seen.push(wholeOf(await this.ask(each)));
    return seen;
  }
}

export function textOf(person: Person): TestFile {
  return fileOf(Buffer.from(person.text()));
}

export function eventOf(outcome: Outcome): JournalEvent {
  const event = outcome.events.findLast(({ node }) => node === outcome.node);
  assert(event !== undefined, JSON.stringify(outcome));
  return event;
}

/** The owner works: files, versions, a clash, deletions, an upload that is not finished. What of it has a name. */
export async function lootOf(owner: Person, other: Login): Promise<Loot> {
  const { first, second, copy, conflict } = await owner.clash('plan.txt');
  const folder = await owner.make('private', null);
  const inner = await owner.make('diary.txt', textOf(owner), folder.node);
  const dead = await owner.make('gone.txt', textOf(owner));
  const big = fileOf(Buffer.from(BIG_TEXT));
  await owner.make('big.txt', big);
  await owner.send(owner.removal(dead));
  const grave = await owner.make('grave', null);
  await owner.make('bones.txt', textOf(owner), grave.node);
  await owner.send(owner.removal(grave));
  const [unfinished, unsent] = [textOf(owner), textOf(owner)];
  await owner.ask({ route: 'putChunks', json: {}, frames: unfinished.frames });
  for (const { content } of [unfinished, unsent]) {
    const fresh = {
      node: owner.newNode(),
      parent: ROOT_NODE,
      name: 'x',
      content,
      mtimeNs: '1',
      checkZombie: false,
    };
    await owner.ask({ route: 'open', json: { claims: [{ op: 'create', ...owner.base(), ...fresh }] } });
  }
  const listed = parseConflicts(jsonOf(await owner.ask({ route: 'conflicts' })));
  assert(listed.kind === 'ok' && listed.value.conflicts.length === 1);
  const snapshot = jsonOf(await owner.ask({ route: 'snapshot', json: { continuation: null, limit: 1 } }));
  const continuation = snapshot !== null && typeof snapshot === 'object' && 'continuation' in snapshot;
  const contents = [first, second, copy, inner, dead].map(({ head }) => head?.content);
  const manifests = contents.flatMap((content) => (content?.kind === 'file' ? [content.manifest] : []));
  const texts = Array.from({ length: 7 }, (_, at) => fileOf(Buffer.from(`text ${at + 1} of owner`)));
  const chunks = [big, ...texts].flatMap(({ frames }) => frames.map(({ id }) => id));
  const { deviceId, userId, namespace } = owner.login;
  const nodes = [second, folder, inner, dead, grave, copy].map(({ node }) => node);
  return {
    uuid: [...nodes, conflict, deviceId, other.deviceId, userId, namespace, await owner.share()],
    hash: [...manifests, ...chunks],
    version: [first, second, dead, copy].map(({ head }) => head?.version),
    cursor: [await owner.cursor()],
    content: texts.slice(0, 4).map(({ content }) => content),
    text: ['private/diary.txt', 'gone.txt', owner.name, continuation ? snapshot.continuation : null],
  };
}

export const NOBODYS = {
  chunk: parseChunkId('ab'.repeat(32)),
  version: parseVersionId('abcdefabcdef.7'),
} as const;
