import { catalogue } from '../../../words/catalogue.ts';

export const words = catalogue({
  en: {
    account: 'Account',
    user: 'User name',
    server: 'Server',
    device: 'This computer',
    change: 'Change password…',
    storage: 'Storage',
    title: 'Change password',
    lead: 'Computers that are linked stay linked: the password is only needed to link one.',
    old: 'Password so far',
    next: 'New password',
    nextHint: (least: string) =>
      `At least ${least} characters. A few words that only you would put together are good.`,
    again: 'New password again',
    differs: 'The two are not the same.',
    others: 'Unlink all other devices',
    othersHint:
      'If somebody else may know the old password. Their files stay on them; each has to be linked again.',
    save: 'Change password',
    cancel: 'Cancel',
    done: 'The password is changed. All devices stay linked.',
    doneUnlinked: (count: string, one: boolean) =>
      one
        ? 'The password is changed. 1 other device is unlinked; its files stay on it.'
        : `The password is changed. ${count} other devices are unlinked; their files stay on them.`,
  },
  de: {
    account: 'Konto',
    user: 'Benutzername',
    server: 'Server',
    device: 'Dieser Computer',
    change: 'Passwort ändern…',
    storage: 'Speicher',
    title: 'Passwort ändern',
    lead: 'Verbundene Computer bleiben verbunden: Das Passwort braucht es nur zum Verbinden.',
    old: 'Bisheriges Passwort',
    next: 'Neues Passwort',
    nextHint: (least: string) =>
      `Mindestens ${least} Zeichen. Ein paar Wörter, die nur du so zusammenstellst, sind gut.`,
    again: 'Neues Passwort noch einmal',
    differs: 'Die beiden sind nicht gleich.',
    others: 'Alle anderen Geräte trennen',
    othersHint:
      'Falls jemand anderes das alte Passwort kennen könnte. Ihre Dateien bleiben darauf; jedes muss neu verbunden werden.',
    save: 'Passwort ändern',
    cancel: 'Abbrechen',
    done: 'Das Passwort ist geändert. Alle Geräte bleiben verbunden.',
    doneUnlinked: (count: string, one: boolean) =>
      one
        ? 'Das Passwort ist geändert. 1 anderes Gerät ist getrennt; seine Dateien bleiben darauf.'
        : `Das Passwort ist geändert. ${count} andere Geräte sind getrennt; ihre Dateien bleiben darauf.`,
  },
});
