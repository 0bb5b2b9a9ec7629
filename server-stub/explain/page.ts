/** An answer as something to look at, whoever draws it: headings, facts, tables, a picture, commands. */
import type { LineageGraph } from './lineage.ts';

export type Tone = 'plain' | 'good' | 'careful' | 'bad';

/** `about`: what to ask to hear more of it. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  /** Written by people: it may say anything, in any direction. */
  | { readonly kind: 'name'; readonly text: string; readonly about: string | null }
  | { readonly kind: 'id'; readonly text: string; readonly about: string | null }
  | { readonly kind: 'time'; readonly at: number | null }
  /** A judgement, in words; its colour only underlines them. */
  | { readonly kind: 'mark'; readonly text: string; readonly tone: Tone };

export interface Fact {
  readonly label: string;
  readonly cells: readonly Cell[];
}

export type Block =
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
      /** Said instead of an empty table. */
      readonly empty: string;
    }
  | { readonly kind: 'words'; readonly words: string }
  | { readonly kind: 'lineage'; readonly graph: LineageGraph }
  | { readonly kind: 'commands'; readonly actions: readonly CommandLine[] }
  | { readonly kind: 'more'; readonly words: string; readonly about: string; readonly after: string };

export interface CommandLine {
  readonly title: string;
  readonly command: string;
  readonly changes: boolean;
}

export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export interface Page {
  readonly title: readonly Cell[];
  /** What it is, in a word or two. */
  readonly sort: string;
  readonly sections: readonly Section[];
}

export const text = (words: string): Cell => ({ kind: 'text', text: words });
export const name = (words: string, about: string | null = null): Cell => ({
  kind: 'name',
  text: words,
  about,
});
export const id = (words: string, about: string | null = words): Cell => ({ kind: 'id', text: words, about });
export const time = (at: number | null): Cell => ({ kind: 'time', at });
export const mark = (words: string, tone: Tone): Cell => ({ kind: 'mark', text: words, tone });
export const fact = (label: string, ...cells: readonly Cell[]): Fact => ({ label, cells });

export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytes(value: number): string {
  let [unit, size] = [0, value];
  for (; size >= 1024 && unit < UNITS.length - 1; unit += 1) size /= 1024;
  return `${unit === 0 || size >= 10 ? count(Math.round(size)) : size.toFixed(1)} ${UNITS[unit]}`;
}

/** A span as people say it; below nothing: before. */
export function span(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const [size, unit] =
    seconds < 90
      ? [seconds, 's']
      : seconds < 5400
        ? [seconds / 60, 'min']
        : seconds < 172_800
          ? [seconds / 3600, 'h']
          : [seconds / 86_400, 'days'];
  return `${size < 10 ? Number(size.toFixed(1)) : count(Math.round(size))} ${unit}`;
}
