/**
 * Replaces what names people, files, devices and servers, so that a report can be read without knowing any of them: the
 * same name has the same mark everywhere, each part of a path its own, endings stay. Pure.
 */

export type NameOf = 'person' | 'device' | 'server' | 'name';

/** Ours, and the same everywhere: they say nothing of anybody. */
const OWN = /^(?:\.tidemark|\.tidemarkignore|\.|\.\.|)$/;
const ENDING = /\.[A-Za-z0-9]{1,8}$/;
const DRIVE = /^[A-Za-z]:$/;
const SEPARATOR = /[/\\]/;
/** A path in a sentence, what stands in quotes, an address. */
const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'()<>,]+/gi;
const QUOTED = /(["'“‘])([^"'”’\n]+)(["'”’])/g;
const PATH =
  /(?<![\w-])(?:[A-Za-z]:[\\/]|[/\\])?[^\s"'“”‘’,;:()/\\]+(?:[/\\][^\s"'“”‘’,;:()/\\]+)+|(?<![\w<])\/[^\s"'“”‘’,;:()/\\]+/g;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
/** Parts of paths shorter than this are not looked for in sentences. */
const SHORTEST = 3;
const MARK = /^(?:person|device|server|name)-\d+/;

/** In a stack trace: a file of the program itself. */
function ownFile(address: string): string {
  return `file:${address.slice(address.lastIndexOf('/') + 1)}`;
}

export class Redactor {
  private readonly marks = new Map<string, string>();
  private readonly counts = new Map<NameOf, number>();
  private known: RegExp | null = null;

  /** One name as a whole. */
  name(of: NameOf, text: string): string {
    if (text === '' || (of === 'name' && OWN.test(text))) return text;
    const known = this.marks.get(text);
    if (known !== undefined) return known;
    const number = (this.counts.get(of) ?? 0) + 1;
    this.counts.set(of, number);
    const mark = `${of}-${number}${of === 'name' ? (ENDING.exec(text)?.[0] ?? '') : ''}`;
    this.marks.set(text, mark);
    this.known = null;
    return mark;
  }

  /** Part by part; its shape stays. */
  path(text: string): string {
    return text
      .split(SEPARATOR)
      .map((part) => (DRIVE.test(part) ? part : this.name('name', part)))
      .join('/');
  }

  /** Free text: every name that is known by now, and whatever looks like a path, an address or a quotation. */
  text(text: string): string {
    return this.replaceKnown(text)
      .replace(ADDRESS, (address) =>
        address.startsWith('file:') ? ownFile(address) : this.name('server', address),
      )
      .replace(
        QUOTED,
        (_, open: string, inside: string, close: string) => `${open}${this.unmarked(inside)}${close}`,
      )
      .replace(PATH, (path) => this.unmarked(path));
  }

  /** A path of which parts may have their marks already. */
  private unmarked(text: string): string {
    return text
      .split(SEPARATOR)
      .map((part) => (MARK.test(part) || DRIVE.test(part) ? part : this.name('name', part)))
      .join('/');
  }

  /** The longest first: a name may be part of another one. Short parts of paths are words of any sentence. */
  private replaceKnown(text: string): string {
    this.known ??= new RegExp(
      `(?<![\\p{L}\\p{N}_])(?:${[...this.marks]
        .filter(([name, mark]) => name.length >= SHORTEST || !mark.startsWith('name-'))
        .map(([name]) => name.replace(SPECIAL, '\\$&'))
        .sort((a, b) => b.length - a.length)
        .join('|')})(?![\\p{L}\\p{N}_])`,
      'gu',
    );
    return text.replace(this.known, (name) => this.marks.get(name) ?? name);
  }
}
