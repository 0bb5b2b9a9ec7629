import { catalogue } from '../../words/catalogue.ts';

export const certificateWords = catalogue({
  en: {
    title: 'Server with a certificate of its own',
    trusted: 'Trusted',
    lead: 'Only where whoever runs the server gave you a certificate. Compare the fingerprint with theirs before you trust it.',
    choose: 'Choose certificate…',
    chooseOther: 'Choose another…',
    unreadable: (file: string) => `${file} cannot be read. Nothing was changed.`,
    'no-certificate': (file: string) =>
      `${file} is not a certificate. It usually ends in .pem, .crt or .cer; ask whoever runs the server for it.`,
    list: (file: string) => `Certificates in ${file}`,
    subject: 'Issued to',
    fingerprint: 'SHA-256 fingerprint',
    until: 'Valid until',
    over: 'Expired on',
    nobody: 'Nobody is named',
    trust: 'The fingerprint is right: trust it for this server',
    trustAll: 'The fingerprints are right: trust them for this server',
    unproven: (server: string, why: string) =>
      `What answers at ${server} cannot prove that it is this server: ${why}. Nothing was sent to it. If the server has a certificate of its own, choose and trust that first under “Server with a certificate of its own”.`,
    stillUnproven: (server: string, why: string) =>
      `What answers at ${server} cannot prove that it is this server, also not by the certificate you chose: ${why}. Nothing was sent to it. Check the address, and ask whoever runs the server which certificate is theirs.`,
  },
  de: {
    title: 'Server mit eigenem Zertifikat',
    trusted: 'Vertraut',
    lead: 'Nur wenn du vom Betreiber des Servers ein Zertifikat bekommen hast. Vergleiche den Fingerabdruck mit seinem, bevor du ihm vertraust.',
    choose: 'Zertifikat wählen…',
    chooseOther: 'Anderes wählen…',
    unreadable: (file: string) => `${file} ist nicht lesbar. Es wurde nichts geändert.`,
    'no-certificate': (file: string) =>
      `${file} ist kein Zertifikat. Meist endet der Name auf .pem, .crt oder .cer; frag den Betreiber des Servers danach.`,
    list: (file: string) => `Zertifikate in ${file}`,
    subject: 'Ausgestellt für',
    fingerprint: 'SHA-256-Fingerabdruck',
    until: 'Gültig bis',
    over: 'Abgelaufen am',
    nobody: 'Niemand ist genannt',
    trust: 'Der Fingerabdruck stimmt: für diesen Server vertrauen',
    trustAll: 'Die Fingerabdrücke stimmen: für diesen Server vertrauen',
    unproven: (server: string, why: string) =>
      `Was unter ${server} antwortet, kann nicht beweisen, dass es dieser Server ist: ${why}. Es wurde nichts dorthin gesendet. Hat der Server ein eigenes Zertifikat, dann wähle es zuerst unter „Server mit eigenem Zertifikat“ und vertraue ihm.`,
    stillUnproven: (server: string, why: string) =>
      `Was unter ${server} antwortet, kann nicht beweisen, dass es dieser Server ist, auch nicht mit dem gewählten Zertifikat: ${why}. Es wurde nichts dorthin gesendet. Prüfe die Adresse und frag den Betreiber, welches Zertifikat seines ist.`,
  },
});
