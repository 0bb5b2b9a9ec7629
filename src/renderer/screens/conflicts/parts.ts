/** Sentences with names in them: the names stay apart from the text, so that they are drawn as what they are. Pure. */

export interface Part {
  readonly kind: 'text' | 'name' | 'path';
  readonly text: string;
}
export type Filling = string | Part;

export const name = (text: string): Part => ({ kind: 'name', text });
export const path = (text: string): Part => ({ kind: 'path', text });

/** `{who} edited {file}`: each name in braces becomes its filling. A template that names what is not given is a fault. */
export function fill(template: string, values: Readonly<Record<string, Filling>>): readonly Part[] {
  const parts: Part[] = [];
  for (const piece of template.split(/(\{\w+\})/)) {
    if (piece === '') continue;
    const key = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (key === undefined) {
      parts.push({ kind: 'text', text: piece });
      continue;
    }
    const value = values[key];
    if (value === undefined) throw new Error(`the sentence lacks ${key}`);
    parts.push(typeof value === 'string' ? { kind: 'text', text: value } : value);
  }
  return parts;
}

export function plain(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}

/** A sentence begins with a capital, also when it begins with "this computer". Names stay as they are. */
export function capital(parts: readonly Part[]): readonly Part[] {
  const [first, ...rest] = parts;
  if (first === undefined || first.kind !== 'text') return parts;
  return [{ ...first, text: first.text.charAt(0).toUpperCase() + first.text.slice(1) }, ...rest];
}
