/** What happened, as a sentence from facts. Pure. */
import type { ReviewRow } from '../../../ipc/review.ts';
import type { Language } from '../../../ipc/window.ts';
import { formatsOf } from '../../words/formats.ts';
import { inSentence } from '../../words/visible-text.ts';
import { words } from './words.ts';

export interface Evidence {
  /** Who did what to how many files, where and when. */
  readonly sentence: string;
  /** What has not happened yet. */
  readonly held: string;
  readonly files: string;
  readonly folder: string;
  /** "3 %", but never 0 % or 100 % unless it is. */
  readonly share: string;
  readonly size: string;
}

export function evidenceOf(batch: ReviewRow, language: Language, now: number): Evidence {
  const w = words[language];
  const formats = formatsOf(language);
  const files = w.files(formats.count(batch.files), batch.files === 1);
  const folder = batch.folder === '' ? w.whole : inSentence(batch.folder);
  const when = whenText(batch, language, now);
  const [user, device] = [inSentence(batch.user), inSentence(batch.device)];
  const texts = {
    delete: {
      sending: w.deletedHere(files, folder, when),
      receiving: w.deletedThere(files, folder, when, user, device),
    },
    overwrite: {
      sending: w.overwrittenHere(files, folder, when),
      receiving: w.overwrittenThere(files, folder, when, user, device),
    },
  };
  const held = {
    delete: { sending: w.heldSending, receiving: w.heldReceiving },
    overwrite: { sending: w.heldSendingOverwrite, receiving: w.heldReceivingOverwrite },
  };
  return {
    sentence: texts[batch.what][batch.direction],
    held: held[batch.what][batch.direction],
    files,
    folder,
    share: shareText(batch.share, formats.percent),
    size: formats.bytes(batch.bytes),
  };
}

function whenText({ firstAt, lastAt }: ReviewRow, language: Language, now: number): string {
  const w = words[language];
  const formats = formatsOf(language);
  const seconds = Math.round((lastAt - firstAt) / 1000);
  const isToday = new Date(firstAt).toDateString() === new Date(now).toDateString();
  const moment = (isToday ? w.at : w.on)(formats.shortMoment(firstAt, now));
  return seconds < 1 ? moment : w.within(moment, formats.duration(seconds));
}

function shareText(share: number, percent: (share: number) => string): string {
  if (share > 0 && share < 0.01) return `< ${percent(0.01)}`;
  return share < 1 && share > 0.99 ? `> ${percent(0.99)}` : percent(share);
}
