/**
 * One table for every error: what it concerns, whether trying again helps, the HTTP status when a server says it, and
 * the sentence the user reads. `{file}` and other names in braces are filled in from the facts of the case.
 */
import { type Static, Type } from 'typebox';
import { type ErrorRow, ROOT_ERRORS } from './root-errors.ts';

export type { ErrorRow, ErrorScope, RetryRule } from './root-errors.ts';

export const ERRORS = {
  // network and server
  unreachable: {
    scope: 'network',
    retry: 'backoff',
    status: null,
    sentence:
      'The server at {server} cannot be reached. Your changes wait on this computer and go up when it answers.',
  },
  paused: {
    scope: 'network',
    retry: 'never',
    status: null,
    sentence: 'Sync is paused, and this needs the server. Nothing was changed; resume, and try again.',
  },
  'bad-certificate': {
    scope: 'network',
    retry: 'backoff',
    status: null,
    sentence:
      'What answers at {server} cannot prove that it is this server ({detail}). Nothing was sent to it. Whoever runs the server has to see to its certificate; one of their own is trusted with --ca.',
  },
  'bad-answer': {
    scope: 'network',
    retry: 'backoff',
    status: null,
    sentence:
      'The server at {server} sent an answer that makes no sense ({detail}). Nothing was changed; Tidemark tries again.',
  },
  'no-server': {
    scope: 'network',
    retry: 'never',
    status: null,
    sentence:
      'No Tidemark server answers at {server} ({detail}). Nothing was linked; check the address, and whether the server runs.',
  },
  'bad-address': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: '{detail} Nothing was linked or sent.',
  },
  internal: {
    scope: 'network',
    retry: 'backoff',
    status: 500,
    sentence: 'The server had a fault of its own. Nothing was changed; Tidemark tries again.',
  },
  unavailable: {
    scope: 'network',
    retry: 'backoff',
    status: 503,
    sentence: 'The server is starting or stopping. Tidemark tries again.',
  },
  'too-many-requests': {
    scope: 'network',
    retry: 'backoff',
    status: 429,
    sentence: 'The server asks for a pause. Tidemark goes on in {seconds} s.',
  },
  'server-space': {
    scope: 'network',
    retry: 'backoff',
    status: 507,
    sentence: 'The server has no room left. Your changes wait on this computer.',
  },
  // account
  'wrong-password': {
    scope: 'account',
    retry: 'never',
    status: 401,
    sentence: 'The user name or password is not right. Nothing was linked or changed.',
  },
  'bad-password': {
    scope: 'request',
    retry: 'never',
    status: 422,
    sentence: 'That password cannot be used: {detail}. Nothing was changed.',
  },
  'sign-up-closed': {
    scope: 'request',
    retry: 'never',
    status: 403,
    sentence:
      'This server makes no accounts for those who ask. Whoever runs it can add you, or let people sign up. Nothing was changed.',
  },
  'sign-up-code': {
    scope: 'request',
    retry: 'never',
    status: 403,
    sentence:
      'This server lets people in by invitation only, and waits for another code: each is used once, and not for ever. Ask whoever runs it for one. Nothing was changed.',
  },
  'user-taken': {
    scope: 'request',
    retry: 'never',
    status: 409,
    sentence: 'There is an account with that name already. Choose another one; nothing was changed.',
  },
  'signed-out': {
    scope: 'account',
    retry: 'never',
    status: 401,
    sentence:
      'This device is no longer linked to the account. Sign in again; every file stays on this computer.',
  },
  forbidden: {
    scope: 'account',
    retry: 'never',
    status: 403,
    sentence: 'Your account may not change {file}. Your version stays on this computer.',
  },
  'no-such-share': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'Nothing that is shared with you is called {share}. `tidemark shares` lists what is.',
  },
  'share-unclear': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'More than one share is called {share}. Name it by its folder or its id: {others}.',
  },
  'share-not-sent': {
    scope: 'request',
    retry: 'on-change',
    status: null,
    sentence:
      'Not everything in {share} is in step, or a conflict in it is open: its folder stays here. Wait until it is up to date, then try again.',
  },
  'share-folder': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence:
      '{file} is the folder of a share: ask for something in it, or take it off this computer with `tidemark shares off`. Nothing was changed.',
  },
  'no-such-folder': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence:
      '{file} cannot hold a share: it is no folder of yours that is on this computer. Nothing was changed.',
  },
  'share-refused': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'That was refused: {detail}. Nothing was changed.',
  },
  'device-cloned': {
    scope: 'account',
    retry: 'never',
    status: 409,
    sentence:
      'Another copy of this device is in use. Link this computer again; it then merges, and nothing is deleted.',
  },
  quota: {
    scope: 'account',
    retry: 'on-space',
    status: 507,
    sentence:
      'The account is full ({detail}). {file} waits on this computer and goes up when there is room; whoever runs the server can give more.',
  },
  // requests
  'bad-request': {
    scope: 'request',
    retry: 'never',
    status: 400,
    sentence: 'The server did not understand the request: {detail}.',
  },
  'not-found': {
    scope: 'request',
    retry: 'never',
    status: 404,
    sentence: 'The server knows nothing by that name.',
  },
  'too-large': {
    scope: 'request',
    retry: 'never',
    status: 413,
    sentence: '{detail} is larger than this server takes.',
  },
  unprocessable: {
    scope: 'request',
    retry: 'never',
    status: 422,
    sentence: 'The server refused the change: {detail}.',
  },
  'no-moment': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: '{file} cannot be shown as it was then: {detail}. Nothing was changed.',
  },
  'protocol-version': {
    scope: 'network',
    retry: 'never',
    status: 426,
    sentence: 'Server and app speak different versions. Update the older one; every file stays as it is.',
  },
  'changed-since': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence:
      '{file} was changed again since, so this cannot be taken back any more. Its history has every version.',
  },
  'name-taken': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence:
      '{file}, or a name that differs from it by case only, is there already. Choose another name; nothing was changed.',
  },
  'not-undoable': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'This cannot be taken back from here. Nothing was changed.',
  },
  'late-edit': {
    scope: 'file',
    retry: 'backoff',
    status: 409,
    sentence:
      '{file} was changed elsewhere before your change arrived, and the server takes no late changes at the moment. Yours waits on this computer; nothing was overwritten.',
  },
  'key-reused': {
    scope: 'file',
    retry: 'never',
    status: 422,
    sentence:
      'The change to {file} clashed with an earlier one of this device and is sent again under a new key.',
  },
  'key-burned': {
    scope: 'file',
    retry: 'never',
    status: 422,
    sentence: 'An older attempt for {file} was overtaken by a newer one.',
  },
  'bad-name': {
    scope: 'file',
    retry: 'on-change',
    status: 422,
    sentence: '{file} has a name that cannot be synced: {detail}. It stays as it is here.',
  },
  'bad-manifest': {
    scope: 'file',
    retry: 'backoff',
    status: 422,
    sentence: '{file} changed while it was sent. It is read again.',
  },
  'bad-chunk': {
    scope: 'file',
    retry: 'backoff',
    status: 422,
    sentence: '{file} changed or was damaged on the way. It is sent again.',
  },
  'unknown-parent': {
    scope: 'file',
    retry: 'backoff',
    status: 422,
    sentence: 'The folder of {file} is not on the server yet. It is sent first.',
  },
  'unknown-node': {
    scope: 'file',
    retry: 'backoff',
    status: 422,
    sentence: 'The server does not know {file} any more. It is compared again.',
  },
  'unknown-version': {
    scope: 'file',
    retry: 'never',
    status: 422,
    sentence: 'That version of {file} is not kept any more.',
  },
  'file-too-large': {
    scope: 'file',
    retry: 'on-change',
    status: 413,
    sentence: '{file} is larger than the server takes. It stays on this computer.',
  },
  thawing: {
    scope: 'file',
    retry: 'backoff',
    status: 503,
    sentence:
      '{file} is being brought back from the cold storage of the server. It comes by itself in about {seconds} s.',
  },
  // disk
  'disk-full': {
    scope: 'root',
    retry: 'on-space',
    status: null,
    sentence:
      'There is no room on the disk for {file}. It is fetched when there is space; nothing was cut short.',
  },
  'no-access': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      '{file} cannot be read or written here. Grant access to it; until then it waits and is never taken for deleted.',
  },
  'review-grew': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence:
      'More is held by now than you were shown: {count} files. Nothing was decided; look at them again.',
  },
  'file-busy': {
    scope: 'file',
    retry: 'backoff',
    status: null,
    sentence: '{file} is in use by another program. Tidemark tries again.',
  },
  'file-changing': {
    scope: 'file',
    retry: 'backoff',
    status: null,
    sentence: '{file} keeps changing. It is sent when it rests.',
  },
  'name-held': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      '{file} cannot exist under this name on this disk: {detail}. Rename it for everyone, and it comes down.',
  },
  'case-twin': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      '{file} differs from {other} only by case, and this disk cannot hold both. Rename one for everyone.',
  },
  'name-not-text': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence: 'A file in {file} has a name that is not readable text. It stays as it is and is not synced.',
  },
  'not-a-file': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence: '{file} is a device, pipe or socket. It stays as it is and is not synced.',
  },
  'other-mount': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence: '{file} is on another mounted disk. It is left alone, and never taken for deleted.',
  },
  'disk-error': {
    scope: 'file',
    retry: 'backoff',
    status: null,
    sentence:
      'The disk reports an error at {file} ({detail}). Nothing is taken for deleted; Tidemark tries again.',
  },
  'damaged-download': {
    scope: 'file',
    retry: 'backoff',
    status: null,
    sentence: '{file} did not arrive whole. It is fetched again; what you have stays.',
  },
  'in-the-way': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      'Something that is not synced stands where {file} belongs. Move it aside, and {file} comes down.',
  },
  'in-online-folder': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: '{file} is in {other}, which stays online as a whole. Bring {other} to this computer.',
  },
  'not-a-folder': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: '{file} is not a folder.',
  },
  'silent-change': {
    scope: 'file',
    retry: 'on-change',
    status: null,
    sentence:
      'The bytes of {file} changed although nothing says that it was edited (a failing disk?). It was not sent. "tidemark repair --file" takes it as your edit; the history has the version before.',
  },
  ...ROOT_ERRORS,
  // the app
  'engine-gone': {
    scope: 'request',
    retry: 'backoff',
    status: null,
    sentence: 'The sync engine is just being started. Nothing was changed; try again in a moment.',
  },
  'cannot-open': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: '{file} could not be opened: {detail}. Nothing was changed.',
  },
  'cannot-start': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'A part of Tidemark did not start: {detail}. Nothing was changed.',
  },
  'linked-already': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'This computer syncs {file} already. Nothing was changed.',
  },
  'no-merge-tool': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'No merge tool is chosen yet: choose one in the settings. Nothing was changed.',
  },
  'merge-not-open': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'The merge tool has written nothing for this conflict. Open it there and save first.',
  },
  'no-update': {
    scope: 'request',
    retry: 'never',
    status: null,
    sentence: 'There is no update that this app can install by itself.',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;
export const ErrorCode = Type.Unsafe<ErrorCode>({ type: 'string', enum: Object.keys(ERRORS) });

export const ErrorAnswer = Type.Object(
  {
    code: ErrorCode,
    detail: Type.String(),
    /** Seconds to wait, with 429 and 503. */
    retryAfter: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { additionalProperties: false },
);
export type ErrorAnswer = Static<typeof ErrorAnswer>;

/** What a sentence is filled in with. */
export type Facts = Readonly<Record<string, string | number>>;

/** Fills the sentence of a code; names that are not given stay readable as they are. */
export function sentenceOf(code: ErrorCode, facts: Facts = {}): string {
  return filledIn(ERRORS[code].sentence, facts, 'A file');
}

/** The facts in their places; one that is a whole sentence brings its own full stop. `aFile`: for a file without a name. */
export function filledIn(sentence: string, facts: Facts, aFile: string): string {
  return sentence.replace(/\{(\w+)\}(\.?)/g, (whole, name: string, stop: string) => {
    const value = facts[name] ?? (name === 'file' ? aFile : null);
    if (value === null) return whole;
    const words = String(value);
    return words.endsWith('.') ? words : words + stop;
  });
}
