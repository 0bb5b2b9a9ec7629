/** What every page has around it: its head, the ways to the others, and the headers that lock it. */
import type { ServerAnswer } from '../exchange.ts';
import { type Html, html, NOTHING } from './html.ts';
import type { Session } from './sessions.ts';

/** No script and no style but our own files, nothing from anywhere else, in nobody's frame. */
const LOCKS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not "no-referrer": forms would then come without an origin.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};

const WAYS = [
  ['/', 'Overview'],
  ['/find', 'Find'],
  ['/devices', 'Devices'],
  ['/conflicts', 'Conflicts'],
  ['/jobs', 'Jobs and decisions'],
  ['/switches', 'Switches'],
] as const;

export function answer(
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ServerAnswer {
  return {
    status,
    headers: { ...LOCKS, 'content-type': type, ...headers },
    body: Buffer.from(body, 'utf8'),
    cutAfter: null,
  };
}

export function redirect(to: string, headers: Readonly<Record<string, string>> = {}): ServerAnswer {
  return answer(303, 'text/plain; charset=utf-8', '', { location: to, ...headers });
}

export interface Framed {
  readonly title: string;
  readonly way: string | null;
  readonly session: Session | null;
  /** Names of switches that are on: said on every page. */
  readonly switchedOn: readonly string[];
  readonly body: Html;
}

export function page(status: number, framed: Framed): ServerAnswer {
  return answer(status, 'text/html; charset=utf-8', pageText(framed));
}

function pageText({ title, way, session, switchedOn, body }: Framed): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Tidemark console</title>
<link rel="stylesheet" href="/console.css">
<script src="/charts.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<p class="brand">Tidemark <span>console</span></p>
${session === null ? NOTHING : waysOf(way, session)}
</header>
${
  switchedOn.length === 0
    ? NOTHING
    : html`<aside class="banner" aria-label="Switched on"><p><strong>Switched on:</strong> ${switchedOn.join(', ')}. <a href="/switches">See why</a></p></aside>`
}
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>
`;
  return document.html;
}

function waysOf(way: string | null, session: Session): Html {
  const items = WAYS.map(([to, label]) =>
    to === way
      ? html`<li><a href="${to}" aria-current="page">${label}</a></li>`
      : html`<li><a href="${to}">${label}</a></li>`,
  );
  return html`<nav aria-label="Pages"><ul>${items}</ul></nav>
<form class="out" method="post" action="/sign-out">
<input type="hidden" name="secret" value="${session.formSecret}">
<span class="quiet">Signed in as</span> <bdi>${session.name}</bdi>
<button type="submit">Sign out</button>
</form>`;
}
