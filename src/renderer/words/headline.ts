/** The headline with its proof, in the user's language. Built from facts: the engine's own sentence is for the command line. */
import type { Status } from '../../ipc/status.ts';
import type { Language } from '../../ipc/window.ts';
import { catalogue, type Same } from './catalogue.ts';
import { errorSentence } from './errors.ts';
import type { Formats } from './formats.ts';

const texts = {
  en: {
    starting: 'Tidemark is starting',
    engineLost: 'Starting again',
    locked: 'Waiting for the keychain',
    settingUp: 'Setting up',
    upToDate: (ago: string, files: string) => `Up to date, checked ${ago}, ${files}`,
    upToDateNever: (files: string) => `Up to date, ${files}`,
    files: (count: string, one: boolean) => `${count} ${one ? 'file' : 'files'}`,
    checking: 'Checking what changed',
    syncing: (done: string, total: string) => `Syncing ${done} of ${total}`,
    syncingSome: (waiting: string) => `Syncing, ${waiting}`,
    fetching: 'Fetching what changed elsewhere',
    delayed: (rest: string) => `Sync delayed: ${rest}`,
    paused: 'Paused until you resume',
    pausedUntil: (when: string) => `Paused until ${when}`,
    pausedMetered: 'Paused: this network is metered',
    pausedBattery: 'Paused: this computer runs on battery',
    waits: (count: string, one: boolean) => (one ? '1 change waits' : `${count} changes wait`),
    nothingWaits: 'nothing waits',
    offline: 'Offline: the server cannot be reached',
    offlineWhy: (why: string) => `Offline: ${why}`,
    needsYouReview: (count: string, one: boolean) =>
      one ? 'Needs you: 1 batch is held' : `Needs you: ${count} batches are held`,
    needsYouConflicts: (count: string, one: boolean) =>
      one
        ? 'Needs you: 1 conflict waits for your choice'
        : `Needs you: ${count} conflicts wait for your choice`,
    warning: (count: string, one: boolean) =>
      one ? 'In step but for 1 path' : `In step but for ${count} paths`,
    error: 'Stopped',
  },
  de: {
    starting: 'Tidemark startet',
    engineLost: 'Startet neu',
    locked: 'Wartet auf den Schlüsselbund',
    settingUp: 'Wird eingerichtet',
    upToDate: (ago: string, files: string) => `Aktuell, geprüft ${ago}, ${files}`,
    upToDateNever: (files: string) => `Aktuell, ${files}`,
    files: (count: string, one: boolean) => `${count} ${one ? 'Datei' : 'Dateien'}`,
    checking: 'Prüft, was sich geändert hat',
    syncing: (done: string, total: string) => `Synchronisiert ${done} von ${total}`,
    syncingSome: (waiting: string) => `Synchronisiert, ${waiting}`,
    fetching: 'Holt, was anderswo geändert wurde',
    delayed: (rest: string) => `Verzögert: ${rest}`,
    paused: 'Pausiert, bis du fortsetzt',
    pausedUntil: (when: string) => `Pausiert bis ${when}`,
    pausedMetered: 'Pausiert: dieses Netz ist getaktet',
    pausedBattery: 'Pausiert: dieser Computer läuft auf Akku',
    waits: (count: string, one: boolean) => (one ? '1 Änderung wartet' : `${count} Änderungen warten`),
    nothingWaits: 'nichts wartet',
    offline: 'Offline: der Server ist nicht erreichbar',
    offlineWhy: (why: string) => `Offline: ${why}`,
    needsYouReview: (count: string, one: boolean) =>
      one ? 'Braucht dich: 1 Stapel ist angehalten' : `Braucht dich: ${count} Stapel sind angehalten`,
    needsYouConflicts: (count: string, one: boolean) =>
      one
        ? 'Braucht dich: 1 Konflikt wartet auf deine Wahl'
        : `Braucht dich: ${count} Konflikte warten auf deine Wahl`,
    warning: (count: string, one: boolean) =>
      one ? 'Im Takt bis auf 1 Pfad' : `Im Takt bis auf ${count} Pfade`,
    error: 'Angehalten',
  },
};
export const headlineWords = catalogue(texts);
type HeadlineWords = Same<(typeof texts)['en']>;

interface Reading {
  readonly words: HeadlineWords;
  readonly formats: Formats;
  readonly language: Language;
  readonly now: number;
}

export function headlineOf(status: Status, reading: Reading): string {
  const { words, formats, now, language } = reading;
  const counted = (value: number, text: (count: string, one: boolean) => string) =>
    text(formats.count(value), value === 1);
  const waiting = status.pendingUploads + status.pendingDownloads;
  const waits = waiting === 0 ? words.nothingWaits : counted(waiting, words.waits);
  switch (status.state) {
    case 'setting-up':
      return words.settingUp;
    case 'checking':
      return words.checking;
    case 'paused':
      return `${pausedText(status, reading)}, ${waits}`;
    case 'offline':
      return `${words.offline}, ${waits}`;
    case 'needs-you':
      return status.review > 0
        ? counted(status.review, words.needsYouReview)
        : counted(status.conflicts, words.needsYouConflicts);
    case 'warning':
      return counted(status.problems + status.unseen, words.warning);
    case 'error':
      return status.halted === null
        ? words.error
        : errorSentence(language, status.halted.code, status.halted.facts, status.halted.sentence);
    case 'syncing': {
      const text =
        status.progress !== null && status.progress.total > 0
          ? words.syncing(formats.count(status.progress.done), formats.count(status.progress.total))
          : waiting === 0
            ? words.fetching
            : words.syncingSome(counted(waiting, words.waits));
      return status.delayed ? words.delayed(text) : text;
    }
    case 'up-to-date': {
      const files = counted(status.files, words.files);
      return status.lastScanAt === null
        ? words.upToDateNever(files)
        : words.upToDate(formats.ago(status.lastScanAt, now), files);
    }
  }
}

function pausedText(status: Status, { words, formats, now }: Reading): string {
  if (status.pausedReason === 'metered') return words.pausedMetered;
  if (status.pausedReason === 'battery') return words.pausedBattery;
  return status.pausedUntil === null
    ? words.paused
    : words.pausedUntil(formats.shortMoment(status.pausedUntil, now));
}
