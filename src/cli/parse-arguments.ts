/** From the words typed to a verb with its options, or to what is wrong with them. */
import { parseArgs } from 'node:util';
import { VERBS, type Verb } from './verbs.ts';

export type ParsedArguments =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly verb: Verb | null }
  | {
      readonly kind: 'verb';
      readonly verb: Verb;
      readonly options: Readonly<Record<string, string | undefined>>;
      readonly switches: ReadonlySet<string>;
      readonly positionals: readonly string[];
    }
  | { readonly kind: 'wrong'; readonly sentence: string; readonly verb: Verb | null };

/** The verb that the first words spell, and the rest. `conflicts list` wins over a verb `conflicts`. */
function splitVerb(words: readonly string[]): { verb: Verb; rest: readonly string[] } | null {
  for (const length of [3, 2, 1]) {
    const name = words.slice(0, length).join(' ');
    const verb = words.length >= length ? VERBS.find((candidate) => candidate.name === name) : undefined;
    if (verb !== undefined) return { verb, rest: words.slice(length) };
  }
  return null;
}

function unknownVerb(words: readonly string[]): ParsedArguments {
  const first = words[0] ?? '';
  const below = VERBS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  const sentence =
    below.length > 0
      ? `"${first}" needs one more word: ${below.map((name) => `"${name}"`).join(', ')}.`
      : `There is no verb "${words.slice(0, 1).join(' ')}". "tidemark --help" lists all.`;
  return { kind: 'wrong', sentence, verb: null };
}

function optionTable(verb: Verb) {
  const table: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { value }] of Object.entries(verb.options))
    table[name] = { type: value === null ? 'boolean' : 'string' };
  return table;
}

/** The first sentence of what the argument parser complains about; the rest of it is advice for programmers. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const option = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:is ambiguous|missing)/.exec(
    message,
  )?.[1];
  if (option !== undefined)
    return `${option} needs a value; one that begins with "-" is written ${option}=VALUE.`;
  const first = /^[\s\S]*?[^.]\.(?=\s|$)/.exec(message)?.[0] ?? message;
  return first.replace(/'/g, '"').replace(/[^.]$/, '$&.');
}

function missing(verb: Verb, values: Readonly<Record<string, unknown>>): string | null {
  for (const [name, option] of Object.entries(verb.options))
    if (option.required && values[name] === undefined)
      return `"tidemark ${verb.name}" needs --${name} ${option.value}: ${option.help}.`;
  return null;
}

function wrongCount(verb: Verb, positionals: readonly string[]): string | null {
  // Those in brackets may be left away.
  const needed = verb.positionals.filter((name) => !name.startsWith('['));
  const most = verb.positionals.length;
  if (positionals.length < needed.length)
    return `"tidemark ${verb.name}" needs ${needed.slice(positionals.length).join(' and ')}.`;
  if (positionals.length > most)
    return `"tidemark ${verb.name}" does not know what to do with "${positionals[most]}".`;
  return null;
}

function parseVerb(
  verb: Verb,
  rest: readonly string[],
  fallbacks: Readonly<Record<string, string | undefined>>,
): ParsedArguments {
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...rest], options: optionTable(verb), allowPositionals: true });
  } catch (error) {
    return { kind: 'wrong', sentence: firstSentence(error), verb };
  }
  if (parsed.values['help'] === true) return { kind: 'help', verb };
  const options: Record<string, string | undefined> = {};
  const switches = new Set<string>();
  for (const name of Object.keys(verb.options)) options[name] = fallbacks[name];
  for (const [name, value] of Object.entries(parsed.values)) {
    if (value === true) switches.add(name);
    else if (typeof value === 'string') options[name] = value;
  }
  const sentence = missing(verb, { ...options }) ?? wrongCount(verb, parsed.positionals);
  if (sentence !== null) return { kind: 'wrong', sentence, verb };
  return { kind: 'verb', verb, options, switches, positionals: parsed.positionals };
}

/** `fallbacks`: values for required options that were not given. */
export function parseArguments(
  words: readonly string[],
  fallbacks: (verb: Verb) => Readonly<Record<string, string | undefined>> = () => ({}),
): ParsedArguments {
  const first = words[0];
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', verb: null };
  if (first === '--version' || first === '-V') return { kind: 'version' };
  if (first === 'help') {
    const named = splitVerb(words.slice(1));
    return named === null && words.length > 1
      ? unknownVerb(words.slice(1))
      : { kind: 'help', verb: named?.verb ?? null };
  }
  if (first.startsWith('-')) {
    return { kind: 'wrong', sentence: `The verb comes first: "tidemark status ${first} …".`, verb: null };
  }
  const split = splitVerb(words);
  if (split === null) {
    if (words.includes('--help') || words.includes('-h')) return { kind: 'help', verb: null };
    return unknownVerb(words);
  }
  return parseVerb(split.verb, split.rest, fallbacks(split.verb));
}
