/** All devices: how far each is in everything it syncs. */
import { parseDeviceId } from '../../src/protocol/ids.ts';
import type { ServerAnswer } from '../exchange.ts';
import type { SurfaceLine, Who } from '../explain/answer.ts';
import { surfacesOf } from '../explain/device-story.ts';
import { count, span } from '../explain/page.ts';
import { verdictCell, wakeCells } from '../explain/parts.ts';
import { LineReader } from '../explain/reader.ts';
import type { DeviceRow } from '../metadata/rows.ts';
import type { Visit } from './console.ts';
import { cellHtml, cellsHtml } from './draw-page.ts';
import { page } from './frame.ts';
import { type Html, href, html, nameHtml, timeHtml } from './html.ts';

const SHOWN = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Line {
  readonly device: DeviceRow;
  readonly who: Who;
  readonly surfaces: readonly SurfaceLine[];
}

export async function devicesPage({ parts, query, session, switchedOn }: Visit): Promise<ServerAnswer> {
  const given = query.get('after') ?? '';
  const after = UUID.test(given) ? parseDeviceId(given) : null;
  const rules = { ...parts.limits, now: parts.clock.now() };
  const lines = await parts.reader.read(async (tx) => {
    const reader = new LineReader({ tx, rules, wakes: parts.wakes });
    const found: Line[] = [];
    for (const id of await tx.devicesAfter(after, SHOWN)) {
      const device = await tx.device(id);
      if (device !== null)
        found.push({ device, who: await reader.who(id), surfaces: await surfacesOf(reader, device) });
    }
    return found;
  });
  const last = lines.at(-1)?.device.id ?? null;
  const body = html`<h1>Devices</h1>
<p>The bar is the journal of a space: filled up to the change that the device has acknowledged.</p>
${lines.length === 0 ? html`<p class="quiet">No more devices.</p>` : html``}
<ul class="devices">${lines.map((line) => deviceHtml(line, parts.clock.now(), cellsHtml(wakeCells(parts.wakes(line.device.id)))))}</ul>
${lines.length < SHOWN ? html`` : html`<p><a class="more" href="${href('/devices', { after: last })}">Further devices</a></p>`}`;
  return page(200, { title: 'Devices', way: '/devices', session, switchedOn, body });
}

function deviceHtml({ device, who, surfaces }: Line, now: number, wake: Html): Html {
  const ended = device.revokedAt === null ? html`` : html` <span class="mark careful">ended</span>`;
  return html`<li class="card">
<h2><a href="${href('/find', { about: device.id })}">${nameHtml(who.deviceName)}</a> <span class="quiet">of</span> ${nameHtml(who.user)}${ended}</h2>
<p class="quiet">Last seen ${timeHtml(device.lastSeenAt)}. Notified: ${wake}.</p>
${surfaces.map((surface) => surfaceHtml(surface, now))}
</li>`;
}

const WIDE = 300;

function surfaceHtml(surface: SurfaceLine, now: number): Html {
  const { headSeq, ackedSeq, behind, waitingSince } = surface;
  const done = headSeq === 0 ? 1 : Math.min(1, Math.max(0, (headSeq - behind) / headSeq));
  // Something that is missing must be seen, however little it is.
  const filled = behind > 0 ? Math.min(WIDE - 6, Math.round(done * WIDE)) : WIDE;
  const late =
    waitingSince === null ? html`` : html` <span class="quiet">for ${span(now - waitingSince)}</span>`;
  return html`<div class="surface">
<span>${nameHtml(surface.owner)}</span>
<svg class="progress" width="${WIDE}" height="10" viewBox="0 0 ${WIDE} 10" aria-hidden="true" focusable="false"><rect class="track" width="${WIDE}" height="10" rx="5"/><rect class="done" width="${filled}" height="10" rx="5"/></svg>
<span>${ackedSeq === null ? 'nothing' : count(ackedSeq)} of ${count(headSeq)}</span>
<span>${cellHtml(verdictCell(surface.verdict, behind))}${late}</span>
</div>`;
}
