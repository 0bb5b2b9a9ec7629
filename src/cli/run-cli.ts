/** One run of the command line, from words to exit code. */
import { EXIT } from '../ipc/exit.ts';
import { defaultState } from './defaults.ts';
import { type Io, Out } from './out.ts';
import { parseArguments } from './parse-arguments.ts';

import { UsageError } from './usage-error.ts';

export async function runCli(words: readonly string[], io: Io): Promise<number> {
  const out = new Out(io, words.includes('--json'));
  const code = await decide(words, io, out);
  await out.flushed();
  return code;
}

async function decide(words: readonly string[], io: Io, out: Out): Promise<number> {
  const parsed = parseArguments(words, (verb) => defaultState(verb, io));
  switch (parsed.kind) {
    case 'version': {
      const { productVersion } = await import('../ipc/node-version.ts');
      await out.raw(`tidemark ${productVersion()}\n`);
      return EXIT.ok;
    }
    case 'help': {
      const { overview, verbHelp } = await import('./help.ts');
      await out.raw(`${(parsed.verb === null ? overview() : verbHelp(parsed.verb)).join('\n')}\n`);
      return EXIT.ok;
    }
    case 'wrong': {
      const { usageOf } = await import('./help.ts');
      const usage = parsed.verb === null ? '' : `\nUsage: ${usageOf(parsed.verb)}`;
      out.complain('usage', parsed.sentence + usage);
      return EXIT.usage;
    }
    case 'verb': {
      const { options, switches, positionals, verb } = parsed;
      try {
        const run = await verb.load();
        return await run({ options, switches, positionals, out, io });
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        out.complain('usage', error.message);
        return EXIT.usage;
      }
    }
  }
}
