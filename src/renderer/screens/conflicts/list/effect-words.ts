/** What a decision does to a file, said for the dry run. */
import { catalogue } from '../../../words/language.tsx';

export const effectWords = catalogue({
  en: {
    takes: (device: string, gone: string | null) =>
      gone === null
        ? `Gets the version from ${device} as a new version; what stood there stays in its history.`
        : `Gets the version from ${device} as a new version; ${gone} leaves the folder. Nothing leaves the history.`,
    stays: (device: string, gone: string | null) =>
      gone === null
        ? `Stays the version from ${device}; the other one stays in the history.`
        : `Stays the version from ${device}; ${gone} leaves the folder and stays in the history.`,
    deleted: 'Is deleted on all devices; it stays in the trash.',
    both: (copy: string) => `Stays as it is, and so does ${copy}; the conflict is over.`,
    folder: 'Is left alone: a folder and a file cannot replace each other.',
    gone: 'Is left alone: only one of the two is there.',
  },
  de: {
    takes: (device: string, gone: string | null) =>
      gone === null
        ? `Bekommt die Version von ${device} als neue Version; was dort stand, bleibt im Verlauf.`
        : `Bekommt die Version von ${device} als neue Version; ${gone} verlässt den Ordner. Im Verlauf bleibt alles.`,
    stays: (device: string, gone: string | null) =>
      gone === null
        ? `Bleibt die Version von ${device}; die andere bleibt im Verlauf.`
        : `Bleibt die Version von ${device}; ${gone} verlässt den Ordner und bleibt im Verlauf.`,
    deleted: 'Wird auf allen Geräten gelöscht; sie bleibt im Papierkorb.',
    both: (copy: string) => `Bleibt, wie sie ist, und ${copy} auch; der Konflikt ist vorbei.`,
    folder: 'Bleibt unberührt: ein Ordner und eine Datei können einander nicht ersetzen.',
    gone: 'Bleibt unberührt: nur eine von beiden ist da.',
  },
});
