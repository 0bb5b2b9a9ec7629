/**
 * Who may do what in the share, known from what the server was asked and answered alone, by rules written down here and not
 * taken from the product: whatever it lets somebody do must be something that they may have been allowed to do at some
 * moment between the request and its answer (I16), and nobody learns anything of a share that they are not in (I15).
 */
import type { ServerAnswer, ServerRequest } from '../../../server-stub/exchange.ts';
import type { NamespaceId } from '../../../src/protocol/ids.ts';
import { LinkAnswer, LinkRequest } from '../../../src/protocol/routes.ts';
import { parserOf } from '../../../src/protocol/schema.ts';
import {
  InvitationRequest,
  LinkShareRequest,
  MemberRequest,
  RemoveMemberRequest,
} from '../../../src/protocol/shares.ts';
import { pathOf } from '../sim-network.ts';

const parse = {
  linked: parserOf(LinkAnswer),
  link: parserOf(LinkRequest),
  linkShare: parserOf(LinkShareRequest),
  member: parserOf(MemberRequest),
  remove: parserOf(RemoveMemberRequest),
  answer: parserOf(InvitationRequest),
} as const;

/** What changes something for all who are in. */
const WRITES: ReadonlySet<string> = new Set([
  '/v1/sessions',
  '/v1/chunks',
  '/v1/finalize',
  '/v1/commit',
  '/v1/labels',
]);
/** What is asked about a share, with the token of the device itself. */
const MANAGES: ReadonlySet<string> = new Set(['/v1/shares/member', '/v1/shares/remove']);

type Standing = 'out' | `${'invited' | 'member'} ${'owner' | 'editor' | 'viewer'}`;
type Change = (before: Standing) => Standing;

interface Token {
  readonly user: string;
  /** Null: of the user's own namespace. */
  readonly share: NamespaceId | null;
}

interface Asked {
  readonly token: Token | null;
  /** What the asking user may have been in the share, at any moment since. */
  readonly may: Set<Standing>;
  /** False: the token had ended before. */
  readonly isAlive: boolean;
  readonly change: { readonly user: string; readonly apply: Change } | null;
  /** What else was done, or may have been, while it was under way: before it, or after. */
  readonly meanwhile: Change[];
}

export class RoleOracle {
  readonly faults: string[] = [];
  /** Requests that were let through: read, written, or refused for want of a right. */
  readonly counts = { read: 0, written: 0, refused: 0 };
  #share: NamespaceId | null = null;
  readonly #tokens = new Map<string, Token>();
  readonly #ended = new Set<string>();
  readonly #standing = new Map<string, Set<Standing>>();
  readonly #open = new Map<ServerRequest, Asked>();

  /** From now on it is watched; nobody but its owner is in. */
  begin(share: NamespaceId, owner: string, users: readonly string[]): void {
    this.#share = share;
    for (const user of users)
      this.#standing.set(user, new Set<Standing>([user === owner ? 'member owner' : 'out']));
  }

  asked(request: ServerRequest): void {
    const token = this.#tokens.get(bearer(request)) ?? null;
    const asked = {
      token,
      may: new Set(this.#mayBe(token?.user ?? '')),
      isAlive: !this.#ended.has(bearer(request)),
      change: this.#changeOf(request, token),
      meanwhile: [],
    };
    this.#open.set(request, asked);
    if (asked.change !== null) this.#mayHappen(asked.change.user, asked.change.apply);
  }

  /** It may have been carried out, or not. */
  neverAnswered(request: ServerRequest): void {
    const change = this.#open.get(request)?.change ?? null;
    this.#open.delete(request);
    if (change !== null) this.#noteMeanwhile(change);
  }

  answered(request: ServerRequest, answer: ServerAnswer): void {
    const asked = this.#open.get(request);
    this.#open.delete(request);
    if (asked === undefined) return;
    // One that is cut off tells nothing, and an empty one came before anything was done.
    const isWhole = answer.body.length > 0 && answer.cutAfter === null;
    if (isWhole) this.#judge(request, answer, asked);
    if (answer.status === 200 && isWhole) this.#noteToken(request, answer);
    if (asked.change === null) return;
    this.#noteMeanwhile(asked.change);
    if (answer.status === 200 && isWhole) this.#happened(request, asked.change, asked.meanwhile);
  }

  #judge(request: ServerRequest, { status }: ServerAnswer, { token, may, isAlive }: Asked): void {
    if (token === null || this.#share === null) return;
    const path = pathOf(request);
    if (status === 403) this.counts.refused += 1;
    if (status !== 200) return;
    const told = `${token.user} was let in at ${path}, being ${[...may].join(' or ')}`;
    if (MANAGES.has(path) && this.#aboutOthers(request, token) && !may.has('member owner'))
      this.faults.push(`I16 ${told}: only an owner decides who is in`);
    if (token.share === null) return;
    if (!isAlive) this.faults.push(`I16 ${told}: with a token that had ended`);
    const isWrite = WRITES.has(path) || request.method === 'PUT';
    const isAllowed = [...may].some((each) =>
      isWrite ? each === 'member owner' || each === 'member editor' : each.startsWith('member'),
    );
    if (isWrite) this.counts.written += 1;
    else this.counts.read += 1;
    if (!isAllowed) this.faults.push(`${isWrite ? 'I16' : 'I15'} ${told}`);
  }

  #aboutOthers(request: ServerRequest, { user }: Token): boolean {
    const member = parse.member(jsonOf(request));
    if (member.kind === 'ok') return true;
    const removed = parse.remove(jsonOf(request));
    return removed.kind === 'ok' && removed.value.user !== user;
  }

  #changeOf(request: ServerRequest, token: Token | null): Asked['change'] {
    if (token === null || token.share !== null) return null;
    const json = jsonOf(request);
    switch (pathOf(request)) {
      case '/v1/shares/member': {
        const asked = parse.member(json);
        if (asked.kind !== 'ok' || asked.value.namespace !== this.#share) return null;
        const { user, role } = asked.value;
        return { user, apply: (was) => (was.startsWith('member') ? `member ${role}` : `invited ${role}`) };
      }
      case '/v1/shares/remove': {
        const asked = parse.remove(json);
        if (asked.kind !== 'ok' || asked.value.namespace !== this.#share) return null;
        return { user: asked.value.user, apply: () => 'out' };
      }
      case '/v1/shares/answer': {
        const asked = parse.answer(json);
        if (asked.kind !== 'ok' || asked.value.namespace !== this.#share) return null;
        return { user: token.user, apply: asked.value.accept ? accepted : () => 'out' };
      }
      default:
        return null;
    }
  }

  #mayBe(user: string): ReadonlySet<Standing> {
    return this.#standing.get(user) ?? new Set();
  }

  /** Whatever it was, it may be that, or what the change makes of it, from now on. */
  #mayHappen(user: string, apply: Change): void {
    const known = this.#standing.get(user) ?? new Set<Standing>();
    for (const each of [...known]) known.add(apply(each));
    this.#standing.set(user, known);
    this.#tellOpen(user);
  }

  /** It is known to have happened; what else is under way may come before it, or after. */
  #happened(
    request: ServerRequest,
    { user, apply }: NonNullable<Asked['change']>,
    meanwhile: readonly Change[],
  ): void {
    if (pathOf(request) === '/v1/shares/remove') this.#endTokens(user);
    const open = [...this.#open.values()].flatMap(({ change }) =>
      change !== null && change.user === user ? [change.apply] : [],
    );
    const others = [...open, ...meanwhile];
    const after = new Set([...this.#mayBe(user)].map(apply));
    for (const other of [...others, ...others]) for (const each of [...after]) after.add(other(each));
    this.#standing.set(user, after);
    this.#tellOpen(user);
  }

  #noteMeanwhile({ user, apply }: NonNullable<Asked['change']>): void {
    for (const { change, meanwhile } of this.#open.values()) if (change?.user === user) meanwhile.push(apply);
  }

  #tellOpen(user: string): void {
    for (const { token, may } of this.#open.values())
      if (token?.user === user) for (const each of this.#mayBe(user)) may.add(each);
  }

  #endTokens(user: string): void {
    for (const [text, token] of this.#tokens)
      if (token.user === user && token.share === this.#share && !this.#isBeingMade(user))
        this.#ended.add(text);
  }

  /** One that is given at this moment may come after the end of the others. */
  #isBeingMade(user: string): boolean {
    return [...this.#open].some(
      ([request, { token }]) => token?.user === user && pathOf(request) === '/v1/shares/link',
    );
  }

  #noteToken(request: ServerRequest, answer: ServerAnswer): void {
    const path = pathOf(request);
    if (path !== '/v1/devices/link' && path !== '/v1/shares/link') return;
    const linked = parse.linked(bytesToJson(answer.body));
    if (linked.kind !== 'ok') return;
    const { token, namespace } = linked.value;
    if (path === '/v1/devices/link') {
      const asked = parse.link(jsonOf(request));
      if (asked.kind === 'ok') this.#tokens.set(token, { user: asked.value.user, share: null });
      return;
    }
    const by = this.#tokens.get(bearer(request));
    if (by !== undefined) this.#tokens.set(token, { user: by.user, share: namespace });
  }
}

function accepted(was: Standing): Standing {
  switch (was) {
    case 'invited owner':
      return 'member owner';
    case 'invited editor':
      return 'member editor';
    case 'invited viewer':
      return 'member viewer';
    default:
      return was;
  }
}

function bearer({ headers }: ServerRequest): string {
  return (headers['authorization'] ?? '').replace(/^Bearer /, '');
}

function jsonOf({ body }: ServerRequest): unknown {
  return body === null ? null : bytesToJson(body);
}

/** Null: no JSON, which is nobody's request, and nobody's answer. */
function bytesToJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}
