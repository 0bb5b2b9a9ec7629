import { catalogue } from '../../words/catalogue.ts';

export const diagnosticsWords = catalogue({
  en: {
    lead: 'A report for the makers of Tidemark. Nothing is sent: you read it, save it, and decide who gets it.',
    names: 'Include names',
    namesHint:
      'Names of files, people, devices and servers are replaced by made-up ones unless this is on. Contents of files are never part of it.',
    prepare: 'Prepare the report',
    again: 'Prepare anew',
    report: 'The report',
    part: 'Part',
    redacted: 'Names replaced',
    withNames: 'With names',
    size: (size: string) => `${size} in all`,
    save: 'Save the report …',
    saved: (file: string) => `The report is saved as ${file}.`,
    failed: (why: string) => `The report could not be saved: ${why}`,
    text: (part: string) => `Text of ${part}`,
  },
  de: {
    lead: 'Ein Bericht für die Macher von Tidemark. Nichts wird gesendet: du liest ihn, speicherst ihn und entscheidest, wer ihn bekommt.',
    names: 'Mit Namen',
    namesHint:
      'Namen von Dateien, Menschen, Geräten und Servern werden durch erfundene ersetzt, solange das aus ist. Inhalte von Dateien gehören nie dazu.',
    prepare: 'Bericht vorbereiten',
    again: 'Neu vorbereiten',
    report: 'Der Bericht',
    part: 'Teil',
    redacted: 'Namen ersetzt',
    withNames: 'Mit Namen',
    size: (size: string) => `${size} insgesamt`,
    save: 'Bericht speichern …',
    saved: (file: string) => `Der Bericht ist als ${file} gespeichert.`,
    failed: (why: string) => `Der Bericht ließ sich nicht speichern: ${why}`,
    text: (part: string) => `Text von ${part}`,
  },
});
