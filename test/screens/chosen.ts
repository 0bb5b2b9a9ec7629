/** Which shots are shown in docs/screens, in the order of reading, and which are compared by the tests. */

interface Chapter {
  readonly title: string;
  readonly shots: readonly { readonly name: string; readonly caption: string }[];
}

const chapter = (title: string, shots: Readonly<Record<string, string>>): Chapter => ({
  title,
  shots: Object.entries(shots).map(([name, caption]) => ({ name, caption })),
});

export const ALBUM: readonly Chapter[] = [
  chapter('Starting', {
    'first-run': 'The first start: try it on this computer, or connect to a server.',
    'first-run-merge': 'A folder that is not empty is compared first: nothing happens before this was seen.',
  }),
  chapter('How things stand', {
    overview: 'The overview: the headline is proof, checked seconds ago.',
    'overview-syncing-dark': 'While it syncs: what moves, how far it is, what waits.',
    'overview-error': 'The folder is gone: syncing stopped before anything could be taken for deleted.',
    'overview-narrow': 'In a narrow window the names of the screens give way to their icons.',
    activity: 'Activity: who did what from which device, each with its undo.',
    problems: 'Problems, grouped by cause, each with its remedy.',
    explain: 'Why is this file as it is? The three trees, and what happens next.',
  }),
  chapter('Conflicts', {
    conflicts: 'Every conflict, with what came about and when.',
    'conflict-text': 'One conflict: the story, and the versions it came from.',
    'conflict-both': 'Keeping both: the copy gets a name of its own.',
    'conflict-merge': 'Merging: only the lines that both changed are asked about.',
    'conflict-picture-onion-dark': 'Pictures are laid over each other.',
    'conflicts-many-plan': 'Many at once: first the plan, file by file.',
  }),
  chapter('Nothing is lost', {
    'history-file': 'Every version of a file, with its author and device.',
    'history-compare-dark': 'An old version beside the current one.',
    'moment-plan': 'A folder as it was at a moment: what would change is shown first.',
    trash: 'The trash: deletions by batch, with who and when.',
    'review-batch': 'A deletion that looks like an accident is held until somebody looked.',
  }),
  chapter('Together', {
    shared: 'Invitations, team spaces, what one shares and what is shared with one, and what ended.',
    share: 'One shared folder: where it is, who is in, with which role.',
    'share-viewer-dark': 'Who may only look is told so before working for nothing.',
    'share-leave': 'Leaving says what happens to the files first.',
  }),
  chapter('Keeping it', {
    'settings-account': 'The account: who, where, and how much is stored.',
    'settings-keeping-shrink': 'For how long history is kept; keeping less is asked about.',
    devices: 'Devices, and when each was seen.',
    'settings-folders-dark-de': 'Which folders are on this computer (German).',
    'settings-ignore': 'Ignore rules, with what they would leave out before they are saved.',
    'settings-bandwidth': 'Limits by time of day, and the proxy.',
    'settings-security': 'Where the sign-in is kept, said honestly.',
  }),
  chapter('The popover of the tray', {
    'popover-setting-up': 'Setting up.',
    popover: 'Up to date.',
    'popover-checking': 'Checking.',
    'popover-syncing': 'Syncing.',
    'popover-paused': 'Paused.',
    'popover-offline': 'Offline.',
    'popover-needs-you': 'Needs you.',
    'popover-warning': 'With a warning.',
    'popover-error': 'Stopped.',
  }),
];

/** Compared by `test/e2e/looks.spec.ts`. */
export const LOOKS: readonly string[] = [
  ...['first-run', 'overview', 'overview-dark', 'overview-needs-you-de', 'overview-narrow', 'overview-empty'],
  ...['activity', 'activity-failing', 'problems', 'explain-dark'],
  ...['conflicts', 'conflict-text', 'conflict-both', 'conflicts-none-dark-de'],
  ...['history-file', 'moment-plan', 'trash', 'review', 'review-batch-dark'],
  ...['shared', 'share', 'share-viewer-dark', 'settings-account-full-dark-de', 'settings-keeping'],
  ...['devices', 'settings-folders', 'settings-bandwidth', 'settings-general'],
  ...['popover', 'popover-dark', 'popover-needs-you', 'popover-offline', 'popover-error', 'popover-de'],
];

/** docs/screens/README.md. */
export function albumText(): string {
  const chapters = ALBUM.map(({ title, shots }) => {
    const pictures = shots.map(({ name, caption }) =>
      name.startsWith('popover')
        ? `<img src="${name}.png" alt="${caption}" title="${caption}" width="270">`
        : `${caption}\n\n![${caption}](${name}.png)`,
    );
    return `## ${title}\n\n${pictures.join(pictures[0]?.startsWith('<') === true ? '\n' : '\n\n')}\n`;
  });
  const lead =
    'Drawn by `npm run screens` from the real pages over made-up answers (`test/screens`). The tests compare them.';
  return `# Screens\n\n${lead}\n\n${chapters.join('\n')}`;
}
