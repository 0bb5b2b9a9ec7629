import { catalogue } from '../../words/catalogue.ts';

export const words = catalogue({
  en: {
    title: 'Devices',
    lead: 'Every device that syncs with your account.',
    list: 'Devices of your account',
    thisOne: 'This device',
    unlinked: 'Unlinked',
    seen: (ago: string) => `Seen ${ago}`,
    online: 'Online now',
    never: 'Not seen yet',
    linked: (day: string) => `linked ${day}`,
    inStep: 'Has everything',
    behind: (count: string, one: boolean) => (one ? '1 change behind' : `${count} changes behind`),
    unlink: 'Unlink',
    unlinkOf: (name: string) => `Unlink ${name}`,
    unlinkTitle: (name: string) => `Unlink ${name}`,
    unlinkText: (name: string) =>
      `${name} stops syncing and keeps the files it has; everything on the server and on this computer stays as it is.`,
    unlinkUnsent: (name: string) =>
      `What ${name} has not sent yet stays only on it. Whoever uses it can link it again.`,
    cancel: 'Cancel',
    done: (name: string) => `${name} is unlinked. Its files are still on it.`,
    onlyThis: 'Only this computer is linked so far. Set Tidemark up on another one with the same account.',
  },
  de: {
    title: 'Geräte',
    lead: 'Alle Geräte, die mit deinem Konto synchronisieren.',
    list: 'Geräte deines Kontos',
    thisOne: 'Dieses Gerät',
    unlinked: 'Getrennt',
    seen: (ago: string) => `Gesehen ${ago}`,
    online: 'Gerade online',
    never: 'Noch nicht gesehen',
    linked: (day: string) => `verbunden ${day}`,
    inStep: 'Hat alles',
    behind: (count: string, one: boolean) => (one ? '1 Änderung zurück' : `${count} Änderungen zurück`),
    unlink: 'Trennen',
    unlinkOf: (name: string) => `${name} trennen`,
    unlinkTitle: (name: string) => `${name} trennen`,
    unlinkText: (name: string) =>
      `${name} synchronisiert nicht mehr und behält die Dateien, die es hat; alles auf dem Server und auf diesem Computer bleibt, wie es ist.`,
    unlinkUnsent: (name: string) =>
      `Was ${name} noch nicht gesendet hat, bleibt nur dort. Wer es benutzt, kann es wieder verbinden.`,
    cancel: 'Abbrechen',
    done: (name: string) => `${name} ist getrennt. Die Dateien sind noch darauf.`,
    onlyThis:
      'Bisher ist nur dieser Computer verbunden. Richte Tidemark auf einem anderen mit demselben Konto ein.',
  },
});
