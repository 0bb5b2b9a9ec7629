import type { FolderRemoveResult, FolderRow } from '../../../../ipc/selection.ts';
import { catalogue } from '../../../words/catalogue.ts';

type Blocked = FolderRemoveResult['blocked'][number]['why'];

export const words = catalogue({
  en: {
    title: 'Your folder',
    where: 'Where it is',
    open: 'Open folder',
    account: 'Account',
    server: 'Server',
    thisComputer: 'This computer',
    here: 'on this computer',
    meaning:
      'Linking means: this folder and the one on the server are kept the same. What you delete here is deleted everywhere and stays in the trash; what you unlink keeps its files.',
    noFolder: 'No folder is linked.',
    treeTitle: 'Folders on this computer',
    treeLead:
      'A folder you remove from this computer stays online: on the server and on your other devices. Bring it back any time.',
    tree: 'Folders',
    empty: 'There are no folders yet.',
    expand: (name: string) => `Show folders in ${name}`,
    place: (place: FolderRow['place']) => PLACES_EN[place],
    about: (files: string, size: string) => `${files} · ${size}`,
    files: (count: string, one: boolean) => (one ? '1 file' : `${count} files`),
    more: (count: string) => `Show ${count} more`,
    remove: 'Remove from this computer',
    removeOf: (name: string) => `Remove from this computer: ${name}, stays online`,
    bring: 'Bring here',
    bringOf: (name: string) => `Bring here: ${name}`,
    removeTitle: (name: string) => `Remove ${name} from this computer`,
    looking: 'Looking whether everything in it is safe on the server',
    plan: (files: string, size: string) =>
      `${files} (${size}) leave this computer. They stay on the server and on your other devices.`,
    planRest: 'Files that a rule leaves out are not touched.',
    blockedTitle: (count: string, one: boolean) =>
      one
        ? 'It cannot be removed yet: 1 file is not safe on the server.'
        : `It cannot be removed yet: ${count} files are not safe on the server.`,
    blockedList: 'What keeps it from being removed',
    blocked: (why: Blocked) => BLOCKED_EN[why],
    andMore: (count: string) => `and ${count} more`,
    cancel: 'Cancel',
    close: 'Close',
    confirm: 'Remove, stays online',
    removed: (name: string) => `${name} is off this computer and stays online.`,
    brought: (name: string, files: string) => `${name} comes back: ${files}.`,
  },
  de: {
    title: 'Dein Ordner',
    where: 'Wo er ist',
    open: 'Ordner öffnen',
    account: 'Konto',
    server: 'Server',
    thisComputer: 'Dieser Computer',
    here: 'auf diesem Computer',
    meaning:
      'Verbinden heißt: dieser Ordner und der auf dem Server werden gleich gehalten. Was du hier löschst, ist überall gelöscht und bleibt im Papierkorb; was du trennst, behält seine Dateien.',
    noFolder: 'Es ist kein Ordner verbunden.',
    treeTitle: 'Ordner auf diesem Computer',
    treeLead:
      'Ein Ordner, den du von diesem Computer entfernst, bleibt online: auf dem Server und auf deinen anderen Geräten. Du kannst ihn jederzeit zurückholen.',
    tree: 'Ordner',
    empty: 'Es gibt noch keine Ordner.',
    expand: (name: string) => `Ordner in ${name} zeigen`,
    place: (place: FolderRow['place']) => PLACES_DE[place],
    about: (files: string, size: string) => `${files} · ${size}`,
    files: (count: string, one: boolean) => (one ? '1 Datei' : `${count} Dateien`),
    more: (count: string) => `${count} weitere zeigen`,
    remove: 'Von diesem Computer entfernen',
    removeOf: (name: string) => `Von diesem Computer entfernen: ${name}, bleibt online`,
    bring: 'Hierher holen',
    bringOf: (name: string) => `Hierher holen: ${name}`,
    removeTitle: (name: string) => `${name} von diesem Computer entfernen`,
    looking: 'Sieht nach, ob alles darin sicher auf dem Server ist',
    plan: (files: string, size: string) =>
      `${files} (${size}) verlassen diesen Computer. Auf dem Server und auf deinen anderen Geräten bleiben sie.`,
    planRest: 'Dateien, die eine Regel ausnimmt, bleiben unberührt.',
    blockedTitle: (count: string, one: boolean) =>
      one
        ? 'Er lässt sich noch nicht entfernen: 1 Datei ist nicht sicher auf dem Server.'
        : `Er lässt sich noch nicht entfernen: ${count} Dateien sind nicht sicher auf dem Server.`,
    blockedList: 'Was das Entfernen aufhält',
    blocked: (why: Blocked) => BLOCKED_DE[why],
    andMore: (count: string) => `und ${count} weitere`,
    cancel: 'Abbrechen',
    close: 'Schließen',
    confirm: 'Entfernen, bleibt online',
    removed: (name: string) => `${name} ist nicht mehr auf diesem Computer und bleibt online.`,
    brought: (name: string, files: string) => `${name} kommt zurück: ${files}.`,
  },
});

const PLACES_EN: Readonly<Record<FolderRow['place'], string>> = {
  here: 'On this computer',
  online: 'Only online',
  partly: 'Partly online',
};
const PLACES_DE: Readonly<Record<FolderRow['place'], string>> = {
  here: 'Auf diesem Computer',
  online: 'Nur online',
  partly: 'Teilweise online',
};
const BLOCKED_EN: Readonly<Record<Blocked, string>> = {
  'not-uploaded': 'is not on the server yet',
  coming: 'was changed by others and is on its way here',
  conflict: 'is part of a conflict that waits for a choice',
  problem: 'has a problem and cannot be synced',
  unseen: 'cannot be read, so nobody knows what is in it',
  'left-out': 'is left out by a rule and only on this computer',
};
const BLOCKED_DE: Readonly<Record<Blocked, string>> = {
  'not-uploaded': 'ist noch nicht auf dem Server',
  coming: 'wurde von anderen geändert und ist hierher unterwegs',
  conflict: 'gehört zu einem Konflikt, der auf eine Wahl wartet',
  problem: 'hat ein Problem und kann nicht synchronisiert werden',
  unseen: 'lässt sich nicht lesen; niemand weiß, was darin ist',
  'left-out': 'ist durch eine Regel ausgenommen und nur auf diesem Computer',
};
