/** What can be switched in an incident. Only looked at, unless the console was started with its actions. */
import type { ServerAnswer } from '../exchange.ts';
import { SWITCHES, type SwitchName } from '../metadata/job-rows.ts';
import type { Visit } from './console.ts';
import { page, redirect } from './frame.ts';
import { type Html, href, html, nameHtml, timeHtml } from './html.ts';

const NAMES = Object.keys(SWITCHES).filter((name): name is SwitchName => name in SWITCHES);
const switchOf = (name: string | null): SwitchName | null => NAMES.find((each) => each === name) ?? null;

export async function switchesPage({ parts, rules, session, switchedOn }: Visit): Promise<ServerAnswer> {
  const rows = await parts.reader.read(async (tx) => tx.switches());
  const items = NAMES.map((name): Html => {
    const row = rows.find((each) => each.name === name);
    const on = row?.on === true;
    const to = on ? 'off' : 'on';
    return html`<li class="card">
<h2>${name} <span class="mark ${on ? 'careful' : 'plain'}">${on ? 'on' : 'off'}</span></h2>
<p>${SWITCHES[name]}</p>
${row === undefined ? html`<p class="quiet">Never switched.</p>` : html`<p class="quiet">Switched ${row.on ? 'on' : 'off'} ${timeHtml(row.at)} by ${nameHtml(row.by)}: ${nameHtml(row.why)}</p>`}
${
  rules.actions
    ? html`<p><a class="button" href="${href('/switches/confirm', { name, to })}">Turn it ${to}…</a></p>`
    : html`<code>tidemark admin switch ${name} ${to} --data DIR --why TEXT</code>`
}
</li>`;
  });
  const body = html`<h1>Switches</h1>
<p>${
    rules.actions
      ? 'For incidents. Each acts from the next step of a job, or the next request, on; you are asked once more before.'
      : 'For incidents. This console only looks: the command below each turns it, on the server.'
  }</p>
<ul class="cards">${items}</ul>`;
  return page(200, { title: 'Switches', way: '/switches', session, switchedOn, body });
}

/** The second yes, with the reason that is kept. */
export async function confirmPage(visit: Visit): Promise<ServerAnswer> {
  const { query, rules, session, switchedOn } = visit;
  const name = switchOf(query.get('name'));
  const to = query.get('to') === 'off' ? 'off' : 'on';
  if (name === null || !rules.actions) return redirect('/switches');
  const body = html`<h1>Turn ${name} ${to}?</h1>
<p>${SWITCHES[name]}</p>
<form class="confirm" method="post" action="/switches">
<input type="hidden" name="secret" value="${session.formSecret}">
<input type="hidden" name="name" value="${name}">
<input type="hidden" name="to" value="${to}">
<label for="why">Why? It is kept with the switch.</label>
<input id="why" name="why" required maxlength="500">
<button type="submit" class="primary">Turn it ${to}</button>
<a href="/switches">Leave it as it is</a>
</form>`;
  return page(200, { title: `Turn ${name} ${to}`, way: '/switches', session, switchedOn, body });
}

export async function flip({ parts, rules, session }: Visit, form: URLSearchParams): Promise<ServerAnswer> {
  const name = switchOf(form.get('name'));
  const to = form.get('to');
  const why = (form.get('why') ?? '').trim();
  if (!rules.actions || name === null || why === '' || (to !== 'on' && to !== 'off'))
    return page(rules.actions ? 400 : 403, {
      title: 'Refused',
      way: '/switches',
      session,
      switchedOn: [],
      body: html`<h1>Refused</h1><p>${rules.actions ? 'A switch, on or off, and a reason are needed.' : 'This console only looks. It was started without --console-actions.'}</p>`,
    });
  const at = parts.clock.now();
  await parts.store.write(async (tx) =>
    tx.setSwitch({ name, on: to === 'on', by: session.name, why: why.slice(0, 500), at }),
  );
  parts.log('warn', 'a switch was turned in the console', { name, to });
  return redirect('/switches');
}
