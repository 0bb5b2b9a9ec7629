/** Verbs about what history keeps. */
import { askAbout } from './ask-engine.ts';
import { UsageError } from './usage-error.ts';
import { versionChoice } from './verb-history.ts';
import type { VerbRun } from './verbs.ts';

export const label: VerbRun = (input) => {
  const [, typed = '', name] = input.positionals;
  const removes = input.switches.has('remove');
  if (removes === (name !== undefined))
    throw new UsageError('"tidemark label" takes a NAME or --remove, one of both.');
  const version = versionChoice(typed);
  return askAbout(
    input,
    'label',
    (path) => ({ path, version, name: name ?? null }),
    ({ sentence }) => input.out.say(sentence),
  );
};
