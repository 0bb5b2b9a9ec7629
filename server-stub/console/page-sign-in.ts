import type { ServerAnswer } from '../exchange.ts';
import { page } from './frame.ts';
import { html, NOTHING } from './html.ts';

export function signInPage(status: number, trouble: string | null): ServerAnswer {
  const body = html`<div class="sign-in">
<h1>Sign in</h1>
<p>For administrators of this server. Everything here only looks.</p>
${trouble === null ? NOTHING : html`<p class="trouble" role="alert" id="trouble">${trouble}</p>`}
<form method="post" action="/sign-in">
<label for="user">User name</label>
<input id="user" name="user" autocomplete="username" required maxlength="200" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024">
<button type="submit" class="primary">Sign in</button>
</form>
<p class="quiet">Whoever has a shell on the server names administrators: <code>tidemark admin grant USER --data DIR</code>.</p>
</div>`;
  return page(status, { title: 'Sign in', way: null, session: null, switchedOn: [], body });
}
