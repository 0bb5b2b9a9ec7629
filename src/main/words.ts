/** What the main process itself says: tray, notifications, dialogs. The pages have their own catalogues. */
import type { Status, SyncState } from '../ipc/status.ts';
import type { Language } from '../ipc/window.ts';

export type TrayState = SyncState | 'engine-lost' | 'locked' | 'first-run';

const en = {
  states: {
    'setting-up': 'Setting up',
    'up-to-date': 'Up to date',
    checking: 'Checking what changed',
    syncing: 'Syncing',
    paused: 'Paused',
    offline: 'Offline',
    'needs-you': 'Needs you',
    warning: 'In step but for some files',
    error: 'Stopped',
    'engine-lost': 'The sync engine ended and is started again',
    locked: 'Waiting for the keyring to be unlocked',
    'first-run': 'Not set up yet',
  } satisfies Record<TrayState, string>,
  files: (count: string, isOne: boolean) => `${count} ${isOne ? 'file' : 'files'}`,
  delayed: 'sync delayed',
  waiting: (count: string, isOne: boolean) => (isOne ? '1 change waits' : `${count} changes wait`),
  conflicts: (count: number) => (count === 1 ? '1 conflict' : `${count} conflicts`),
  held: (count: number) => (count === 1 ? '1 large change is held' : `${count} large changes are held`),
  problems: (count: number) =>
    count === 1 ? '1 file could not be synced' : `${count} files could not be synced`,
  until: (time: string) => `until ${time}`,
  onBattery: 'on battery',
  onMetered: 'metered network',
  open: 'Open Tidemark',
  openFolder: 'Open folder',
  pause: 'Pause',
  pauseHalfHour: 'For 30 minutes',
  pauseTwoHours: 'For 2 hours',
  pauseTomorrow: 'Until tomorrow',
  pauseForGood: 'Until I resume',
  resume: 'Resume',
  quit: 'Quit Tidemark',
  closeTitle: 'Keep syncing?',
  closeText: 'Tidemark can keep your folder in step without a window. Start Tidemark again to see it.',
  keepSyncing: 'Keep syncing',
  cancel: 'Cancel',
  notices: {
    conflicts: (count: number, name: string) =>
      count === 1 ? `${name}: two versions, both kept` : `${count} conflicts: all versions are kept`,
    review: (count: number) =>
      count === 1
        ? 'A large change is held until you look'
        : `${count} large changes are held until you look`,
    problems: (count: number, name: string) =>
      count === 1 ? `${name} could not be synced` : `${count} files could not be synced`,
    connection: 'The server cannot be reached. Your changes wait on this computer.',
    finished: (count: number) => `${count} changes are in step`,
    halted: 'Syncing stopped for safety. Nothing was changed; have a look.',
  },
  chooseFolder: 'Choose the folder to sync',
  chooseTool: 'Choose a merge tool',
  chooseCertificate: 'Choose the certificate of your server',
  certificateFiles: 'Certificates',
  allFiles: 'All files',
  bundleName: 'tidemark-diagnostics.txt',
};
export type Words = typeof en;

const de: Words = {
  states: {
    'setting-up': 'Wird eingerichtet',
    'up-to-date': 'Aktuell',
    checking: 'Prüft, was sich geändert hat',
    syncing: 'Synchronisiert',
    paused: 'Pausiert',
    offline: 'Offline',
    'needs-you': 'Braucht dich',
    warning: 'Im Takt bis auf einige Dateien',
    error: 'Angehalten',
    'engine-lost': 'Die Sync-Engine wurde beendet und wird neu gestartet',
    locked: 'Wartet auf das Entsperren des Schlüsselbunds',
    'first-run': 'Noch nicht eingerichtet',
  },
  files: (count, isOne) => `${count} ${isOne ? 'Datei' : 'Dateien'}`,
  delayed: 'verzögert',
  waiting: (count, isOne) => (isOne ? '1 Änderung wartet' : `${count} Änderungen warten`),
  conflicts: (count) => (count === 1 ? '1 Konflikt' : `${count} Konflikte`),
  held: (count) =>
    count === 1 ? '1 große Änderung ist angehalten' : `${count} große Änderungen sind angehalten`,
  problems: (count) =>
    count === 1
      ? '1 Datei konnte nicht synchronisiert werden'
      : `${count} Dateien konnten nicht synchronisiert werden`,
  until: (time) => `bis ${time}`,
  onBattery: 'Akkubetrieb',
  onMetered: 'getaktetes Netz',
  open: 'Tidemark öffnen',
  openFolder: 'Ordner öffnen',
  pause: 'Pausieren',
  pauseHalfHour: 'Für 30 Minuten',
  pauseTwoHours: 'Für 2 Stunden',
  pauseTomorrow: 'Bis morgen',
  pauseForGood: 'Bis ich fortsetze',
  resume: 'Fortsetzen',
  quit: 'Tidemark beenden',
  closeTitle: 'Weiter synchronisieren?',
  closeText:
    'Tidemark kann deinen Ordner auch ohne Fenster im Takt halten. Starte Tidemark noch einmal, um es wieder zu sehen.',
  keepSyncing: 'Weiter synchronisieren',
  cancel: 'Abbrechen',
  notices: {
    conflicts: (count, name) =>
      count === 1
        ? `${name}: zwei Fassungen, beide behalten`
        : `${count} Konflikte: alle Fassungen sind behalten`,
    review: (count) =>
      count === 1
        ? 'Eine große Änderung ist angehalten, bis du sie ansiehst'
        : `${count} große Änderungen sind angehalten, bis du sie ansiehst`,
    problems: (count, name) =>
      count === 1
        ? `${name} konnte nicht synchronisiert werden`
        : `${count} Dateien konnten nicht synchronisiert werden`,
    connection: 'Der Server ist nicht erreichbar. Deine Änderungen warten auf diesem Computer.',
    finished: (count) => `${count} Änderungen sind im Takt`,
    halted: 'Die Synchronisierung wurde zur Sicherheit angehalten. Es wurde nichts geändert; sieh nach.',
  },
  chooseFolder: 'Ordner zum Synchronisieren wählen',
  chooseTool: 'Merge-Programm wählen',
  chooseCertificate: 'Das Zertifikat deines Servers wählen',
  certificateFiles: 'Zertifikate',
  allFiles: 'Alle Dateien',
  bundleName: 'tidemark-diagnose.txt',
};

export const WORDS: Readonly<Record<Language, Words>> = { en, de };

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** One line for the tray: the state, and what proves or explains it. */
export function trayLine(state: TrayState, status: Status | null, language: Language): string {
  const words = WORDS[language];
  const name = words.states[state];
  if (status === null || state !== status.state) return name;
  const number = new Intl.NumberFormat(LOCALES[language]);
  const time = (at: number) =>
    new Intl.DateTimeFormat(LOCALES[language], {
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }).format(at);
  const waiting = status.pendingUploads + status.pendingDownloads;
  const parts: string[] = [];
  if (status.delayed) parts.push(words.delayed);
  if (state === 'up-to-date') parts.push(words.files(number.format(status.files), status.files === 1));
  if (state === 'syncing' && status.progress !== null)
    parts.push(`${number.format(status.progress.done)}/${number.format(status.progress.total)}`);
  if (state === 'paused') {
    if (status.pausedReason === 'battery') parts.push(words.onBattery);
    if (status.pausedReason === 'metered') parts.push(words.onMetered);
    if (status.pausedUntil !== null) parts.push(words.until(time(status.pausedUntil)));
  }
  if ((state === 'offline' || state === 'paused') && waiting > 0)
    parts.push(words.waiting(number.format(waiting), waiting === 1));
  if (status.conflicts > 0) parts.push(words.conflicts(status.conflicts));
  if (status.review > 0) parts.push(words.held(status.review));
  if (status.problems > 0) parts.push(words.problems(status.problems));
  return parts.length === 0 ? name : `${name}: ${parts.join(', ')}`;
}
