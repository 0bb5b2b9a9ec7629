/** Who did what on which device from which version, and why it clashed: built from facts, never from the engine's text. Pure. */
import { baseName } from '../../../core/names/path-parts.ts';
import type { ConflictRow, ConflictSide } from '../../../ipc/conflicts.ts';
import type { Language } from '../../../ipc/window.ts';
import { assertNever } from '../../../protocol/assert-never.ts';
import type { Formats } from '../../words/formats.ts';
import { capital, type Filling, fill, name, type Part, path } from './parts.ts';
import { authorOf, clockOf, type Reader, sideOf } from './roles.ts';
import { STORY_TEXTS, type StoryTexts } from './story-words.ts';

export interface Telling {
  readonly language: Language;
  readonly formats: Formats;
  readonly reader: Reader;
  readonly now: number;
}

const DAY = 86_400_000;

export function spanOf(ms: number, telling: Pick<Telling, 'language' | 'formats'>): string {
  if (ms >= 2 * DAY) return STORY_TEXTS[telling.language].days(Math.round(ms / DAY));
  // No seconds beside hours and days of work.
  const seconds = Math.max(1, Math.round(ms / 1000));
  return telling.formats.duration(seconds < 90 ? seconds : Math.round(seconds / 60) * 60);
}

function actOf(row: ConflictRow, side: ConflictSide): 'edited' | 'created' | 'deleted' {
  // In other conflicts a side that is gone now was deleted later, mostly by settling it.
  if (row.cause === 'edit-delete' && side.kind === 'deleted') return 'deleted';
  return row.cause === 'name-clash' ? 'created' : 'edited';
}

/** What the sentences of one side need. A clock that cannot be right is not believed. */
function about(row: ConflictRow, side: ConflictSide, telling: Telling): Readonly<Record<string, Filling>> {
  const texts = STORY_TEXTS[telling.language];
  const isHere = authorOf(side, telling.reader) === 'here';
  const when = clockOf(side, null).kind === 'fine' ? side.editedAt : side.at;
  return {
    who: name(side.user),
    file: path(baseName(side.pathThen ?? row.path)),
    device: isHere ? texts.here : name(side.device),
    when: telling.formats.shortMoment(when, telling.now),
    number: side.number === null ? '' : String(side.number),
    from: row.ancestor === null ? '' : texts.from.replace('{base}', String(row.ancestor)),
  };
}

function said(text: { readonly you: string; readonly other: string }, side: ConflictSide, telling: Telling) {
  return authorOf(side, telling.reader) === 'other' ? text.other : text.you;
}

function causeOf(row: ConflictRow, later: ConflictSide, telling: Telling): readonly Part[] {
  const texts = STORY_TEXTS[telling.language];
  const where = later.device === telling.reader.device ? 'here' : 'there';
  const device = name(later.device);
  switch (row.cause) {
    case 'concurrent':
    case 'name-clash':
    case 'edit-delete':
      return fill(texts.cause[row.cause], {});
    case 'offline':
      return fill(texts.offline[where], {
        device,
        delay: spanOf(Math.max(0, later.at - later.editedAt), telling),
      });
    case 'lag':
      return fill(texts.lag[where], { device });
    default:
      return assertNever(row.cause, 'cause');
  }
}

function fromOf(side: ConflictSide, texts: StoryTexts, telling: Telling): readonly Part[] {
  return side.device === telling.reader.device
    ? fill(texts.fromHere, {})
    : fill(texts.fromThere, { device: name(side.device) });
}

/** Where both stand now; nothing when one of them is gone. */
function placesOf(row: ConflictRow, telling: Telling): readonly Part[] {
  const first = sideOf(row, 'original');
  const second = sideOf(row, 'copy');
  if (row.status !== 'open' || row.copyPath === null || first.path === null || second.path === null)
    return [];
  const texts = STORY_TEXTS[telling.language];
  const copy = path(baseName(row.copyPath));
  if (first.device === second.device) return fill(texts.bothOneDevice, { copy });
  const [head = '', middle = '', tail = ''] = texts.both.split(/\{first\}|\{second\}/);
  return [
    ...fill(head, {}),
    ...fromOf(first, texts, telling),
    ...fill(middle, {}),
    ...fromOf(second, texts, telling),
    ...fill(tail, { copy }),
  ];
}

/** What the later side did, what was there before, why that clashes, and where both stand: one sentence each. */
export function storyOf(row: ConflictRow, telling: Telling): readonly (readonly Part[])[] {
  const texts = STORY_TEXTS[telling.language];
  const first = sideOf(row, 'original');
  const later = sideOf(row, 'copy');
  const firstAct = actOf(row, first);
  const isNext = firstAct === 'edited' && row.ancestor !== null && first.number === row.ancestor + 1;
  return [
    fill(said(texts.later[actOf(row, later)], later, telling), about(row, later, telling)),
    fill(said(texts.before[isNext ? 'next' : firstAct], first, telling), about(row, first, telling)),
    causeOf(row, later, telling),
    placesOf(row, telling),
  ]
    .filter((sentence) => sentence.length > 0)
    .map(capital);
}

/** Both sides in one line, the later one first: for lists. */
export function briefOf(row: ConflictRow, telling: Telling): readonly Part[] {
  const brief = STORY_TEXTS[telling.language].brief;
  const side = (which: ConflictSide) =>
    fill(said(brief[actOf(row, which)], which, telling), about(row, which, telling));
  return capital([
    ...side(sideOf(row, 'copy')),
    { kind: 'text', text: ', ' },
    ...side(sideOf(row, 'original')),
  ]);
}
