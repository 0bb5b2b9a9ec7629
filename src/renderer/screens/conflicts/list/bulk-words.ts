import { catalogue } from '../../../words/language.tsx';
import type { Choice } from '../plan.ts';

const TITLES_EN: Readonly<Record<Choice, string>> = {
  mine: 'Keep yours',
  theirs: 'Keep theirs',
  both: 'Keep both',
};
const TITLES_DE: Readonly<Record<Choice, string>> = {
  mine: 'Deine behalten',
  theirs: 'Andere behalten',
  both: 'Beide behalten',
};

export const words = catalogue({
  en: {
    title: (keep: Choice, count: string, one: boolean) =>
      `${TITLES_EN[keep]} for ${one ? 'one file' : `${count} files`}?`,
    lead: 'This is what happens, on all devices. Nothing has been done yet, and every step can be undone.',
    left: (count: string, one: boolean) =>
      one ? 'One of them is left as it is.' : `${count} of them are left as they are.`,
    list: 'What happens to each file',
    start: (keep: Choice) => TITLES_EN[keep],
    running: (done: string, total: string) => `${done} of ${total} settled`,
    stop: 'Stop',
    overTitle: (settled: string, one: boolean) => (one ? 'One file settled' : `${settled} files settled`),
    overLead: 'They are settled on all devices. What was not kept stays in the history.',
    failed: (count: string, one: boolean) =>
      one ? 'One could not be settled and still waits:' : `${count} could not be settled and still wait:`,
    skipped: (count: string, one: boolean) =>
      one ? 'One more was not tried.' : `${count} more were not tried.`,
    failedList: 'Not settled',
    changed: 'It changed in the meantime; look at it again.',
    undoAll: 'Undo all',
    undone: (count: string) => `${count} decisions were undone.`,
    notUndone: (count: string) => `${count} decisions could not be undone: something newer came on top.`,
  },
  de: {
    title: (keep: Choice, count: string, one: boolean) =>
      `${TITLES_DE[keep]}: ${one ? 'eine Datei' : `${count} Dateien`}?`,
    lead: 'Das geschieht auf allen Geräten. Noch ist nichts getan, und jeder Schritt lässt sich rückgängig machen.',
    left: (count: string, one: boolean) =>
      one ? 'Eine davon bleibt, wie sie ist.' : `${count} davon bleiben, wie sie sind.`,
    list: 'Was mit jeder Datei geschieht',
    start: (keep: Choice) => TITLES_DE[keep],
    running: (done: string, total: string) => `${done} von ${total} entschieden`,
    stop: 'Anhalten',
    overTitle: (settled: string, one: boolean) =>
      one ? 'Eine Datei entschieden' : `${settled} Dateien entschieden`,
    overLead: 'Das gilt auf allen Geräten. Was nicht behalten wurde, bleibt im Verlauf.',
    failed: (count: string, one: boolean) =>
      one
        ? 'Eine ließ sich nicht entscheiden und bleibt offen:'
        : `${count} ließen sich nicht entscheiden und bleiben offen:`,
    skipped: (count: string, one: boolean) =>
      one ? 'Eine weitere wurde nicht versucht.' : `${count} weitere wurden nicht versucht.`,
    failedList: 'Nicht entschieden',
    changed: 'Sie hat sich inzwischen geändert; sieh sie dir noch einmal an.',
    undoAll: 'Alle rückgängig',
    undone: (count: string) => `${count} Entscheidungen rückgängig gemacht.`,
    notUndone: (count: string) =>
      `${count} Entscheidungen ließen sich nicht rückgängig machen: etwas Neueres kam dazu.`,
  },
});
