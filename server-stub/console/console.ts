/**
 * The web console: what the command line tells, as pages, for administrators who signed in. It only reads, over a
 * connection of its own; with `actions` it can flip the switches, each after a second yes.
 */
import { isUtf8 } from 'node:buffer';
import type { SignIn } from '../accounts/sign-in.ts';
import type { ServerAnswer, ServerClock, ServerLog, ServerRandom, ServerRequest } from '../exchange.ts';
import type { WakeBook } from '../explain/reader.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { ReadStore } from '../metadata/sqlite-store.ts';
import type { ServerLimits } from '../server-limits.ts';
import { answer, page, redirect } from './frame.ts';
import { html } from './html.ts';
import { figuresOf } from './live-figures.ts';
import { conflictsPage } from './page-conflicts.ts';
import { devicesPage } from './page-devices.ts';
import { findPage } from './page-find.ts';
import { jobsPage } from './page-jobs.ts';
import { overviewPage } from './page-overview.ts';
import { signInPage } from './page-sign-in.ts';
import { confirmPage, flip, switchesPage } from './page-switches.ts';
import { isSameSecret, type Session, Sessions } from './sessions.ts';
import { staticFile } from './static-files.ts';

export interface ConsoleParts {
  /** For questions: nobody who syncs waits behind it. */
  readonly reader: ReadStore;
  /** For switches, and nothing else. */
  readonly store: Pick<MetadataStore, 'write'>;
  readonly signIn: Pick<SignIn, 'administrator'>;
  readonly metrics: () => Promise<string>;
  readonly readiness: () => Promise<string | null>;
  readonly wakes: WakeBook;
  readonly clock: Pick<ServerClock, 'now' | 'monotonic'>;
  readonly random: Pick<ServerRandom, 'bytes'>;
  readonly limits: Pick<ServerLimits, 'waits' | 'retention'>;
  readonly log: ServerLog;
  readonly serverId: string;
  readonly version: string;
}

export interface ConsoleRules {
  readonly actions: boolean;
  /** Its cookie goes over TLS only. */
  readonly secure: boolean;
  /** Served on this computer only: nothing but its own names is answered. */
  readonly loopback: boolean;
}

/** What a page is made from. */
export interface Visit {
  readonly parts: ConsoleParts;
  readonly rules: ConsoleRules;
  readonly session: Session;
  readonly query: URLSearchParams;
  readonly switchedOn: readonly string[];
}

type PageOf = (visit: Visit) => Promise<ServerAnswer>;

const PAGES: Readonly<Record<string, PageOf>> = {
  '/': overviewPage,
  '/find': findPage,
  '/devices': devicesPage,
  '/conflicts': conflictsPage,
  '/jobs': jobsPage,
  '/switches': switchesPage,
  '/switches/confirm': confirmPage,
};

const FORM_BYTES = 4096;
const OWN_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** Serves HTTP as the sync server does: behind the same listener. */
export class Console {
  readonly serverId: string;
  readonly #parts: ConsoleParts;
  readonly #rules: ConsoleRules;
  readonly #sessions: Sessions;

  constructor(parts: ConsoleParts, rules: ConsoleRules) {
    this.serverId = parts.serverId;
    this.#parts = parts;
    this.#rules = rules;
    this.#sessions = new Sessions(
      () => parts.clock.monotonic(),
      (count) => parts.random.bytes(count),
    );
  }

  bodyLimit(): number {
    return FORM_BYTES;
  }

  /** A form is small: what is large is refused before it is received. */
  async admit(): Promise<ServerAnswer> {
    return answer(413, 'text/plain; charset=utf-8', 'too large');
  }

  async handle(request: ServerRequest): Promise<ServerAnswer> {
    try {
      return await this.#answer(request);
    } catch (cause) {
      const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      this.#parts.log('error', 'the console could not answer', { stack });
      return this.#notice(500, 'That did not work', 'The server had a fault of its own; its log says which.');
    }
  }

  async #answer(request: ServerRequest): Promise<ServerAnswer> {
    // Another site could point a name of its own at this computer, and would then read what it is shown.
    if (this.#rules.loopback && !OWN_NAME.test(request.headers['host'] ?? ''))
      return this.#notice(421, 'Not here', 'This console is reached as localhost only.');
    const url = new URL(request.path, 'http://console.invalid');
    const file = staticFile(url.pathname);
    if (request.method === 'GET' || request.method === 'HEAD')
      return file ?? (await this.#look(request, url));
    if (request.method === 'POST') return this.#post(request, url);
    return this.#notice(
      405,
      'Not like that',
      'This console is read with GET, and its forms are sent with POST.',
    );
  }

  async #look(request: ServerRequest, url: URL): Promise<ServerAnswer> {
    const session = await this.#sessionOf(request);
    if (url.pathname === '/sign-in') return session === null ? signInPage(200, null) : redirect('/');
    if (session === null)
      return url.pathname === '/live'
        ? this.#notice(401, 'Signed out', 'Sign in again.')
        : redirect('/sign-in');
    if (url.pathname === '/live') {
      const body = JSON.stringify({
        at: this.#parts.clock.now(),
        figures: figuresOf(await this.#parts.metrics()),
      });
      return answer(200, 'application/json', body);
    }
    const made = Object.hasOwn(PAGES, url.pathname) ? PAGES[url.pathname] : undefined;
    if (made === undefined) return this.#notice(404, 'Nothing here', 'There is no such page.');
    return made(await this.#visit(session, url));
  }

  async #post(request: ServerRequest, url: URL): Promise<ServerAnswer> {
    if (!this.#isOwnForm(request))
      return this.#notice(403, 'Refused', 'This form was not sent from a page of this console.');
    const form = formOf(request.body);
    if (form === null) return this.#notice(400, 'Not understood', 'That is no form of this console.');
    if (url.pathname === '/sign-in') return this.#signIn(form, request.remote);
    const session = await this.#sessionOf(request);
    if (session === null) return redirect('/sign-in');
    if (!isSameSecret(form.get('secret') ?? '', session.formSecret))
      return this.#notice(403, 'Refused', 'This form was not made for you; load its page again.');
    if (url.pathname === '/sign-out') {
      this.#sessions.end(cookieOf(request));
      return redirect('/sign-in', { 'set-cookie': this.#cookie('', 0) });
    }
    if (url.pathname === '/switches') return flip(await this.#visit(session, url), form);
    return this.#notice(404, 'Nothing here', 'There is no such form.');
  }

  async #signIn(form: URLSearchParams, remote: string): Promise<ServerAnswer> {
    const [name, password] = [form.get('user') ?? '', form.get('password') ?? ''];
    const user = await this.#parts.signIn.administrator(name, password, remote);
    if ('kind' in user) {
      this.#parts.log('warn', 'somebody could not sign in to the console', { remote, code: user.code });
      const isPause = user.code === 'too-many-requests';
      const why = isPause
        ? `Too many attempts. Try again in ${Math.ceil(user.retryAfter ?? 1)} s.`
        : 'The name or the password is wrong, or this user is no administrator.';
      return signInPage(isPause ? 429 : 401, why);
    }
    this.#parts.log('info', 'an administrator signed in to the console', { remote });
    return redirect('/', { 'set-cookie': this.#cookie(this.#sessions.begin(user), null) });
  }

  /** Null: nobody, or not an administrator any more, or with another password by now. */
  async #sessionOf(request: ServerRequest): Promise<Session | null> {
    const secret = cookieOf(request);
    const session = this.#sessions.find(secret);
    if (session === null) return null;
    const stands = await this.#parts.reader.read(async (tx) => {
      const user = await tx.user(session.user);
      return user?.passwordHash === session.passwordHash && (await tx.isAdministrator(session.user));
    });
    if (!stands) this.#sessions.end(secret);
    return stands ? session : null;
  }

  async #visit(session: Session, url: URL): Promise<Visit> {
    const rows = await this.#parts.reader.read(async (tx) => tx.switches());
    const switchedOn = rows.filter(({ on }) => on).map(({ name }) => name);
    return { parts: this.#parts, rules: this.#rules, session, query: url.searchParams, switchedOn };
  }

  /** Browsers say where a form comes from; who says nothing is no browser, and has no cookie of one. */
  #isOwnForm({ headers }: ServerRequest): boolean {
    const own = `${this.#rules.secure ? 'https' : 'http'}://${headers['host'] ?? ''}`;
    const site = headers['sec-fetch-site'];
    return headers['origin'] === own && (site === undefined || site === 'same-origin');
  }

  #cookie(secret: string, maxAge: number | null): string {
    const rest = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(this.#rules.secure ? ['Secure'] : [])];
    return [`${COOKIE}=${secret}`, ...rest, ...(maxAge === null ? [] : [`Max-Age=${maxAge}`])].join('; ');
  }

  #notice(status: number, title: string, words: string): ServerAnswer {
    const body = html`<h1>${title}</h1><p>${words}</p><p><a href="/">To the overview</a></p>`;
    return page(status, { title, way: null, session: null, switchedOn: [], body });
  }
}

const COOKIE = 'tidemark-console';

function cookieOf({ headers }: ServerRequest): string | null {
  for (const part of (headers['cookie'] ?? '').split(';')) {
    const [name, value] = part.trim().split('=');
    if (name === COOKIE && value !== undefined && /^[\w-]{20,64}$/.test(value)) return value;
  }
  return null;
}

function formOf(body: Uint8Array | null): URLSearchParams | null {
  if (body === null || body.length > FORM_BYTES || !isUtf8(body)) return null;
  return new URLSearchParams(Buffer.from(body).toString('utf8'));
}
