import type { ConflictCause } from '../../../protocol/journal.ts';
import { catalogue } from '../../words/language.tsx';

const CAUSES_EN: Readonly<Record<ConflictCause, string>> = {
  concurrent: 'At the same time',
  offline: 'Edited offline',
  lag: 'Sync was slow',
  'name-clash': 'Same name',
  'edit-delete': 'Edited and deleted',
};
const CAUSES_DE: Readonly<Record<ConflictCause, string>> = {
  concurrent: 'Gleichzeitig',
  offline: 'Offline bearbeitet',
  lag: 'Langsame Synchronisierung',
  'name-clash': 'Gleicher Name',
  'edit-delete': 'Bearbeitet und gelöscht',
};

/** What every part of the conflict screens says. */
export const words = catalogue({
  en: {
    title: 'Conflicts',
    cause: (cause: ConflictCause) => CAUSES_EN[cause],
    all: 'All conflicts',
    theirs: 'Theirs',
    mine: 'Yours',
    original: 'Original',
    copy: 'Copy',
    base: 'Before both',
    version: (number: string) => `Version ${number}`,
    deleted: 'Deleted',
    sameContent: 'Same content',
    openAgain: 'Open again',
    undone: (name: string) => `${name} is open again, as it was before.`,
    notUndone: (name: string) =>
      `That cannot be undone any more: ${name} was changed since. Both versions are in its history.`,
    moved: (name: string) =>
      `${name} changed in the meantime, so nothing was done. Look at it again before you decide.`,
    oneKept: (name: string, device: string) =>
      `${name} is the version from ${device} now. The other one stays in the history.`,
    oneDeleted: (name: string) => `${name} was deleted on all devices. It stays in the trash.`,
    bothKept: (name: string, copy: string) => `${name} and ${copy} are both kept.`,
    mergedKept: (name: string) => `${name} is the merged version now. Both others stay in the history.`,
    tryAgain: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
  },
  de: {
    title: 'Konflikte',
    cause: (cause: ConflictCause) => CAUSES_DE[cause],
    all: 'Alle Konflikte',
    theirs: 'Andere',
    mine: 'Deine',
    original: 'Original',
    copy: 'Kopie',
    base: 'Vor beiden',
    version: (number: string) => `Version ${number}`,
    deleted: 'Gelöscht',
    sameContent: 'Gleicher Inhalt',
    openAgain: 'Wieder offen',
    undone: (name: string) => `${name} ist wieder offen, so wie vorher.`,
    notUndone: (name: string) =>
      `Das lässt sich nicht mehr rückgängig machen: ${name} wurde seither geändert. Beide Versionen stehen im Verlauf.`,
    moved: (name: string) =>
      `${name} hat sich inzwischen geändert, deshalb wurde nichts getan. Sieh noch einmal hin, bevor du entscheidest.`,
    oneKept: (name: string, device: string) =>
      `${name} ist jetzt die Version von ${device}. Die andere bleibt im Verlauf.`,
    oneDeleted: (name: string) => `${name} wurde auf allen Geräten gelöscht. Sie bleibt im Papierkorb.`,
    bothKept: (name: string, copy: string) => `${name} und ${copy} sind beide behalten.`,
    mergedKept: (name: string) =>
      `${name} ist jetzt die zusammengeführte Version. Die beiden anderen bleiben im Verlauf.`,
    tryAgain: 'Noch einmal versuchen',
    cancel: 'Abbrechen',
    close: 'Schließen',
  },
});
