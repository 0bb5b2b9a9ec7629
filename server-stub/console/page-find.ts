import type { ServerAnswer } from '../exchange.ts';
import { explain } from '../explain/explain.ts';
import { pageOf } from '../explain/page-of.ts';
import type { Visit } from './console.ts';
import { pageHtml } from './draw-page.ts';
import { page } from './frame.ts';
import { html, NOTHING } from './html.ts';

/** The question, and what is known about it. */
export async function findPage(visit: Visit): Promise<ServerAnswer> {
  const { parts, query, session, switchedOn } = visit;
  const about = query.get('about') ?? '';
  const user = query.get('user') || null;
  const form = html`<form class="find" method="get" action="/find" role="search">
<div><label for="about">Path, name as it was reported, or id</label>
<input id="about" name="about" value="${about}" maxlength="2000" required></div>
<div><label for="whose">Only of this user</label>
<input id="whose" name="user" value="${user ?? ''}" maxlength="200"></div>
<button type="submit" class="primary">Find</button>
</form>`;
  if (about === '') {
    const body = html`<h1>Find</h1>${form}
<p class="quiet">Names that a file once had are found, too, also misspelled or cut short. Ids of files, versions, devices, chunks and conflicts lead to their stories.</p>`;
    return page(200, { title: 'Find', way: '/find', session, switchedOn, body });
  }
  const rules = { ...parts.limits, now: parts.clock.now() };
  const answer = await parts.reader.read((tx) =>
    explain({ tx, rules, wakes: parts.wakes }, { about, user, after: query.get('after') }),
  );
  const story = pageOf(answer);
  const isList = answer.kind === 'matches' || answer.kind === 'nothing';
  const body = html`${isList ? form : html`<p><a href="/find">Find something else</a></p>`}${pageHtml(story, user)}${NOTHING}`;
  return page(200, { title: story.sort, way: '/find', session, switchedOn, body });
}
