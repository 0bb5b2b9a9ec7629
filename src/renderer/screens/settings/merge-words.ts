import { catalogue } from '../../words/catalogue.ts';

export const mergeWords = catalogue({
  en: {
    lead: 'A program that a conflict can be opened in. What it saves comes back as the merged version.',
    program: 'Program',
    programHint: 'The full path of the program.',
    choose: 'Choose …',
    args: 'Arguments, one per line',
    argsHint:
      'BASE is the version both started from, LEFT theirs, RIGHT yours, OUT the file that the program saves.',
    missing: (files: string) => `The arguments do not name ${files}.`,
    save: 'Save',
    remove: 'Use none',
    saved: 'Conflicts can be opened in this program now.',
    removed: 'No merge tool is used any more.',
  },
  de: {
    lead: 'Ein Programm, in dem sich ein Konflikt öffnen lässt. Was es speichert, kommt als zusammengeführte Version zurück.',
    program: 'Programm',
    programHint: 'Der ganze Pfad des Programms.',
    choose: 'Wählen …',
    args: 'Argumente, eines je Zeile',
    argsHint:
      'BASE ist die Version, von der beide ausgingen, LEFT ihre, RIGHT deine, OUT die Datei, die das Programm speichert.',
    missing: (files: string) => `Die Argumente nennen ${files} nicht.`,
    save: 'Speichern',
    remove: 'Keines benutzen',
    saved: 'Konflikte lassen sich jetzt in diesem Programm öffnen.',
    removed: 'Es wird kein Merge-Programm mehr benutzt.',
  },
});
