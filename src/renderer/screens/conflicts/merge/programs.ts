/** What the merge programs people have want on their command line. Pure. */

const KNOWN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^meld/, ['--auto-merge', 'LEFT', 'BASE', 'RIGHT', '--output', 'OUT']],
  [/^kdiff3/, ['BASE', 'LEFT', 'RIGHT', '-o', 'OUT']],
  [/^(?:code|codium|cursor)/, ['--wait', '--merge', 'LEFT', 'RIGHT', 'BASE', 'OUT']],
  [/^(?:bcomp|bcompare|beyond ?compare)/, ['LEFT', 'RIGHT', 'BASE', 'OUT']],
  [/^(?:tortoise(?:git|svn)?merge)/, ['/base:BASE', '/mine:LEFT', '/theirs:RIGHT', '/merged:OUT']],
  [/^(?:winmerge)/, ['/e', '/u', 'LEFT', 'BASE', 'RIGHT', '/o', 'OUT']],
  [/^(?:opendiff|filemerge)/, ['LEFT', 'RIGHT', '-ancestor', 'BASE', '-merge', 'OUT']],
];

/** By the program's name; unknown ones get the order that most understand. */
export function argumentsFor(command: string): string[] {
  const name = (/[^/\\]+$/.exec(command)?.[0] ?? '').toLowerCase();
  return [...(KNOWN.find(([pattern]) => pattern.test(name))?.[1] ?? ['BASE', 'LEFT', 'RIGHT', 'OUT'])];
}
