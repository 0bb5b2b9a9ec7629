import { catalogue } from '../../../words/language.tsx';

const REASONS_EN: Readonly<Record<string, string>> = {
  created: 'created',
  edited: 'edited',
  restored: 'restored',
  forked: 'kept as a copy',
  resolved: 'settled a conflict',
};
const REASONS_DE: Readonly<Record<string, string>> = {
  created: 'angelegt',
  edited: 'bearbeitet',
  restored: 'wiederhergestellt',
  forked: 'als Kopie aufgehoben',
  resolved: 'Konflikt entschieden',
};

export const words = catalogue({
  en: {
    title: 'How they came about',
    graph: 'As a graph',
    list: 'As a list',
    help: 'Arrow keys walk along the versions and across the branches; Enter shows a version.',
    reason: (reason: string) => REASONS_EN[reason] ?? 'made',
    gone: 'Deleted',
    current: 'current',
    shownLead: (side: string, made: string, who: string, device: string, when: string) =>
      `${side}: ${made}, by ${who} on ${device}, ${when}`,
    madeOf: (base: string) => `made of ${base}`,
    shownTitle: (file: string, version: string) => `${file}, ${version}`,
  },
  de: {
    title: 'Wie es dazu kam',
    graph: 'Als Bild',
    list: 'Als Liste',
    help: 'Pfeiltasten gehen die Versionen entlang und zwischen den Zweigen hin und her; Eingabe zeigt eine Version.',
    reason: (reason: string) => REASONS_DE[reason] ?? 'entstanden',
    gone: 'Gelöscht',
    current: 'aktuell',
    shownLead: (side: string, made: string, who: string, device: string, when: string) =>
      `${side}: ${made}, von ${who} auf ${device}, ${when}`,
    madeOf: (base: string) => `aus ${base}`,
    shownTitle: (file: string, version: string) => `${file}, ${version}`,
  },
});
