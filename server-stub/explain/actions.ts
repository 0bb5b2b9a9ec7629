/** What can be done about it, in the words of the command line: what only looks comes first. */
import type { Action, ConflictLine, NodeLine } from './answer.ts';

const look = (title: string, command: string): Action => ({ title, command, changes: false });
const change = (title: string, command: string): Action => ({ title, command, changes: true });

/** As one word of a shell, whatever is in it. */
export function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const FSCK = [
  look('Look whether everything still fits together', 'tidemark server fsck --data DIR'),
  change('Mend what does not, with the server stopped', 'tidemark server fsck --data DIR --repair'),
] as const;

const SAVE_FIRST = [
  change(
    'Erase nothing until it is understood',
    'tidemark admin switch stop-destructive-gc on --data DIR --why TEXT',
  ),
  change(
    'Let no version go until it is understood',
    'tidemark admin switch widen-holds on --data DIR --why TEXT',
  ),
] as const;

const relative = ({ path }: NodeLine) => shellWord(path.slice(1) || '.');

/** On a device of whoever has the file: the server never writes into people's folders. */
export function nodeActions(at: NodeLine, older: number | null, trash: boolean): readonly Action[] {
  const path = relative(at);
  const file = at.nodeKind !== 'folder';
  return [
    look('On a device of theirs: what it believes, and why', `tidemark explain ${path} --state DIR`),
    ...(file ? [look('On a device: every version', `tidemark history ${path} --state DIR`)] : []),
    ...(at.live
      ? [
          change(
            'On a device that shows something else: fetch it anew',
            `tidemark repair ${file ? '--file' : '--surface'} ${path} --state DIR`,
          ),
        ]
      : []),
    ...(file && at.live && older !== null
      ? [
          change(
            'On a device: an older version on top',
            `tidemark restore ${path} --version ${older} --state DIR`,
          ),
        ]
      : []),
    ...(trash
      ? [
          look('On a device: what its trash holds', 'tidemark trash list --state DIR'),
          change('On a device: bring it back', `tidemark trash restore ${at.node} --state DIR`),
        ]
      : []),
    ...FSCK,
    ...SAVE_FIRST,
  ];
}

export function versionActions(at: NodeLine, number: number, isHead: boolean): readonly Action[] {
  const path = relative(at);
  return [
    look(
      'On a device: its bytes, beside the file',
      `tidemark restore ${path} --version ${number} --as NAME --state DIR`,
    ),
    ...(isHead || !at.live
      ? []
      : [
          change(
            'On a device: this version on top',
            `tidemark restore ${path} --version ${number} --state DIR`,
          ),
        ]),
    change('On a device: keep it for good', `tidemark label ${path} ${number} NAME --state DIR`),
    ...FSCK,
    ...SAVE_FIRST,
  ];
}

export function conflictActions({ conflict, status }: ConflictLine): readonly Action[] {
  return [
    look('On a device: both sides', `tidemark conflicts show ${conflict} --state DIR`),
    status === 'open'
      ? change(
          'On a device: settle it, keeping both',
          `tidemark conflicts resolve ${conflict} --keep both --state DIR`,
        )
      : change('On a device: undo how it was settled', `tidemark conflicts undo ${conflict} --state DIR`),
    change(
      'While it is not understood: edits that clash wait on their devices',
      'tidemark admin switch reject-late-edits on --data DIR --why TEXT',
    ),
  ];
}

export function deviceActions(isRevoked: boolean): readonly Action[] {
  if (isRevoked) return [];
  return [
    look('On it: whether everything is well there', 'tidemark doctor --state DIR'),
    look('On it: what it says of itself', 'tidemark status --state DIR'),
    change('On it: read the journal again from where it is', 'tidemark repair --replay --state DIR'),
    change('On it: enumerate everything anew', 'tidemark repair --surface . --state DIR'),
  ];
}

export function chunkActions(isMissing: boolean): readonly Action[] {
  return [
    ...FSCK,
    ...(isMissing
      ? [look('Where a backup may have it: restore one beside', 'tidemark server restore FROM --data DIR')]
      : []),
    SAVE_FIRST[0],
    change(
      'Keep what unfinished uploads hold',
      'tidemark admin switch quarantine-sessions on --data DIR --why TEXT',
    ),
  ];
}
