/** A merged text with marks where both sides changed the same lines, and settling those marks. Pure. */
import { type Stretch, stretchesOf, stretchesOfTwo } from '../preview/three-way.ts';

export interface Marks {
  readonly mine: string;
  readonly base: string;
  readonly middle: string;
  readonly theirs: string;
}

/** Lines that no text has by chance: the seven signs that merge programs use, with who is meant. */
export function marksFor(mine: string, base: string, theirs: string): Marks {
  const clean = (text: string) => text.replace(/[\u0000-\u001f]/g, ' ');
  return {
    mine: `<<<<<<< ${clean(mine)}`,
    base: `||||||| ${clean(base)}`,
    middle: '=======',
    theirs: `>>>>>>> ${clean(theirs)}`,
  };
}

export interface Merged {
  readonly text: string;
  readonly clashes: number;
  /** Stretches that were taken from one side, or alike from both. */
  readonly taken: number;
}

function linesOf(stretch: Stretch, marks: Marks, hasBase: boolean): readonly string[] {
  switch (stretch.kind) {
    case 'same':
    case 'theirs':
    case 'alike':
      return stretch.theirs;
    case 'mine':
      return stretch.mine;
    case 'clash':
      return [
        marks.mine,
        ...stretch.mine,
        ...(hasBase ? [marks.base, ...stretch.base] : []),
        marks.middle,
        ...stretch.theirs,
        marks.theirs,
      ];
  }
}

/** `base` null: there is no ancestor. Line ends are `end`; what stands before them is part of the line. */
export function mergeTexts(
  texts: { readonly base: string | null; readonly theirs: string; readonly mine: string },
  marks: Marks,
  end: '\n' | '\r\n',
): Merged {
  const theirs = texts.theirs.split(end);
  const mine = texts.mine.split(end);
  const stretches =
    texts.base === null ? stretchesOfTwo(theirs, mine) : stretchesOf(texts.base.split(end), theirs, mine);
  return {
    text: stretches.flatMap((each) => linesOf(each, marks, texts.base !== null)).join(end),
    clashes: stretches.filter((each) => each.kind === 'clash').length,
    taken: stretches.filter((each) => each.kind !== 'same' && each.kind !== 'clash').length,
  };
}

/** A marked place: line numbers from 0. A mark whose partners are gone is a place of its own, so that none is missed. */
export interface Clash {
  readonly from: number;
  readonly base: number | null;
  readonly middle: number | null;
  readonly to: number;
  readonly whole: boolean;
}

export function clashesOf(lines: readonly string[], marks: Marks): readonly Clash[] {
  const found: Clash[] = [];
  const single = (at: number): Clash => ({ from: at, base: null, middle: null, to: at, whole: false });
  let open: { from: number; base: number | null; middle: number | null } | null = null;
  lines.forEach((line, at) => {
    if (line === marks.mine) {
      if (open !== null) found.push(single(open.from));
      open = { from: at, base: null, middle: null };
    } else if (line === marks.base) {
      if (open === null) found.push(single(at));
      else open.base = at;
    } else if (line === marks.middle) {
      // "=======" alone underlines a heading in many texts.
      if (open !== null) open.middle = at;
    } else if (line === marks.theirs) {
      const { from, base, middle } = open ?? { from: at, base: null, middle: null };
      found.push(middle === null ? single(at) : { from, base, middle, to: at, whole: true });
      if (open !== null && middle === null) found.push(single(from));
      open = null;
    }
  });
  const rest: { from: number } | null = open;
  if (rest !== null) found.push(single((rest as { from: number }).from));
  return found.sort((a, b) => a.from - b.from);
}

export type Take = 'mine' | 'theirs' | 'mine-theirs' | 'theirs-mine';

/** The lines that stand instead of a whole clash. */
export function settled(lines: readonly string[], clash: Clash, take: Take): readonly string[] {
  if (!clash.whole || clash.middle === null) return [];
  const mine = lines.slice(clash.from + 1, clash.base ?? clash.middle);
  const theirs = lines.slice(clash.middle + 1, clash.to);
  switch (take) {
    case 'mine':
      return mine;
    case 'theirs':
      return theirs;
    case 'mine-theirs':
      return [...mine, ...theirs];
    case 'theirs-mine':
      return [...theirs, ...mine];
  }
}
