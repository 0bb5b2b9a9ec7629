/** What happened to a file, in words. */
import { baseName, folderOf } from '../../core/names/path-parts.ts';
import type { Activity, ActivityVerb } from '../../ipc/events.ts';
import { catalogue, type Same } from '../words/catalogue.ts';
import { inSentence } from '../words/visible-text.ts';

const texts = {
  en: {
    created: 'Added',
    edited: 'Edited',
    moved: 'Moved',
    renamed: 'Renamed',
    deleted: 'Deleted',
    restored: 'Restored',
    conflict: 'Conflict: both versions are kept',
    held: 'Held until you decide',
    problem: 'Cannot sync',
    by: (verb: string, who: string) => `${verb} ${who}`,
    here: 'on this computer',
    on: (device: string) => `on ${device}`,
    userOn: (user: string, device: string) => `by ${user} on ${device}`,
    from: (place: string) => `from ${place}`,
    version: (number: string) => `version ${number}`,
    topFolder: 'the synced folder',
    undo: 'Undo',
    undoOf: (verb: string, name: string) => `Undo: ${verb} ${name}`,
    undone: (name: string) => `${name} is as it was before. The undone version stays in its history.`,
    more: (name: string) => `More for ${name}`,
    history: 'History',
    why: 'Why is it like this?',
    show: 'Show in folder',
    look: 'Look',
    lookAt: (verb: string, name: string) => `Look: ${verb}, ${name}`,
  },
  de: {
    created: 'Hinzugefügt',
    edited: 'Bearbeitet',
    moved: 'Verschoben',
    renamed: 'Umbenannt',
    deleted: 'Gelöscht',
    restored: 'Wiederhergestellt',
    conflict: 'Konflikt: beide Versionen sind aufbewahrt',
    held: 'Angehalten, bis du entscheidest',
    problem: 'Lässt sich nicht synchronisieren',
    by: (verb: string, who: string) => `${verb} ${who}`,
    here: 'auf diesem Computer',
    on: (device: string) => `auf ${device}`,
    userOn: (user: string, device: string) => `von ${user} auf ${device}`,
    from: (place: string) => `aus ${place}`,
    version: (number: string) => `Version ${number}`,
    topFolder: 'dem synchronisierten Ordner',
    undo: 'Rückgängig',
    undoOf: (verb: string, name: string) => `Rückgängig: ${verb} ${name}`,
    undone: (name: string) => `${name} ist wieder wie zuvor. Die zurückgenommene Version bleibt im Verlauf.`,
    more: (name: string) => `Mehr zu ${name}`,
    history: 'Verlauf',
    why: 'Warum ist es so?',
    show: 'Im Ordner zeigen',
    look: 'Ansehen',
    lookAt: (verb: string, name: string) => `Ansehen: ${verb}, ${name}`,
  },
};
export const activityWords = catalogue(texts);
export type ActivityWords = Same<(typeof texts)['en']>;

/** What nobody did: it only came to be so. */
const NEWS: ReadonlySet<ActivityVerb> = new Set(['conflict', 'held', 'problem']);

/** A move that stays in its folder is a new name. */
export function verbOf({
  verb,
  path,
  from,
}: Pick<Activity, 'verb' | 'path' | 'from'>): ActivityVerb | 'renamed' {
  return verb === 'moved' && from !== null && folderOf(from) === folderOf(path) ? 'renamed' : verb;
}

/** "Edited by ben on Studio-PC", "Moved from Projects on this computer". */
export function deedOf(activity: Activity, self: string, w: ActivityWords): string {
  const verb = w[verbOf(activity)];
  if (NEWS.has(activity.verb)) return verb;
  return [verb, origin(activity, w), whoOf(activity, self, w)].filter((part) => part !== '').join(' ');
}

function origin(activity: Activity, w: ActivityWords): string {
  if (activity.from === null) return '';
  if (verbOf(activity) === 'renamed') return w.from(inSentence(baseName(activity.from)));
  const folder = folderOf(activity.from);
  return w.from(folder === '' ? w.topFolder : inSentence(folder));
}

function whoOf({ device, user, direction }: Activity, self: string, w: ActivityWords): string {
  if (device === '') return '';
  if (direction === 'sent' && device === self) return w.here;
  return user === '' ? w.on(inSentence(device)) : w.userOn(inSentence(user), inSentence(device));
}
