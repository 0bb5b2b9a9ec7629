/** Linking this computer: the plan of the first sync is shown, and with `--dry-run` nothing else is done. */
import { resolve } from 'node:path';
import { linkDevice } from '../engine/link-device.ts';
import { EXIT } from '../ipc/exit.ts';
import type { BrakeFiles, LinkResult } from '../ipc/link.ts';
import { passwordFrom } from './password-file.ts';
import { UsageError, wholeNumber } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

function brakeFiles(text: string | undefined): BrakeFiles {
  if (text === undefined) return null;
  return text === 'off' ? 'off' : wholeNumber(text, 'brake-files', 1, 1_000_000_000);
}

function serverUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return text;
  throw new UsageError(`--server takes an address such as https://sync.example.org, not "${text}".`);
}

function told(input: VerbInput, result: Exclude<LinkResult, { kind: 'refused' }>): void {
  const { out } = input;
  out.result(result);
  out.say(...result.plan.lines);
  if (result.kind === 'would-link') out.say('', 'Nothing was linked or changed: this was a dry run.');
  else
    out.say(
      '',
      `${result.folder} is linked as "${result.device}" to ${result.user} at ${result.server}.`,
      `Start it with: tidemark run --state ${result.state}`,
    );
}

export const link: VerbRun = async (input) => {
  const { options, switches, io, out } = input;
  const result = await linkDevice({
    server: serverUrl(options['server'] ?? ''),
    user: options['user'] ?? '',
    password: await passwordFrom(input),
    device: options['device'] ?? '',
    state: resolve(io.cwd, options['state'] ?? ''),
    folder: resolve(io.cwd, options['folder'] ?? ''),
    dryRun: switches.has('dry-run'),
    brakeFiles: brakeFiles(options['brake-files']),
  });
  if (result.kind === 'refused') return out.refuse(result.code, result.facts);
  told(input, result);
  return EXIT.ok;
};
