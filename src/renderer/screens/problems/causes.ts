/** What kinds of trouble there are, in few words and in a sentence. */
import { catalogue } from '../../words/catalogue.ts';

interface Cause {
  readonly title: string;
  readonly why: string;
}
type Code =
  | 'forbidden'
  | 'quota'
  | 'bad-name'
  | 'file-too-large'
  | 'disk-full'
  | 'no-access'
  | 'file-busy'
  | 'file-changing'
  | 'name-held'
  | 'case-twin'
  | 'name-not-text'
  | 'not-a-file'
  | 'other-mount'
  | 'disk-error'
  | 'damaged-download'
  | 'in-the-way'
  | 'silent-change'
  | 'key-reused'
  | 'share-read-only'
  | 'share-missing'
  | 'share-astray'
  | 'share-ended'
  | 'share-ended-kept';

const EN: Readonly<Record<Code, Cause>> = {
  forbidden: {
    title: 'Not allowed',
    why: 'Your account may not change these on the server. Your versions stay on this computer.',
  },
  quota: {
    title: 'The account is full',
    why: 'These wait on this computer until there is room in the account.',
  },
  'bad-name': {
    title: 'Names that cannot be synced',
    why: 'Rename them; until then they stay as they are, only here.',
  },
  'file-too-large': { title: 'Too large for the server', why: 'These stay on this computer only.' },
  'disk-full': {
    title: 'No room on this disk',
    why: 'These come down as soon as there is room. Nothing was cut short.',
  },
  'no-access': {
    title: 'No access',
    why: 'Tidemark may not read or write these. Grant access; until then they wait and are never taken for deleted.',
  },
  'file-busy': { title: 'In use', why: 'Another program holds these. They are tried again by themselves.' },
  'file-changing': { title: 'Still changing', why: 'These are sent as soon as they rest.' },
  'name-held': {
    title: 'Names this computer cannot hold',
    why: 'They are safe on the server. Rename them for everyone, and they come down.',
  },
  'case-twin': {
    title: 'Names that differ only by case',
    why: 'This disk cannot hold both. Rename one for everyone, and both are here.',
  },
  'name-not-text': { title: 'Names that are not text', why: 'They stay as they are and are not synced.' },
  'not-a-file': {
    title: 'Not files',
    why: 'Devices, pipes and sockets stay as they are and are not synced.',
  },
  'other-mount': {
    title: 'On another disk',
    why: 'A disk that is mounted inside the folder is left alone, and never taken for deleted.',
  },
  'disk-error': {
    title: 'The disk reports errors',
    why: 'Nothing is taken for deleted. It is tried again; look after the disk soon.',
  },
  'damaged-download': { title: 'Arrived damaged', why: 'These are fetched again. What you have stays.' },
  'in-the-way': {
    title: 'Something is in the way',
    why: 'Something that is not synced stands at their place. Move it aside, and they come down.',
  },
  'silent-change': {
    title: 'Changed without an edit',
    why: 'The bytes differ although nothing says that they were edited, as on a failing disk. They were not sent. The version before is in the history.',
  },
  'key-reused': {
    title: 'Sent again',
    why: 'The change clashed with an earlier one of this device and is sent once more.',
  },
  'share-read-only': {
    title: 'Changed where you may only look',
    why: 'Your versions stay on this computer and nobody else gets them. They go up if you may change things there one day.',
  },
  'share-missing': {
    title: 'The folder of a share is gone',
    why: 'Nothing was deleted for anybody. Put it back, or give it a place in Shared: it comes down again.',
  },
  'share-astray': {
    title: 'A share at an unknown place',
    why: 'These folders belong to something that is shared. They are left alone until their place is known.',
  },
  'share-ended': {
    title: 'Not shared with you any more',
    why: 'Their folders are in the trash of this computer for 30 days.',
  },
  'share-ended-kept': {
    title: 'Not shared with you any more, with something kept',
    why: 'What you had changed and could not be sent is in a folder of your own; the rest is in the trash for 30 days.',
  },
};

const DE: Readonly<Record<Code, Cause>> = {
  forbidden: {
    title: 'Nicht erlaubt',
    why: 'Dein Konto darf diese auf dem Server nicht ändern. Deine Versionen bleiben auf diesem Computer.',
  },
  quota: { title: 'Das Konto ist voll', why: 'Diese warten auf diesem Computer, bis im Konto Platz ist.' },
  'bad-name': {
    title: 'Namen, die sich nicht synchronisieren lassen',
    why: 'Benenne sie um; bis dahin bleiben sie, wie sie sind, nur hier.',
  },
  'file-too-large': { title: 'Zu groß für den Server', why: 'Diese bleiben nur auf diesem Computer.' },
  'disk-full': {
    title: 'Kein Platz auf dieser Festplatte',
    why: 'Diese kommen herunter, sobald Platz ist. Nichts wurde abgeschnitten.',
  },
  'no-access': {
    title: 'Kein Zugriff',
    why: 'Tidemark darf diese nicht lesen oder schreiben. Gib den Zugriff frei; bis dahin warten sie und gelten nie als gelöscht.',
  },
  'file-busy': {
    title: 'In Gebrauch',
    why: 'Ein anderes Programm hält diese fest. Sie werden von selbst noch einmal versucht.',
  },
  'file-changing': { title: 'Ändert sich noch', why: 'Diese werden gesendet, sobald sie ruhen.' },
  'name-held': {
    title: 'Namen, die dieser Computer nicht halten kann',
    why: 'Auf dem Server sind sie sicher. Benenne sie für alle um, dann kommen sie herunter.',
  },
  'case-twin': {
    title: 'Namen, die sich nur in Groß- und Kleinschreibung unterscheiden',
    why: 'Diese Festplatte kann nicht beide halten. Benenne einen für alle um, dann sind beide hier.',
  },
  'name-not-text': {
    title: 'Namen, die kein Text sind',
    why: 'Sie bleiben, wie sie sind, und werden nicht synchronisiert.',
  },
  'not-a-file': {
    title: 'Keine Dateien',
    why: 'Geräte, Pipes und Sockets bleiben, wie sie sind, und werden nicht synchronisiert.',
  },
  'other-mount': {
    title: 'Auf einem anderen Datenträger',
    why: 'Ein Datenträger, der im Ordner eingehängt ist, bleibt unberührt und gilt nie als gelöscht.',
  },
  'disk-error': {
    title: 'Die Festplatte meldet Fehler',
    why: 'Nichts gilt als gelöscht. Es wird noch einmal versucht; sieh bald nach der Festplatte.',
  },
  'damaged-download': {
    title: 'Beschädigt angekommen',
    why: 'Diese werden noch einmal geholt. Was du hast, bleibt.',
  },
  'in-the-way': {
    title: 'Etwas ist im Weg',
    why: 'An ihrer Stelle steht etwas, das nicht synchronisiert wird. Räum es beiseite, dann kommen sie herunter.',
  },
  'silent-change': {
    title: 'Geändert ohne Bearbeitung',
    why: 'Die Bytes sind andere, obwohl nichts auf eine Bearbeitung hinweist, wie bei einer defekten Festplatte. Sie wurden nicht gesendet. Die Version davor steht im Verlauf.',
  },
  'key-reused': {
    title: 'Noch einmal gesendet',
    why: 'Die Änderung stieß mit einer früheren dieses Geräts zusammen und wird noch einmal gesendet.',
  },
  'share-read-only': {
    title: 'Geändert, wo du nur ansehen darfst',
    why: 'Deine Versionen bleiben auf diesem Computer, und niemand sonst bekommt sie. Sie gehen hoch, falls du dort eines Tages ändern darfst.',
  },
  'share-missing': {
    title: 'Der Ordner einer Freigabe ist weg',
    why: 'Für niemanden wurde etwas gelöscht. Leg ihn zurück oder gib ihm unter „Geteilt“ einen Ort: Dann kommt er wieder herunter.',
  },
  'share-astray': {
    title: 'Eine Freigabe an unbekanntem Ort',
    why: 'Diese Ordner gehören zu etwas Geteiltem. Sie bleiben unberührt, bis ihr Ort bekannt ist.',
  },
  'share-ended': {
    title: 'Nicht mehr mit dir geteilt',
    why: 'Die Ordner liegen 30 Tage im Papierkorb dieses Computers.',
  },
  'share-ended-kept': {
    title: 'Nicht mehr mit dir geteilt, etwas ist aufbewahrt',
    why: 'Was du geändert hattest und nicht gesendet werden konnte, liegt in einem eigenen Ordner; der Rest 30 Tage im Papierkorb.',
  },
};

/** Null for a code that has no words here: the sentence of its first file says what it is. */
export function causeOf(language: 'en' | 'de', code: string): Cause | null {
  const causes = language === 'en' ? EN : DE;
  return Object.hasOwn(causes, code) ? causes[code as Code] : null;
}

export const problemWords = catalogue({
  en: {
    title: 'Problems',
    lead: 'What cannot sync, by its cause. All else goes on meanwhile.',
    halted: 'Syncing has stopped',
    other: 'Something else',
    emptyTitle: 'No problems',
    empty: 'Every file can sync.',
    files: (count: string, one: boolean) => (one ? '1 path' : `${count} paths`),
    list: (cause: string) => `Files: ${cause}`,
    show: 'Show files',
    hide: 'Hide files',
    rename: 'Rename for everyone',
    retry: 'Try again',
    edit: 'Take as my edit',
    dismiss: 'Dismiss',
    dismissed: (name: string) => `The notice about ${name} is put away.`,
    why: 'Why?',
    doFor: (what: string, name: string) => `${what}: ${name}`,
    renamed: (name: string) => `Renamed to ${name} for everyone.`,
    retried: (name: string) => `${name} is tried again now.`,
    taken: (name: string) => `${name} is sent as your edit. The version before stays in its history.`,
    wait: 'Loading',
    unseen: (count: string, one: boolean) =>
      one
        ? '1 path could not be looked at. It waits, and is never taken for deleted.'
        : `${count} paths could not be looked at. They wait, and are never taken for deleted.`,
    // the rename dialog
    dialogTitle: 'Rename for everyone',
    dialogLead: 'The new name is used on every device. The content and the history stay.',
    nameNow: 'Name now',
    offending: 'What cannot stay is marked.',
    newName: 'New name',
    cancel: 'Cancel',
    // what is wrong with a name
    character: 'Windows does not allow < > : " / \\ | ? * in names.',
    control: 'Windows does not allow characters that cannot be seen.',
    ending: 'A name cannot end with a dot or a space on Windows.',
    device: 'Windows keeps this name for a device.',
    'too-long': 'The name is too long for some system.',
    'shown-differently': 'Some system shows this name differently.',
    faultEmpty: 'A name needs at least one character.',
    faultSame: 'This is the name it has now.',
    faultReserved: 'This name is kept for Tidemark itself.',
    faultSeparator: 'A name cannot contain "/".',
  },
  de: {
    title: 'Probleme',
    lead: 'Was sich nicht synchronisieren lässt, nach der Ursache. Alles andere läuft weiter.',
    halted: 'Die Synchronisierung steht',
    other: 'Etwas anderes',
    emptyTitle: 'Keine Probleme',
    empty: 'Jede Datei lässt sich synchronisieren.',
    files: (count: string, one: boolean) => (one ? '1 Pfad' : `${count} Pfade`),
    list: (cause: string) => `Dateien: ${cause}`,
    show: 'Dateien zeigen',
    hide: 'Dateien verbergen',
    rename: 'Für alle umbenennen',
    retry: 'Noch einmal versuchen',
    edit: 'Als meine Bearbeitung übernehmen',
    dismiss: 'Ausblenden',
    dismissed: (name: string) => `Der Hinweis zu ${name} ist ausgeblendet.`,
    why: 'Warum?',
    doFor: (what: string, name: string) => `${what}: ${name}`,
    renamed: (name: string) => `Für alle in ${name} umbenannt.`,
    retried: (name: string) => `${name} wird jetzt noch einmal versucht.`,
    taken: (name: string) =>
      `${name} wird als deine Bearbeitung gesendet. Die Version davor bleibt im Verlauf.`,
    wait: 'Lädt',
    unseen: (count: string, one: boolean) =>
      one
        ? '1 Pfad konnte nicht gelesen werden. Er wartet und gilt nie als gelöscht.'
        : `${count} Pfade konnten nicht gelesen werden. Sie warten und gelten nie als gelöscht.`,
    dialogTitle: 'Für alle umbenennen',
    dialogLead: 'Der neue Name gilt auf jedem Gerät. Inhalt und Verlauf bleiben.',
    nameNow: 'Name jetzt',
    offending: 'Was nicht bleiben kann, ist markiert.',
    newName: 'Neuer Name',
    cancel: 'Abbrechen',
    character: 'Windows erlaubt < > : " / \\ | ? * nicht in Namen.',
    control: 'Windows erlaubt keine Zeichen, die man nicht sieht.',
    ending: 'Ein Name kann unter Windows nicht mit Punkt oder Leerzeichen enden.',
    device: 'Windows hält diesen Namen für ein Gerät frei.',
    'too-long': 'Der Name ist für manches System zu lang.',
    'shown-differently': 'Manches System zeigt diesen Namen anders.',
    faultEmpty: 'Ein Name braucht mindestens ein Zeichen.',
    faultSame: 'So heißt es schon.',
    faultReserved: 'Dieser Name ist für Tidemark selbst.',
    faultSeparator: 'Ein Name kann kein "/" enthalten.',
  },
});
