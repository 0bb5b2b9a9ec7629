/** Verbs about what is kept on this computer and what stays online only. */
import { EXIT } from '../ipc/exit.ts';
import type { FolderRemoveResult, FolderRow } from '../ipc/selection.ts';
import { ask, askAbout, syncPath, syncPathBelow, withEngine } from './ask-engine.ts';
import { bytes, plural, table } from './text.ts';
import type { VerbRun } from './verbs.ts';

const PLACES: Readonly<Record<FolderRow['place'], string>> = {
  here: 'on this computer',
  online: 'stays online',
  partly: 'partly on this computer',
};

const REASONS: Readonly<Record<FolderRemoveResult['blocked'][number]['why'], string>> = {
  'not-uploaded': 'not on the server yet',
  coming: 'changed by others, not here yet',
  conflict: 'in a conflict that is not settled',
  problem: 'has a problem',
  unseen: 'cannot be read',
  'left-out': 'left out by a rule although it was synced',
};

export const listFolders: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const [typed] = input.positionals;
    const folder =
      typed === undefined ? ({ kind: 'ok', value: '' } as const) : await syncPath(input, client, typed);
    if (folder.kind === 'told') return folder.exit;
    const asked = await ask(input.out, client, 'folders.list', { folder: folder.value });
    if (asked.kind === 'told') return asked.exit;
    input.out.result(asked.value);
    const rows = asked.value.folders.map((each) => [
      each.path,
      PLACES[each.place],
      plural(each.files, 'file'),
      bytes(each.bytes),
    ]);
    input.out.say(...(rows.length === 0 ? ['There are no folders.'] : table(rows)));
    return EXIT.ok;
  });

export const removeFolder: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const path = await syncPathBelow(input, client, input.positionals[0] ?? '');
    if (path.kind === 'told') return path.exit;
    const dryRun = input.switches.has('dry-run');
    const asked = await ask(input.out, client, 'folders.remove', { path: path.value, dryRun });
    if (asked.kind === 'told') return asked.exit;
    const { blocked, blockedTotal, sentence } = asked.value;
    input.out.result(asked.value);
    input.out.say(
      sentence,
      ...table(
        blocked.map((each) => [each.path, REASONS[each.why]]),
        '  ',
      ),
    );
    if (blockedTotal > blocked.length) input.out.say(`  and ${blockedTotal - blocked.length} more`);
    if (dryRun && blockedTotal === 0) input.out.say('Nothing was changed: this was a dry run.');
    return blockedTotal > 0 ? EXIT.no : EXIT.ok;
  });

export const bringFolder: VerbRun = (input) =>
  askAbout(
    input,
    'folders.bring',
    (path) => ({ path }),
    ({ sentence }) => input.out.say(sentence),
  );
