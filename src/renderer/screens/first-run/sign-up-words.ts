import { catalogue } from '../../words/catalogue.ts';

export const signUpWords = catalogue({
  en: {
    open: 'No account yet? Create one…',
    title: 'Create an account',
    lead: 'On a server that lets people do that. Nothing on this computer is linked or sent by it.',
    server: 'Server address',
    user: 'User name you want',
    password: 'Password',
    passwordHint: (least: string) =>
      `At least ${least} characters. A few words that only you would put together are good.`,
    again: 'Password again',
    differs: 'The two are not the same.',
    code: 'Code of an invitation',
    codeHint: 'Only where the server asks for one. Whoever runs it gives it to you.',
    make: 'Create account',
    cancel: 'Cancel',
    made: (user: string) => `The account ${user} is there. Go on to link this computer with it.`,
  },
  de: {
    open: 'Noch kein Konto? Eines anlegen…',
    title: 'Konto anlegen',
    lead: 'Auf einem Server, der das zulässt. Auf diesem Computer wird dabei nichts verbunden oder gesendet.',
    server: 'Adresse des Servers',
    user: 'Gewünschter Benutzername',
    password: 'Passwort',
    passwordHint: (least: string) =>
      `Mindestens ${least} Zeichen. Ein paar Wörter, die nur du so zusammenstellst, sind gut.`,
    again: 'Passwort noch einmal',
    differs: 'Die beiden sind nicht gleich.',
    code: 'Code einer Einladung',
    codeHint: 'Nur wo der Server danach fragt. Du bekommst ihn von dem, der den Server betreibt.',
    make: 'Konto anlegen',
    cancel: 'Abbrechen',
    made: (user: string) => `Das Konto ${user} ist da. Mach weiter, um diesen Computer damit zu verbinden.`,
  },
});
