/** HTML in which nothing is trusted: every value is escaped unless it was made here. */
export interface Html {
  readonly html: string;
}

type Value = string | number | Html | readonly Html[] | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? '');

function shown(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  return 'html' in value ? value.html : value.map((each) => each.html).join('');
}

/** A template whose values are escaped; attributes are always quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.map((part, i) => part + shown(values[i] ?? null)).join('') };
}

export const NOTHING: Html = { html: '' };

/** What cannot be seen, or turns text around: it is shown as its code. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A name written by people: apart from the text around it, and unable to look like something else. */
export function nameHtml(name: string): Html {
  const parts: Html[] = [];
  let from = 0;
  for (const hit of name.matchAll(INVISIBLE)) {
    const code = (hit[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    parts.push(html`${name.slice(from, hit.index)}<span class="code">U+${code}</span>`);
    from = hit.index + hit[0].length;
  }
  parts.push(html`${name.slice(from)}`);
  return html`<bdi class="name">${parts}</bdi>`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** In UTC: whoever reads it may be anywhere. */
export function timeHtml(at: number | null): Html {
  if (at === null) return html`<span class="quiet">never</span>`;
  const date = new Date(at);
  const [day] = date.toISOString().split('T');
  const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return html`<time datetime="${date.toISOString()}">${day ?? ''} ${clock}</time>`;
}

/** A link of the console with a query. */
export function href(path: string, query: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${encodeURIComponent(value.toWellFormed())}`],
  );
  return given.length === 0 ? path : `${path}?${given.join('&')}`;
}
