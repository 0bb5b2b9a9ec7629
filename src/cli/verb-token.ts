/** Handing the token to an engine whose state does not keep it. */
import { EXIT } from '../ipc/exit.ts';
import { ask, withEngine } from './ask-engine.ts';
import { secretFrom } from './password-file.ts';
import { UsageError } from './usage-error.ts';
import type { VerbRun } from './verbs.ts';

const TOKEN = /^[A-Za-z0-9_-]{32,128}$/;

export const giveToken: VerbRun = async (input) => {
  const { text: token, from } = await secretFrom(input, 'token-file', 'token');
  if (!TOKEN.test(token)) throw new UsageError(`What is in ${from} is not a token.`);
  return withEngine(input, async (client) => {
    const asked = await ask(input.out, client, 'token.give', { token });
    if (asked.kind === 'told') return asked.exit;
    input.out.result(asked.value);
    input.out.say(asked.value.taken ? 'Taken.' : 'This device keeps its token itself: nothing was changed.');
    return asked.value.taken ? EXIT.ok : EXIT.no;
  });
};
