/**
 * Just enough of a lexer to tell code from comments, strings and regular expressions, so that the rules
 * neither trip over prose nor miss code behind a string. Blanked text keeps its length and its lines.
 */

export interface LexedSource {
  /** Comments blanked. */
  readonly code: string;
  /** Comments and the insides of strings, templates and regular expressions blanked. */
  readonly bare: string;
}

const BEFORE_EXPRESSION =
  /(?:^|[=([{,;:!&|?+\-*%<>~^}]|\b(?:return|typeof|case|in|of|do|else|void|throw|await|yield))$/;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** The end of a quoted string, regular expression or template part that starts at `start`. */
const endOfQuoted = (text: string, start: number, quote: string): number => {
  let inClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (quote === '/' && char === '[') inClass = true;
    else if (quote === '/' && char === ']') inClass = false;
    else if (char === quote && !inClass) return at;
    else if (quote === '`' && char === '$' && text[at + 1] === '{') return at + 1;
    else if (quote !== '`' && char === '\n') return at;
  }
  return text.length;
};

/** Splits a source into the two blanked texts. */
export const lexSource = (text: string): LexedSource => {
  let code = '';
  let bare = '';
  const keep = (part: string, bareAs = part) => {
    code += part;
    bare += bareAs;
  };
  // One entry per open template: how many braces are open inside its current ${…}.
  const templates: number[] = [];
  let at = 0;
  const quoted = (quote: string) => {
    const end = endOfQuoted(text, at, quote);
    const inside = text.slice(at + 1, end);
    const closer = text[end] ?? '';
    keep((text[at] ?? '') + inside + closer, (text[at] ?? '') + blank(inside) + closer);
    if (quote === '`' && closer === '{') templates.push(0);
    at = end + 1;
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (two === '//' || two === '/*') {
      const close = two === '//' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2;
      const end = close < at + 2 ? text.length : close;
      const comment = blank(text.slice(at, end));
      keep(comment);
      at = end;
    } else if (char === "'" || char === '"' || char === '`') {
      quoted(char);
    } else if (char === '/' && BEFORE_EXPRESSION.test(bare.slice(-200).trimEnd())) {
      quoted('/');
    } else if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      quoted('`');
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && char === '{') templates[depth] = (templates[depth] ?? 0) + 1;
      if (depth >= 0 && char === '}') templates[depth] = (templates[depth] ?? 0) - 1;
      keep(char);
      at += 1;
    }
  }
  return { code, bare };
};

export interface ImportFound {
  readonly specifier: string;
  readonly line: number;
  /** What stands between `import` and `from`. */
  readonly clause: string;
}

const IMPORTS = [
  /\b(?:import|export)\b(?<clause>[^;'"()]*?)\bfrom\s*(['"])(?<specifier>[^'"\n]+)\2/g,
  /\bimport(?<clause>)\s*(['"])(?<specifier>[^'"\n]+)\2/g,
  /\bimport(?<clause>)\s*\(\s*(['"`])(?<specifier>[^'"`\n]+)\2/g,
  /\brequire(?<clause>)\s*\(\s*(['"])(?<specifier>[^'"\n]+)\2/g,
];

export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** Every module a source names: static, type-only, re-exported, dynamic. */
export const importsOf = ({ code, bare }: LexedSource): readonly ImportFound[] =>
  IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)]
      // The keyword itself must be code: a program text inside a string imports nothing.
      .filter((hit) => /^(?:import|export|require)/.test(bare.slice(hit.index)))
      .map((hit) => ({
        specifier: hit.groups?.['specifier'] ?? '',
        clause: (hit.groups?.['clause'] ?? '').trim(),
        line: lineAt(code, hit.index),
      })),
  );
