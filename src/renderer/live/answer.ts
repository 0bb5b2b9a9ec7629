/** "Is my work safe right now?", answered first in a few words, then in a sentence. From facts alone. */
import type { Status } from '../../ipc/status.ts';
import type { Language, ShellPhase } from '../../ipc/window.ts';
import { catalogue, type Same } from '../words/catalogue.ts';
import { errorSentence } from '../words/errors.ts';
import type { Formats } from '../words/formats.ts';
import { inSentence } from '../words/visible-text.ts';

type Counted = (count: string, one: boolean) => string;
const texts = {
  en: {
    starting: 'Tidemark is starting',
    startingWhy: 'How things stand is known in a moment.',
    lost: 'The sync engine is starting again',
    lostWhy: 'Your files are safe. What you change meanwhile is noticed when it is back.',
    locked: 'Waiting for the keychain',
    lockedWhy: 'Unlock the keychain of this computer, and syncing goes on.',
    settingUp: 'Setting up',
    settingUpWhy: 'The folder and the server are compared for the first time. Nothing is deleted by this.',
    safe: 'Your work is safe',
    safeWhy: 'Everything in the folder is on the server, and everything on the server is here.',
    ready: 'Ready for your files',
    readyWhy: 'The folder is empty, and so is the server. What you put into the folder is kept in sync.',
    checking: 'Checking what changed',
    checkingWhy: 'The folder is compared with what was last in step.',
    sending: 'Your work is on its way',
    sendingWhy: ((count, one) =>
      one
        ? '1 change is still only on this computer.'
        : `${count} changes are still only on this computer.`) satisfies Counted,
    fetching: 'Fetching what changed elsewhere',
    fetchingWhy: 'All that you changed here is on the server.',
    delayed: 'Sync is delayed',
    delayedWhy: (path: string, time: string) => `${path} has waited for ${time}.`,
    delayedSome: 'The server has changes that are not here yet.',
    onlyHere: ((count, one) =>
      one
        ? '1 change is only on this computer'
        : `${count} changes are only on this computer`) satisfies Counted,
    paused: 'Paused',
    pausedWaits: 'It is sent when syncing goes on.',
    pausedNothing: 'Nothing waits to be sent. What you change now waits until syncing goes on.',
    offline: 'Offline',
    offlineWaits: 'It is sent as soon as the server answers.',
    offlineNothing: 'Nothing waits to be sent. What you change now is sent as soon as the server answers.',
    tryIn: (time: string) => `Next try in ${time}.`,
    needsYou: 'Your choice is needed',
    needsYouWhy: 'Nothing is lost while you decide: every version is kept. All else goes on.',
    warning: ((count, one) =>
      one ? 'Safe, but for 1 path' : `Safe, but for ${count} paths`) satisfies Counted,
    warningWhy: 'All else is in step with the server.',
    error: 'Syncing has stopped',
    errorWhy: 'Your files are as they were.',
  },
  de: {
    starting: 'Tidemark startet',
    startingWhy: 'Gleich ist bekannt, wie es steht.',
    lost: 'Die Synchronisierung startet neu',
    lostWhy: 'Deine Dateien sind sicher. Was du inzwischen änderst, wird danach bemerkt.',
    locked: 'Wartet auf den Schlüsselbund',
    lockedWhy: 'Entsperre den Schlüsselbund dieses Computers, dann geht es weiter.',
    settingUp: 'Wird eingerichtet',
    settingUpWhy: 'Ordner und Server werden zum ersten Mal verglichen. Dabei wird nichts gelöscht.',
    safe: 'Deine Arbeit ist sicher',
    safeWhy: 'Alles im Ordner ist auf dem Server, und alles vom Server ist hier.',
    ready: 'Bereit für deine Dateien',
    readyWhy: 'Der Ordner ist leer, der Server auch. Was du in den Ordner legst, wird synchronisiert.',
    checking: 'Prüft, was sich geändert hat',
    checkingWhy: 'Der Ordner wird mit dem verglichen, was zuletzt im Takt war.',
    sending: 'Deine Arbeit ist unterwegs',
    sendingWhy: (count: string, one: boolean) =>
      one
        ? '1 Änderung ist noch nur auf diesem Computer.'
        : `${count} Änderungen sind noch nur auf diesem Computer.`,
    fetching: 'Holt, was anderswo geändert wurde',
    fetchingWhy: 'Alles, was du hier geändert hast, ist auf dem Server.',
    delayed: 'Die Synchronisierung ist verzögert',
    delayedWhy: (path: string, time: string) => `${path} wartet seit ${time}.`,
    delayedSome: 'Der Server hat Änderungen, die noch nicht hier sind.',
    onlyHere: (count: string, one: boolean) =>
      one ? '1 Änderung ist nur auf diesem Computer' : `${count} Änderungen sind nur auf diesem Computer`,
    paused: 'Pausiert',
    pausedWaits: 'Sie geht hoch, sobald fortgesetzt wird.',
    pausedNothing: 'Nichts wartet auf das Senden. Was du jetzt änderst, wartet, bis fortgesetzt wird.',
    offline: 'Offline',
    offlineWaits: 'Sie geht hoch, sobald der Server antwortet.',
    offlineNothing:
      'Nichts wartet auf das Senden. Was du jetzt änderst, geht hoch, sobald der Server antwortet.',
    tryIn: (time: string) => `Nächster Versuch in ${time}.`,
    needsYou: 'Du bist gefragt',
    needsYouWhy: 'Nichts geht verloren, während du wählst: jede Version bleibt. Alles andere läuft weiter.',
    warning: (count: string, one: boolean) =>
      one ? 'Sicher, bis auf 1 Pfad' : `Sicher, bis auf ${count} Pfade`,
    warningWhy: 'Alles andere ist im Takt mit dem Server.',
    error: 'Die Synchronisierung steht',
    errorWhy: 'Deine Dateien sind, wie sie waren.',
  },
};
export const answerWords = catalogue(texts);
type AnswerWords = Same<(typeof texts)['en']>;

export interface SafetyAnswer {
  readonly title: string;
  readonly why: string;
}
interface Reading {
  readonly words: AnswerWords;
  readonly formats: Formats;
  readonly language: Language;
  readonly now: number;
}

/** While no engine answers: what is said instead of how things stand. */
export function phaseAnswer(phase: ShellPhase, w: AnswerWords): SafetyAnswer {
  switch (phase) {
    case 'engine-lost':
      return { title: w.lost, why: w.lostWhy };
    case 'locked':
      return { title: w.locked, why: w.lockedWhy };
    case 'starting':
      return { title: w.starting, why: w.startingWhy };
    case 'first-run':
    case 'running':
      return { title: w.settingUp, why: w.settingUpWhy };
  }
}

export function answerOf(status: Status, reading: Reading): SafetyAnswer {
  const { words: w, formats, language } = reading;
  const counted = (value: number, text: Counted) => text(formats.count(value), value === 1);
  switch (status.state) {
    case 'setting-up':
      return { title: w.settingUp, why: w.settingUpWhy };
    case 'up-to-date':
      return status.files === 0 ? { title: w.ready, why: w.readyWhy } : { title: w.safe, why: w.safeWhy };
    case 'checking':
      return { title: w.checking, why: w.checkingWhy };
    case 'needs-you':
      return { title: w.needsYou, why: w.needsYouWhy };
    case 'warning':
      return { title: counted(status.problems + status.unseen, w.warning), why: w.warningWhy };
    case 'error':
      return {
        title: w.error,
        why:
          status.halted === null
            ? w.errorWhy
            : errorSentence(language, status.halted.code, status.halted.facts, status.halted.sentence),
      };
    case 'syncing':
      return syncing(status, reading);
    case 'paused':
      return waiting(status.pendingUploads, reading, [w.paused, w.pausedWaits, w.pausedNothing]);
    case 'offline': {
      const { title, why } = waiting(status.pendingUploads, reading, [
        w.offline,
        w.offlineWaits,
        w.offlineNothing,
      ]);
      const next = status.nextTryAt === null ? 0 : Math.ceil((status.nextTryAt - reading.now) / 1000);
      return { title, why: next > 0 ? `${why} ${w.tryIn(formats.duration(next))}` : why };
    }
  }
}

function syncing(status: Status, { words: w, formats, now }: Reading): SafetyAnswer {
  const sends = status.pendingUploads > 0;
  const why = sends
    ? w.sendingWhy(formats.count(status.pendingUploads), status.pendingUploads === 1)
    : w.fetchingWhy;
  if (!status.delayed) return { title: sends ? w.sending : w.fetching, why };
  const late =
    status.oldest === null
      ? w.delayedSome
      : w.delayedWhy(
          inSentence(status.oldest.path),
          formats.duration(Math.max(1, (now - status.oldest.since) / 1000)),
        );
  return { title: w.delayed, why: `${late} ${why}` };
}

function waiting(
  count: number,
  { words: w, formats }: Reading,
  [title, waits, nothing]: readonly [string, string, string],
): SafetyAnswer {
  return count === 0
    ? { title, why: nothing }
    : { title: w.onlyHere(formats.count(count), count === 1), why: waits };
}
