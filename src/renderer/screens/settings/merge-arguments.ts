/** How known merge tools want their four files. Pure. */

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  meld: ['LEFT', 'BASE', 'RIGHT', '-o', 'OUT'],
  kdiff3: ['BASE', 'LEFT', 'RIGHT', '-o', 'OUT'],
  code: ['--wait', '--merge', 'LEFT', 'RIGHT', 'BASE', 'OUT'],
  codium: ['--wait', '--merge', 'LEFT', 'RIGHT', 'BASE', 'OUT'],
  bcompare: ['LEFT', 'RIGHT', 'BASE', 'OUT'],
  bcomp: ['LEFT', 'RIGHT', 'BASE', 'OUT'],
  p4merge: ['BASE', 'LEFT', 'RIGHT', 'OUT'],
  opendiff: ['LEFT', 'RIGHT', '-ancestor', 'BASE', '-merge', 'OUT'],
};
const USUAL: readonly string[] = ['LEFT', 'BASE', 'RIGHT', 'OUT'];

export function argumentsFor(command: string): readonly string[] {
  const name = command.split(/[\\/]/).at(-1) ?? '';
  return KNOWN[name.toLowerCase().replace(/\.(?:exe|cmd|app)$/, '')] ?? USUAL;
}

/** One argument a line: spaces belong to an argument. */
export function argumentsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The files that no argument names. Without OUT nothing could come back. */
export function missingFiles(args: readonly string[]): readonly string[] {
  return ['LEFT', 'RIGHT', 'OUT'].filter(
    (file) => !args.some((each) => new RegExp(`\\b${file}\\b`).test(each)),
  );
}
