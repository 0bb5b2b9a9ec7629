/** Making an account, and another password for it. */
import { signUp as signUpAt } from '../engine/sign-up.ts';
import { EXIT } from '../ipc/exit.ts';
import { askOnce } from './ask-engine.ts';
import { caFrom } from './ca-file.ts';
import { passwordFrom, secretFrom } from './password-file.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

/** Standard input can be read once. */
function oneFromInput(input: VerbInput, ...names: readonly string[]): void {
  if (names.filter((name) => input.options[name] === '-').length > 1)
    throw new UsageError(
      `Only one of ${names.map((name) => `--${name}`).join(' and ')} can be read from the input.`,
    );
}

export const signUp: VerbRun = async (input) => {
  oneFromInput(input, 'password-file', 'code-file');
  const { options, out } = input;
  const password = await passwordFrom(input);
  const code =
    options['code-file'] === undefined ? null : (await secretFrom(input, 'code-file', 'code')).text.trim();
  const { server = '', user = '' } = options;
  const result = await signUpAt({ server, user, password, code, ca: await caFrom(input) });
  if (result.kind === 'refused') return out.refuse(result.code, result.facts);
  out.result({ signedUp: true, user: result.user, server: result.server });
  out.say(`${result.user} has an account at ${result.server} now. Link this computer with: tidemark link`);
  return EXIT.ok;
};

export const changePassword: VerbRun = async (input) => {
  oneFromInput(input, 'password-file', 'new-password-file');
  const old = await passwordFrom(input);
  const next = (await secretFrom(input, 'new-password-file', 'password')).text;
  const unlinkOthers = input.switches.has('unlink-others');
  return askOnce(input, 'password', { old, new: next, unlinkOthers }, (result) =>
    input.out.say(result.sentence),
  );
};
