/** Verbs about ignore rules: what they are, what others would do, and saving them. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT } from '../ipc/exit.ts';
import type { ControlClient } from '../ipc/node-control-client.ts';
import type { IgnorePreviewResult } from '../ipc/selection.ts';
import { type Asked, answered, ask, syncPath, withEngine } from './ask-engine.ts';
import { bytes, plural } from './text.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

const SHOWN = 20;

export const showIgnore: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const folder = await folderOf(input, client, input.positionals[0]);
    if (folder.kind === 'told') return folder.exit;
    const asked = await ask(input.out, client, 'ignore.get', { folder: folder.value });
    if (asked.kind === 'told') return asked.exit;
    const { shared, local } = asked.value;
    input.out.result(asked.value);
    input.out.say(...part('Rules for everybody (.tidemarkignore):', shared));
    input.out.say(...part('Rules of this computer alone (.tidemarkignore.local):', local));
    return EXIT.ok;
  });

function part(title: string, text: string): string[] {
  return [
    title,
    ...(text === ''
      ? ['  none']
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `  ${line}`)),
  ];
}

async function folderOf(
  input: VerbInput,
  client: ControlClient,
  typed: string | undefined,
): Promise<Asked<string>> {
  return typed === undefined ? { kind: 'ok', value: '' } : syncPath(input, client, typed);
}

/** The rules as they would be: the file that was named takes the place of one of the two texts. */
async function wanted(
  input: VerbInput,
  client: ControlClient,
): Promise<Asked<{ folder: string; shared: string; local: string }>> {
  const text = await rulesFrom(input);
  const folder = await folderOf(input, client, input.options['folder']);
  if (folder.kind === 'told') return folder;
  const asked = await ask(input.out, client, 'ignore.get', { folder: folder.value });
  if (asked.kind === 'told') return asked;
  const { shared, local } = asked.value;
  const isLocal = input.switches.has('local');
  return {
    kind: 'ok',
    value: { folder: folder.value, shared: isLocal ? shared : text, local: isLocal ? text : local },
  };
}

async function rulesFrom({ io, positionals }: VerbInput): Promise<string> {
  const typed = positionals[0] ?? '';
  const path = resolve(io.cwd, typed);
  const data = await (typed === '-' ? io.stdin() : readFile(path)).catch(() => {
    throw new UsageError(`The file ${path} cannot be read.`);
  });
  return Buffer.from(data).toString('utf8');
}

export const testIgnore: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const rules = await wanted(input, client);
    if (rules.kind === 'told') return rules.exit;
    return answered(input, await ask(input.out, client, 'ignore.preview', rules.value), (preview) =>
      input.out.say(...previewLines(preview), 'Nothing was changed.'),
    );
  });

export const setIgnore: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const rules = await wanted(input, client);
    if (rules.kind === 'told') return rules.exit;
    return answered(input, await ask(input.out, client, 'ignore.set', rules.value), ({ sentence }) =>
      input.out.say(sentence),
    );
  });

function previewLines(preview: IgnorePreviewResult): string[] {
  const { stops, stopsBytes, stopsPaths, starts, startsPaths, faults } = preview;
  const list = (paths: readonly string[], count: number) => [
    ...paths.slice(0, SHOWN).map((path) => `  ${path}`),
    ...(count > SHOWN ? [`  and ${plural(count - SHOWN, 'more', 'more')}`] : []),
  ];
  return [
    ...faults.map(({ where, line, sentence }) => `Line ${line} (${where}): ${sentence}`),
    `${plural(stops, 'file')} (${bytes(stopsBytes)}) would no longer be synced; they stay here and on the server.`,
    ...list(stopsPaths, stops),
    `${plural(starts, 'file')} would be synced from then on.`,
    ...list(startsPaths, starts),
  ];
}
