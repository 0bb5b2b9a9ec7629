/**
 * The German of what the engine says about a case (`detail`): a sentence of its own, known by its shape. What is not
 * known here (the words of the operating system, of another version) is shown as it came.
 */

type Detail = readonly [RegExp, string];

const NAME = '("(?:[^"\\\\]|\\\\.)*")';

const NAMES: readonly Detail[] = [
  [/^A name is empty\.$/, 'Ein Name ist leer.'],
  [/^"(.*)" is not a name but a direction\.$/, '„$1“ ist kein Name, sondern eine Richtung.'],
  [named('contains "/"\\.'), 'Der Name $1 enthält „/“.'],
  [named('contains a NUL character\\.'), 'Der Name $1 enthält ein NUL-Zeichen.'],
  [named('contains half a character\\.'), 'Der Name $1 enthält ein halbes Zeichen.'],
  [named('is (\\d+) bytes long, (\\d+) are possible\\.'), 'Der Name $1 ist $2 Bytes lang, möglich sind $3.'],
  [named('is reserved for Tidemark itself\\.'), 'Der Name $1 ist Tidemark selbst vorbehalten.'],
  [
    held('"(.)" \\(character (\\d+)\\) is not allowed'),
    '$1 kennt den Namen $2 nicht: „$3“ (Zeichen $4) ist nicht erlaubt.',
  ],
  [
    held('character (\\d+) is a control character'),
    '$1 kennt den Namen $2 nicht: Zeichen $3 ist ein Steuerzeichen.',
  ],
  [held('it ends with a space'), '$1 kennt den Namen $2 nicht: Er endet mit einem Leerzeichen.'],
  [held('it ends with a dot'), '$1 kennt den Namen $2 nicht: Er endet mit einem Punkt.'],
  [held('"(.*)" is a device there'), '$1 kennt den Namen $2 nicht: „$3“ ist dort ein Gerät.'],
  [
    held('it has (\\d+) bytes, (\\d+) are possible'),
    '$1 kennt den Namen $2 nicht: Er hat $3 Bytes, möglich sind $4.',
  ],
  [
    held('it has (\\d+) characters, (\\d+) are possible'),
    '$1 kennt den Namen $2 nicht: Er hat $3 Zeichen, möglich sind $4.',
  ],
];

const DEEDS: readonly Detail[] = [
  [/^the conflict of (.*) is settled already$/s, 'Der Konflikt um $1 ist schon entschieden'],
  [
    /^(.*) was changed meanwhile; look at the conflict again$/s,
    '$1 wurde inzwischen geändert; sieh dir den Konflikt noch einmal an',
  ],
  [
    /^(.*) was changed meanwhile; look at its history again$/s,
    '$1 wurde inzwischen geändert; sieh dir den Verlauf noch einmal an',
  ],
  [
    /^the conflict of (.*) is open; nothing is to be undone$/s,
    'Der Konflikt um $1 ist offen; es gibt nichts rückgängig zu machen',
  ],
  [
    /^(.*) was changed since the conflict was settled, and undoing would put an older content over that$/s,
    '$1 wurde seit der Entscheidung geändert, und Rückgängigmachen würde einen älteren Inhalt darüberlegen',
  ],
  [
    /^the rules were changed meanwhile; look at them again$/,
    'Die Regeln wurden inzwischen geändert; sieh sie dir noch einmal an',
  ],
  [
    /^what was merged is no content that can be sent$/,
    'Was zusammengeführt wurde, ist kein Inhalt, der gesendet werden kann',
  ],
  [/^The address of the proxy cannot be understood\.$/, 'Die Adresse des Proxys ist nicht zu verstehen.'],
];

const MOMENTS: readonly Detail[] = [
  [/^that moment is still to come$/, 'dieser Zeitpunkt liegt noch vor uns'],
  [/^it was not there yet, or not any more$/, 'damals gab es das noch nicht oder nicht mehr'],
  [
    /^the server does not keep track that far back$/,
    'so weit reicht das Gedächtnis des Servers nicht zurück',
  ],
  [
    /^it is no folder; its versions are in its history$/,
    'es ist kein Ordner; seine Versionen stehen im Verlauf',
  ],
];

const SHARES: readonly Detail[] = [
  [/^only an owner decides who is in$/, 'nur wer es verwaltet, entscheidet, wer dabei ist'],
  [
    /^somebody has to own it: make another member the owner first$/,
    'jemand muss es verwalten: gib erst einem anderen Mitglied diese Rolle',
  ],
  [/^there is nothing shared with you under this id$/, 'das ist nicht oder nicht mehr mit dir geteilt'],
  [/^there is no such member$/, 'dieses Mitglied gibt es nicht'],
  [/^a share has a name of visible characters$/, 'der Name braucht sichtbare Zeichen'],
  [/^a user name consists of visible characters$/, 'ein Benutzername besteht aus sichtbaren Zeichen'],
  [/^at most (\d+) members$/, 'höchstens $1 Mitglieder'],
  [/^at most (\d+) shares$/, 'höchstens $1 geteilte Ordner'],
  [/^you are in already$/, 'du bist schon dabei'],
];

const ACCOUNTS: readonly Detail[] = [
  [/^it has fewer than (\d+) characters$/, 'es hat weniger als $1 Zeichen'],
  [/^it has more than (\d+) bytes$/, 'es hat mehr als $1 Bytes'],
  [/^it is the user name$/, 'es ist der Benutzername'],
  [
    /^a span is from an hour \(the trash: a day\) to a hundred years$/,
    'eine Dauer reicht von einer Stunde (im Papierkorb: einem Tag) bis zu hundert Jahren',
  ],
];

const CERTIFICATES: readonly Detail[] = [
  [
    /^its certificate comes from nobody whom this computer trusts$/,
    'sein Zertifikat kommt von niemandem, dem dieser Computer vertraut',
  ],
  [/^its certificate has expired$/, 'sein Zertifikat ist abgelaufen'],
  [/^its certificate is not valid yet$/, 'sein Zertifikat gilt noch nicht'],
  [/^its certificate is for another name$/, 'sein Zertifikat gilt für einen anderen Namen'],
  [/^its certificate was revoked$/, 'sein Zertifikat wurde widerrufen'],
];

const DETAILS: readonly Detail[] = [...NAMES, ...DEEDS, ...MOMENTS, ...SHARES, ...ACCOUNTS, ...CERTIFICATES];

function named(rest: string): RegExp {
  return new RegExp(`^The name ${NAME} ${rest}$`, 's');
}

function held(reason: string): RegExp {
  return new RegExp(`^(\\w+) cannot hold the name ${NAME}: ${reason}\\.$`, 's');
}

export function germanDetail(detail: string): string {
  const known = DETAILS.find(([shape]) => shape.test(detail));
  return known ? detail.replace(known[0], known[1]) : detail;
}
