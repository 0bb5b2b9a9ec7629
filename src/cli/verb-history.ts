/** Verbs about versions: history, cat. Bringing them back is in verb-restore.ts. */
import type { Params, Refused } from '../ipc/contract.ts';
import { EXIT } from '../ipc/exit.ts';
import type { CatResult, HistoryResult } from '../ipc/history.ts';
import type { ControlClient } from '../ipc/node-control-client.ts';
import type { Crossed, VersionChoice, VersionRow } from '../ipc/shapes.ts';
import { thawPauseMs } from '../ipc/thawing.ts';
import { type Asked, ask, told as saidWhy, syncPathBelow, withEngine } from './ask-engine.ts';
import { bytes, printable, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

/** "41", "V41" or an exact id. */
export function versionChoice(text: string): VersionChoice {
  const number = /^[vV]?([1-9]\d{0,14})$/.exec(text)?.[1];
  if (number !== undefined) return Number(number);
  if (/^[0-9a-f]{12}\.[1-9][0-9]{0,15}$/.test(text)) return text;
  throw new UsageError(`--version takes a number from "tidemark history", not "${text}".`);
}

function keptWords({ label, kept }: VersionRow): string[] {
  if (label) return [`kept: labelled “${label.name}” by ${label.user}`];
  if (kept === undefined || kept.why === 'current') return [];
  const until = kept.until === null ? '' : when(kept.until).slice(0, 10);
  switch (kept.why) {
    case 'labelled':
      return ['kept: labelled'];
    case 'conflict':
      return ['kept: in an open conflict'];
    case 'held':
      return ['kept: on hold'];
    case 'policy':
      return [`kept until ${until}`];
    case 'trash':
      return [`in the trash until ${until}`];
    case 'leaving':
      return [`goes on ${until}, unless it is labelled`];
  }
}

function elsewhere({ share, path }: Crossed): string {
  if (path !== null) return `at ${path}`;
  return share === null ? 'in your own space' : 'in a share';
}

export function versionCells(row: VersionRow): string[] {
  const marks = [
    row.current ? 'now' : '',
    row.executable ? 'program' : '',
    row.kind === 'symlink' ? 'link' : '',
    row.madeFrom === undefined ? '' : `moved here, was V${row.madeFrom.number} ${elsewhere(row.madeFrom)}`,
    row.reason === 'created' || row.reason === 'edited' || row.reason === 'unknown' ? '' : row.reason,
  ];
  return [
    `V${row.number}`,
    when(row.at),
    bytes(row.size),
    `${row.user} on ${row.device}`,
    [...marks.filter((mark) => mark !== ''), ...keptWords(row)].join(', '),
  ];
}

function historyLines(result: HistoryResult): string[] {
  if (result.nodes.length === 0) return [`Nothing was ever known at ${result.path}.`];
  return result.nodes.flatMap((node, index) => {
    const { deleted } = node;
    const place =
      deleted !== null
        ? `${deleted.wentTo ? 'moved' : 'deleted'} ${when(deleted.at)} by ${deleted.user} on ${deleted.device}${deleted.wentTo ? `: it is ${elsewhere(deleted.wentTo)} now` : ''}`
        : node.path === result.path
          ? 'stands here'
          : `stands at ${node.path} today`;
    const head = `${result.path}: a ${node.kind} that ${deleted === null ? '' : 'was '}${place}`;
    return [...(index === 0 ? [] : ['']), head, ...table(node.versions.map(versionCells), '  ')];
  });
}

function typedPath(input: VerbInput): string {
  return input.positionals[0] ?? '';
}

export const history: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const path = await syncPathBelow(input, client, typedPath(input));
    if (path.kind === 'told') return path.exit;
    const asked = await ask(input.out, client, 'history', { path: path.value });
    if (asked.kind === 'told') return asked.exit;
    input.out.result(asked.value);
    input.out.say(...historyLines(asked.value));
    return asked.value.nodes.length === 0 ? EXIT.no : EXIT.ok;
  });

/** With `--json` one object, its base64 written piece by piece, so that a large file needs no memory. */
async function catHead(input: VerbInput, piece: CatResult): Promise<void> {
  if (!input.out.json) return;
  const { bytes: _bytes, offset: _offset, next: _next, ...about } = piece;
  await input.out.raw(`${JSON.stringify({ ...about, offset: 0, next: null }).slice(0, -1)},"bytes":"`);
}

async function catPiece(input: VerbInput, piece: CatResult): Promise<void> {
  await input.out.raw(input.out.json ? piece.bytes : Buffer.from(piece.bytes, 'base64'));
}

/** What lies in the server's cold storage is said so, and waited for; whoever does not want to wait ends it. */
async function askThawed(
  input: VerbInput,
  client: ControlClient,
  params: Params<'cat'>,
): Promise<Asked<CatResult>> {
  let told = false;
  for (;;) {
    const outcome = await client.call('cat', params);
    if (outcome.kind === 'ok') return outcome;
    const pause = outcome.kind === 'refused' ? thawPauseMs(outcome) : null;
    if (outcome.kind !== 'refused' || pause === null) return saidWhy(input.out, outcome);
    if (!told) input.io.stderr(`${await thawingSentence(outcome.facts)}\n`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function thawingSentence(facts: Refused['facts']): Promise<string> {
  const { sentenceOf } = await import('../protocol/errors.ts');
  return printable(sentenceOf('thawing', facts));
}

export const cat: VerbRun = (input) => {
  const typed = input.options['version'];
  const chosen = typed === undefined ? {} : { version: versionChoice(typed) };
  return withEngine(input, async (client) => {
    const path = await syncPathBelow(input, client, typedPath(input));
    if (path.kind === 'told') return path.exit;
    const first = await askThawed(input, client, { path: path.value, ...chosen });
    if (first.kind === 'told') return first.exit;
    await catHead(input, first.value);
    await catPiece(input, first.value);
    for (let next = first.value.next; next !== null; ) {
      const { version } = first.value;
      const more = await askThawed(input, client, { path: path.value, version, offset: next });
      if (more.kind === 'told') return more.exit;
      await catPiece(input, more.value);
      next = more.value.next;
    }
    if (input.out.json) await input.out.raw('"}\n');
    return EXIT.ok;
  });
};
