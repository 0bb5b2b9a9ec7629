/** The help texts: one overview, and one page per verb. */
import { table, wrap } from './text.ts';
import { VERBS, type Verb } from './verbs.ts';

const COLUMNS = 100;
const GROUPS = [
  'Set up',
  'Every day',
  'Versions and conflicts',
  'When something is odd',
  'Look after a server',
] as const;

const EXIT_CODES = [
  ['0', 'done'],
  ['1', 'no: not reached in time, nothing by that name, a trouble with a file'],
  ['2', 'what was typed, or a file that was named, cannot be used'],
  ['3', 'no engine is running with that state'],
  ['4', 'the server cannot be reached, or does not let this user or device in'],
  ['5', 'stopped for safety: somebody has to look; nothing was changed'],
] as const;

export function usageOf(verb: Verb): string {
  const options = Object.entries(verb.options).map(([name, { value, required }]) => {
    const spelled = value === null ? `--${name}` : `--${name} ${value}`;
    return required ? spelled : `[${spelled}]`;
  });
  const rest = verb.usage ?? options.join(' ');
  return ['tidemark', verb.name, ...verb.positionals, rest, '[--json]']
    .filter((part) => part !== '')
    .join(' ');
}

export function verbHelp(verb: Verb): string[] {
  const rows = Object.entries(verb.options).map(([name, { value, help }]) => [
    value === null ? `--${name}` : `--${name} ${value}`,
    help,
  ]);
  return [
    ...wrap(`Usage: ${usageOf(verb)}`, COLUMNS),
    '',
    verb.summary,
    ...(verb.details === '' ? [] : wrap(verb.details, COLUMNS)),
    '',
    ...table([...rows, ['--json', 'print the result as one JSON object']], '  '),
    '',
    'Exit codes',
    ...table(EXIT_CODES, '  '),
  ];
}

export function overview(): string[] {
  const lines = ['Tidemark keeps a folder the same on all your devices, and never loses a version.', ''];
  lines.push('Usage: tidemark VERB [options]', '');
  for (const group of GROUPS) {
    const verbs = VERBS.filter((verb) => verb.group === group);
    const rows = verbs.map((verb) => [[verb.name, ...verb.positionals].join(' '), verb.summary]);
    lines.push(group, ...table(rows, '  '), '');
  }
  lines.push(
    '"tidemark VERB --help" says what a verb takes. Every verb takes --json. --version prints the version.',
  );
  lines.push('', 'Exit codes', ...table(EXIT_CODES, '  '));
  return lines;
}
