/** Rows of the one table of errors (errors.ts): those that stop everything, about the folder and the state. */

export type ErrorScope = 'file' | 'root' | 'account' | 'network' | 'request';
export type RetryRule =
  | 'never' // needs the user or a new claim
  | 'backoff' // with jitter, up to a minute
  | 'on-change' // when the file or folder changes
  | 'on-space'; // when there is room again

export interface ErrorRow {
  readonly scope: ErrorScope;
  readonly retry: RetryRule;
  readonly status: number | null;
  readonly sentence: string;
}

export const ROOT_ERRORS = {
  'root-gone': {
    scope: 'root',
    retry: 'on-change',
    status: null,
    sentence:
      'The folder {file} is not there (unplugged or moved?). Syncing stops until it is back; nothing is deleted.',
  },
  'root-unwritable': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'Tidemark may not write in {file}. Choose another folder or change its permissions; nothing was changed.',
  },
  'root-not-folder': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      '{file} is a file, and no folder can be made of it or in it. Choose another place; nothing was changed.',
  },
  'root-full': {
    scope: 'root',
    retry: 'on-space',
    status: null,
    sentence: 'The disk of {file} is full. Syncing stops until there is room on it; nothing was changed.',
  },
  'root-foreign': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'The folder {file} belongs to another Tidemark device. Nothing was changed. Choose another folder, or link it with the state it was linked with.',
  },
  'root-nested': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      '{file} lies inside or around a folder that is synced already ({other}). Choose another one; nothing was changed.',
  },
  'root-replaced': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'The mark that Tidemark keeps in {file} is damaged ({detail}), so the folder may be another one. Syncing stops; nothing is deleted. Link it again: it is then merged.',
  },
  'share-astray': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      'The folder {file} belongs to something that is shared, and its place is not known here. It is left alone until it is.',
  },
  'share-read-only': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      'You may look at this share and not change it: your version of {file} stays on this computer, and goes up if you may change things one day.',
  },
  'share-missing': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      'The folder of the share {share} is not at its place ({file}). Nothing was deleted for anybody. Put it back, or give it a place: it comes down again.',
  },
  'share-ended': {
    scope: 'file',
    retry: 'never',
    status: null,
    sentence:
      'You are not in the share {share} any more. Its folder is in the trash of this computer for 30 days.',
  },
  'share-ended-kept': {
    scope: 'file',
    retry: 'never',
    status: null,
    sentence:
      'You are not in the share {share} any more. What you had changed and could not be sent is in {kept}; the rest is in the trash of this computer for 30 days.',
  },
  'share-away-kept': {
    scope: 'file',
    retry: 'never',
    status: null,
    sentence:
      'The folder of the share {share} is off this computer. What you had changed and was not sent yet is in {kept}; the rest is in the trash of this computer for 30 days.',
  },
  'root-restored': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      '{file}, or what Tidemark remembers of it, was put back from an older copy. Everything is compared again and merged; nothing is deleted.',
  },
  'server-restored': {
    scope: 'account',
    retry: 'never',
    status: null,
    sentence:
      'The server was put back from an older backup. Everything is compared again; what it lost goes up once more, and nothing is deleted.',
  },
  'state-inside': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'The state in {other} would lie inside {file}, which is to be synced. Choose another place for one of them; nothing was changed.',
  },
  'state-taken': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'The state in {file} belongs to a device that is linked to another folder. Choose another place for the state; nothing was changed.',
  },
  'state-newer': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence: 'The state in {file} was written by a newer Tidemark. Update this one; nothing was changed.',
  },
  'state-corrupt': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'The state in {file} was damaged and has been set aside. Tidemark compares everything again and deletes nothing.',
  },
  'state-full': {
    scope: 'root',
    retry: 'on-space',
    status: null,
    sentence:
      'The disk that holds the state in {file} is full. Syncing stops until there is room on it; nothing was changed.',
  },
  'state-unusable': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence: 'The state in {file} cannot be used ({detail}). Nothing was changed.',
  },
  'state-in-use': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence: 'Another Tidemark is running with the state in {file} (process {other}).',
  },
  'token-awaited': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence:
      'The sign-in of this computer is kept in its keychain, not in {state}. Open the Tidemark app, or hand it over with: tidemark token give --token-file FILE --state {state}',
  },
  'state-missing': {
    scope: 'root',
    retry: 'never',
    status: null,
    sentence: 'There is no linked device in {file}. Run "tidemark link" first.',
  },
  'hostile-server': {
    scope: 'account',
    retry: 'never',
    status: null,
    sentence:
      'The server at {server} sent something no honest server sends ({detail}). Syncing stops; nothing on this computer was touched.',
  },
  'server-changed': {
    scope: 'account',
    retry: 'never',
    status: null,
    sentence:
      'The server at {server} is not the one this device was linked to. Syncing stops; nothing was changed.',
  },
} as const satisfies Record<string, ErrorRow>;
