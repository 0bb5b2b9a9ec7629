import { catalogue } from '../words/catalogue.ts';

export const storageWords = catalogue({
  en: {
    own: 'Your own files',
    of: (used: string, quota: string) => `${used} of ${quota}`,
    unbounded: (used: string) => `${used}, as much as the server has room for`,
    unknown: 'Could not be asked just now',
    left: (room: string) => `${room} left`,
    near: 'Nearly full',
    nearText: (room: string) => `Only ${room} left: a file that is larger waits on this computer.`,
    full: 'Full',
    fullText:
      'Nothing new goes up: what you add waits on this computer, is only there, and goes up when there is room. Changes of others still come down.',
    bar: (name: string) => `Stored of ${name}`,
    counted:
      'Counted are all kept versions and what is in the trash, each content once. Whoever runs the server can give more room.',
    see: 'See what is stored',
    fullTitle: (name: string) => `${name}: full`,
    nearTitle: (name: string) => `${name}: nearly full`,
  },
  de: {
    own: 'Deine eigenen Dateien',
    of: (used: string, quota: string) => `${used} von ${quota}`,
    unbounded: (used: string) => `${used}, so viel der Server Platz hat`,
    unknown: 'Ließ sich gerade nicht erfragen',
    left: (room: string) => `${room} frei`,
    near: 'Fast voll',
    nearText: (room: string) => `Nur noch ${room} frei: Eine größere Datei wartet auf diesem Computer.`,
    full: 'Voll',
    fullText:
      'Neues geht nicht hoch: Was du hinzufügst, wartet auf diesem Computer, ist nur dort und geht hoch, sobald Platz ist. Änderungen anderer kommen weiter herunter.',
    bar: (name: string) => `Gespeichert von ${name}`,
    counted:
      'Gezählt werden alle aufbewahrten Versionen und was im Papierkorb liegt, jeder Inhalt einmal. Wer den Server betreibt, kann mehr Platz geben.',
    see: 'Ansehen, was gespeichert ist',
    fullTitle: (name: string) => `${name}: voll`,
    nearTitle: (name: string) => `${name}: fast voll`,
  },
});
