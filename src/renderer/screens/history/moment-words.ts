import { catalogue } from '../../words/catalogue.ts';

export const momentWords = catalogue({
  en: {
    title: 'A folder as it was',
    leadWhole: 'Everything in the synced folder, as it was at a moment you choose.',
    whole: 'The whole folder',
    cardTitle: 'This folder as it was on …',
    cardLead:
      'First you see what would change. Nothing happens before you say so, and what is replaced stays in the history.',
    when: 'Date and time',
    whenFault: 'Choose a date and a time.',
    whenFuture: 'This moment is still to come. Choose an earlier one.',
    quick: 'Quick choices',
    hourAgo: '1 hour ago',
    dayAgo: '1 day ago',
    weekAgo: '1 week ago',
    removeNewer: 'Also remove what was made since',
    removeNewerHint: 'It goes to the trash, where it can be brought back. Otherwise it stays where it is.',
    plan: 'Show what would change',
    planAgain: 'Show again',
    nothing: 'Nothing has to change: the folder is as it was then.',
    planTitle: (when: string) => `To be as it was on ${when}`,
    changes: (count: string, one: boolean) => (one ? '1 change' : `${count} changes`),
    content: 'Older content',
    return: 'Comes back',
    place: 'Moves back',
    remove: 'Goes to the trash',
    contentText: (number: string) => `gets the content of version ${number} on top`,
    contentPlain: 'gets its older content on top',
    returnText: 'was deleted since and comes back',
    placeText: (to: string) => `moves back to ${to}`,
    removeText: 'was made since and goes to the trash',
    unchanged: 'As they were',
    newer: 'Newer, kept',
    lost: 'Cannot be restored',
    lostText: (count: string, one: boolean) =>
      one
        ? '1 file had a content then that is not kept any more. It stays as it is today.'
        : `${count} files had a content then that is not kept any more. They stay as they are today.`,
    firstOf: (shown: string, total: string) => `The first ${shown} of ${total} changes:`,
    list: 'What would change',
    act: (count: string, one: boolean) => (one ? 'Make this 1 change' : `Make these ${count} changes`),
    doneTitle: 'The folder is as it was',
    done: (count: string, one: boolean) => (one ? '1 change was made.' : `${count} changes were made.`),
    skipped: (count: string, one: boolean) =>
      one
        ? '1 file was changed by somebody meanwhile and was left alone.'
        : `${count} files were changed by somebody meanwhile and were left alone.`,
    takeBack: 'Take it back',
    takeBackHint: 'Plans the way back to the moment before this.',
    another: 'Choose another moment',
  },
  de: {
    title: 'Ein Ordner, wie er war',
    leadWhole: 'Alles im synchronisierten Ordner, wie es zu einem Zeitpunkt war, den du wählst.',
    whole: 'Der ganze Ordner',
    cardTitle: 'Dieser Ordner, wie er war am …',
    cardLead:
      'Zuerst siehst du, was sich ändern würde. Vorher passiert nichts, und was ersetzt wird, bleibt im Verlauf.',
    when: 'Datum und Uhrzeit',
    whenFault: 'Wähle ein Datum und eine Uhrzeit.',
    whenFuture: 'Dieser Zeitpunkt kommt erst noch. Wähle einen früheren.',
    quick: 'Schnell gewählt',
    hourAgo: 'Vor 1 Stunde',
    dayAgo: 'Vor 1 Tag',
    weekAgo: 'Vor 1 Woche',
    removeNewer: 'Auch entfernen, was seither dazukam',
    removeNewerHint:
      'Es kommt in den Papierkorb und lässt sich von dort zurückholen. Sonst bleibt es, wo es ist.',
    plan: 'Zeigen, was sich ändern würde',
    planAgain: 'Noch einmal zeigen',
    nothing: 'Es muss sich nichts ändern: der Ordner ist, wie er damals war.',
    planTitle: (when: string) => `Damit es ist wie am ${when}`,
    changes: (count: string, one: boolean) => (one ? '1 Änderung' : `${count} Änderungen`),
    content: 'Älterer Inhalt',
    return: 'Kommt zurück',
    place: 'Zieht zurück',
    remove: 'In den Papierkorb',
    contentText: (number: string) => `bekommt den Inhalt von Version ${number} obenauf`,
    contentPlain: 'bekommt seinen älteren Inhalt obenauf',
    returnText: 'wurde seither gelöscht und kommt zurück',
    placeText: (to: string) => `zieht zurück nach ${to}`,
    removeText: 'kam seither dazu und geht in den Papierkorb',
    unchanged: 'Wie damals',
    newer: 'Neuer, bleibt',
    lost: 'Nicht wiederherstellbar',
    lostText: (count: string, one: boolean) =>
      one
        ? '1 Datei hatte damals einen Inhalt, der nicht mehr aufbewahrt wird. Sie bleibt, wie sie heute ist.'
        : `${count} Dateien hatten damals einen Inhalt, der nicht mehr aufbewahrt wird. Sie bleiben, wie sie heute sind.`,
    firstOf: (shown: string, total: string) => `Die ersten ${shown} von ${total} Änderungen:`,
    list: 'Was sich ändern würde',
    act: (count: string, one: boolean) =>
      one ? 'Diese 1 Änderung ausführen' : `Diese ${count} Änderungen ausführen`,
    doneTitle: 'Der Ordner ist, wie er war',
    done: (count: string, one: boolean) =>
      one ? '1 Änderung wurde ausgeführt.' : `${count} Änderungen wurden ausgeführt.`,
    skipped: (count: string, one: boolean) =>
      one
        ? '1 Datei wurde inzwischen von jemandem geändert und blieb unberührt.'
        : `${count} Dateien wurden inzwischen von jemandem geändert und blieben unberührt.`,
    takeBack: 'Zurücknehmen',
    takeBackHint: 'Plant den Weg zurück zum Zeitpunkt davor.',
    another: 'Anderen Zeitpunkt wählen',
  },
});
