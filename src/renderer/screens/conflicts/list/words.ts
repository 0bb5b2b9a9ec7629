import { catalogue } from '../../../words/language.tsx';
import type { GroupBy } from './group.ts';

const GROUPS_EN: Readonly<Record<GroupBy, string>> = { cause: 'Cause', folder: 'Folder', device: 'Device' };
const GROUPS_DE: Readonly<Record<GroupBy, string>> = { cause: 'Ursache', folder: 'Ordner', device: 'Gerät' };

export const words = catalogue({
  en: {
    lead: (count: string, one: boolean) =>
      one
        ? 'One file has two versions. Both are safe; choose when you like.'
        : `${count} files have two versions each. Both are safe; choose when you like.`,
    open: 'Waiting',
    settled: 'Settled lately',
    groupBy: 'Group by',
    group: (by: GroupBy) => GROUPS_EN[by],
    list: 'Conflicts',
    root: 'The synced folder itself',
    select: (file: string) => `Select ${file}`,
    selectAll: (group: string) => `Select all of ${group}`,
    fold: (group: string) => `Fold ${group}`,
    unfold: (group: string) => `Unfold ${group}`,
    selected: (count: string) => `${count} selected`,
    selectSame: (count: string, one: boolean) =>
      one
        ? 'Select the one with the same content on both sides'
        : `Select the ${count} with the same content on both sides`,
    clear: 'Select none',
    keepTheirs: 'Keep theirs',
    keepMine: 'Keep yours',
    keepBoth: 'Keep both',
    first: (shown: string, total: string) => `The first ${shown} of ${total} are shown.`,
    emptyTitle: 'No conflicts',
    empty:
      'When a file is changed in two places at once, both versions are kept and wait here for you. Nothing is ever overwritten.',
    settledEmptyTitle: 'Nothing was settled lately',
    settledEmpty: 'What you decide about a conflict stands here for as long as it can be undone.',
    undo: 'Undo',
    undoLabel: (file: string) => `Undo the decision about ${file}`,
    kept: (keep: string) =>
      keep === 'both' ? 'Both kept' : keep === 'merged' ? 'Merged' : 'One version kept',
    by: (user: string, device: string, when: string) => `${user} on ${device}, ${when}`,
  },
  de: {
    lead: (count: string, one: boolean) =>
      one
        ? 'Eine Datei hat zwei Versionen. Beide sind sicher; wähle, wann du willst.'
        : `${count} Dateien haben je zwei Versionen. Beide sind sicher; wähle, wann du willst.`,
    open: 'Offen',
    settled: 'Zuletzt entschieden',
    groupBy: 'Gruppieren nach',
    group: (by: GroupBy) => GROUPS_DE[by],
    list: 'Konflikte',
    root: 'Der synchronisierte Ordner selbst',
    select: (file: string) => `${file} auswählen`,
    selectAll: (group: string) => `Alle von ${group} auswählen`,
    fold: (group: string) => `${group} einklappen`,
    unfold: (group: string) => `${group} ausklappen`,
    selected: (count: string) => `${count} ausgewählt`,
    selectSame: (count: string, one: boolean) =>
      one
        ? 'Den einen mit gleichem Inhalt auf beiden Seiten auswählen'
        : `Die ${count} mit gleichem Inhalt auf beiden Seiten auswählen`,
    clear: 'Nichts auswählen',
    keepTheirs: 'Andere behalten',
    keepMine: 'Deine behalten',
    keepBoth: 'Beide behalten',
    first: (shown: string, total: string) => `Die ersten ${shown} von ${total} werden gezeigt.`,
    emptyTitle: 'Keine Konflikte',
    empty:
      'Wird eine Datei an zwei Orten zugleich geändert, bleiben beide Versionen erhalten und warten hier auf dich. Nichts wird je überschrieben.',
    settledEmptyTitle: 'Zuletzt wurde nichts entschieden',
    settledEmpty:
      'Was du über einen Konflikt entscheidest, steht hier, solange es sich rückgängig machen lässt.',
    undo: 'Rückgängig',
    undoLabel: (file: string) => `Entscheidung über ${file} rückgängig machen`,
    kept: (keep: string) =>
      keep === 'both' ? 'Beide behalten' : keep === 'merged' ? 'Zusammengeführt' : 'Eine Version behalten',
    by: (user: string, device: string, when: string) => `${user} auf ${device}, ${when}`,
  },
});
