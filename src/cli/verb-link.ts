/** Linking this computer: the plan of the first sync is shown, and with `--dry-run` nothing else is done. */
import { resolve } from 'node:path';
import { linkDevice } from '../engine/link-device.ts';
import { EXIT } from '../ipc/exit.ts';
import type { BrakeFiles, LinkResult, MergeKind, MergePlan } from '../ipc/link.ts';
import { caFrom } from './ca-file.ts';
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

/** The first paths of what deserves a look before anything happens. */
function sampleLines({ samples, ...counts }: MergePlan): string[] {
  return SHOWN.flatMap(({ kind, title }) => {
    const paths = samples[kind].slice(0, 5);
    if (paths.length === 0) return [];
    const rest = counts[kind] - paths.length;
    return ['', title, ...paths.map((path) => `  ${path}`), ...(rest > 0 ? [`  and ${rest} more`] : [])];
  });
}

const SHOWN: readonly { readonly kind: MergeKind; readonly title: string }[] = [
  { kind: 'differ', title: 'Different on both sides, both kept:' },
  { kind: 'zombies', title: 'Deleted on the server, still here, asked about:' },
  { kind: 'unportable', title: 'Names that other systems cannot hold:' },
  { kind: 'unseen', title: 'Cannot be read:' },
];

function told(input: VerbInput, result: Exclude<LinkResult, { kind: 'refused' }>): void {
  const { out } = input;
  out.result(result);
  out.say(...result.plan.lines, ...sampleLines(result.plan));
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
  if (switches.has('token-out') && !out.json)
    throw new UsageError('--token-out tells the token to a program: it needs --json.');
  const result = await linkDevice({
    server: serverUrl(options['server'] ?? ''),
    user: options['user'] ?? '',
    password: await passwordFrom(input),
    ca: await caFrom(input),
    device: options['device'] ?? '',
    state: resolve(io.cwd, options['state'] ?? ''),
    folder: resolve(io.cwd, options['folder'] ?? ''),
    dryRun: switches.has('dry-run'),
    brakeFiles: brakeFiles(options['brake-files']),
    tokenOut: switches.has('token-out'),
  });
  if (result.kind === 'refused') return out.refuse(result.code, result.facts);
  told(input, result);
  return EXIT.ok;
};
