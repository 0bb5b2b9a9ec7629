/** The sentences of a conflict's story. Names come in for what stands in braces. */
import type { Language } from '../../../ipc/window.ts';
import type { ConflictCause } from '../../../protocol/journal.ts';

type Act = 'edited' | 'created' | 'deleted';

export interface StoryTexts {
  readonly you: string;
  readonly here: string;
  /** What the later side did: by you, by somebody else. From a version, and when that is not known. */
  readonly later: Readonly<Record<Act, { readonly you: string; readonly other: string }>>;
  readonly from: string;
  /** What the side that was first had done before. */
  readonly before: Readonly<Record<Act | 'next', { readonly you: string; readonly other: string }>>;
  readonly cause: Readonly<Record<Exclude<ConflictCause, 'offline' | 'lag'>, string>>;
  /** The later side's device: this computer, or a name. */
  readonly offline: { readonly here: string; readonly there: string };
  readonly lag: { readonly here: string; readonly there: string };
  readonly both: string;
  readonly bothOneDevice: string;
  readonly fromHere: string;
  readonly fromThere: string;
  readonly days: (count: number) => string;
  /** One line for a list: each side on its own. */
  readonly brief: Readonly<Record<Act, { readonly you: string; readonly other: string }>>;
}

export const STORY_TEXTS: Readonly<Record<Language, StoryTexts>> = {
  en: {
    you: 'you',
    here: 'this computer',
    later: {
      edited: {
        you: 'You edited {file} on {device} ({when}){from}.',
        other: '{who} edited {file} on {device} ({when}){from}.',
      },
      created: {
        you: 'You made {file} on {device} ({when}).',
        other: '{who} made {file} on {device} ({when}).',
      },
      deleted: {
        you: 'You deleted {file} on {device} ({when}){from}.',
        other: '{who} deleted {file} on {device} ({when}){from}.',
      },
    },
    from: ', starting from version {base}',
    before: {
      next: {
        you: 'You had already saved version {number} from {device} ({when}).',
        other: '{who} had already saved version {number} from {device} ({when}).',
      },
      edited: {
        you: 'You had already saved another version from {device} ({when}).',
        other: '{who} had already saved another version from {device} ({when}).',
      },
      created: {
        you: 'You had already put another file under that name, from {device} ({when}).',
        other: '{who} had already put another file under that name, from {device} ({when}).',
      },
      deleted: {
        you: 'You had already deleted it on {device} ({when}).',
        other: '{who} had already deleted it on {device} ({when}).',
      },
    },
    cause: {
      concurrent: 'Both were at it at the same time, so neither could know of the other.',
      'name-clash': 'The two share nothing but the name, so neither may replace the other.',
      'edit-delete': 'A deletion never takes a change with it, so the file stays until you decide.',
    },
    offline: {
      here: 'This computer was offline: its change took {delay} to reach the server.',
      there: '{device} was offline: its change took {delay} to reach the server.',
    },
    lag: {
      here: 'The other version had not reached this computer yet. That was the sync being slow; nobody did anything wrong.',
      there:
        'The other version had not reached {device} yet. That was the sync being slow; nobody did anything wrong.',
    },
    both: 'Both are kept: the version {first} has the name, the one {second} stands beside it as {copy}.',
    bothOneDevice:
      'Both are kept: the earlier version has the name, the later one stands beside it as {copy}.',
    fromHere: 'from this computer',
    fromThere: 'from {device}',
    days: (count) => `${count} days`,
    brief: {
      edited: { you: 'you edited it on {device}', other: '{who} edited it on {device}' },
      created: { you: 'you made it on {device}', other: '{who} made it on {device}' },
      deleted: { you: 'you deleted it on {device}', other: '{who} deleted it on {device}' },
    },
  },
  de: {
    you: 'du',
    here: 'diesem Computer',
    later: {
      edited: {
        you: 'Du hast {file} auf {device} bearbeitet ({when}){from}.',
        other: '{who} hat {file} auf {device} bearbeitet ({when}){from}.',
      },
      created: {
        you: 'Du hast {file} auf {device} angelegt ({when}).',
        other: '{who} hat {file} auf {device} angelegt ({when}).',
      },
      deleted: {
        you: 'Du hast {file} auf {device} gelöscht ({when}){from}.',
        other: '{who} hat {file} auf {device} gelöscht ({when}){from}.',
      },
    },
    from: ', ausgehend von Version {base}',
    before: {
      next: {
        you: 'Du hattest auf {device} schon Version {number} gespeichert ({when}).',
        other: '{who} hatte auf {device} schon Version {number} gespeichert ({when}).',
      },
      edited: {
        you: 'Du hattest auf {device} schon eine andere Version gespeichert ({when}).',
        other: '{who} hatte auf {device} schon eine andere Version gespeichert ({when}).',
      },
      created: {
        you: 'Du hattest auf {device} schon eine andere Datei unter diesem Namen abgelegt ({when}).',
        other: '{who} hatte auf {device} schon eine andere Datei unter diesem Namen abgelegt ({when}).',
      },
      deleted: {
        you: 'Du hattest sie auf {device} schon gelöscht ({when}).',
        other: '{who} hatte sie auf {device} schon gelöscht ({when}).',
      },
    },
    cause: {
      concurrent: 'Beide waren gleichzeitig daran, also konnte keine Seite von der anderen wissen.',
      'name-clash': 'Die beiden haben nur den Namen gemeinsam, also darf keine die andere ersetzen.',
      'edit-delete': 'Ein Löschen nimmt nie eine Änderung mit, also bleibt die Datei, bis du entscheidest.',
    },
    offline: {
      here: 'Dieser Computer war offline: seine Änderung brauchte {delay} bis zum Server.',
      there: '{device} war offline: die Änderung von dort brauchte {delay} bis zum Server.',
    },
    lag: {
      here: 'Die andere Version war auf diesem Computer noch nicht angekommen. Das lag an der langsamen Synchronisierung; niemand hat etwas falsch gemacht.',
      there:
        'Die andere Version war auf {device} noch nicht angekommen. Das lag an der langsamen Synchronisierung; niemand hat etwas falsch gemacht.',
    },
    both: 'Beide sind da: die Version {first} trägt den Namen, die {second} steht daneben als {copy}.',
    bothOneDevice:
      'Beide sind da: die frühere Version trägt den Namen, die spätere steht daneben als {copy}.',
    fromHere: 'von diesem Computer',
    fromThere: 'von {device}',
    days: (count) => `${count} Tage`,
    brief: {
      edited: { you: 'von dir auf {device} bearbeitet', other: 'von {who} auf {device} bearbeitet' },
      created: { you: 'von dir auf {device} angelegt', other: 'von {who} auf {device} angelegt' },
      deleted: { you: 'von dir auf {device} gelöscht', other: 'von {who} auf {device} gelöscht' },
    },
  },
};
