/**
 * The contract between the windows and the main process: the only calls a renderer can make, each with the schemas of
 * its params and its result. Main checks the sender, then the params; what the engine answers was checked by the
 * client of the control socket.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { ErrorCode } from '../protocol/errors.ts';
import type { Answer, Method, Params, Result } from './contract.ts';
import type { ControlEvent } from './events.ts';
import { Count, Facts, nullable, oneOf, open, record, SyncPath } from './shapes.ts';

/** 'locked': the keychain of the system has not given the token yet. 'engine-lost': it ended and is started again. */
export const ShellPhase = oneOf('starting', 'first-run', 'running', 'engine-lost', 'locked');
export type ShellPhase = Static<typeof ShellPhase>;

export const Language = oneOf('en', 'de');
export type Language = Static<typeof Language>;

/** What the app itself keeps; the engine keeps its own (EngineSettings). */
export const AppSettings = record({
  language: Type.Union([Language, Type.Literal('system')]),
  theme: oneOf('system', 'light', 'dark'),
  startAtLogin: Type.Boolean(),
  /** Which causes may raise a notification of the system. */
  notify: record({
    conflicts: Type.Boolean(),
    review: Type.Boolean(),
    problems: Type.Boolean(),
    connection: Type.Boolean(),
    finished: Type.Boolean(),
  }),
  pauseOnMetered: Type.Boolean(),
  pauseOnBattery: Type.Boolean(),
  /** A program with BASE, LEFT, RIGHT and OUT in its arguments; null: none chosen. */
  mergeTool: nullable(
    record({
      command: Type.String({ minLength: 1, maxLength: 4096 }),
      args: Type.Array(Type.String({ maxLength: 4096 }), { maxItems: 32 }),
    }),
  ),
});
export type AppSettings = Static<typeof AppSettings>;

export const ShellState = open({
  phase: ShellPhase,
  platform: oneOf('linux', 'macos', 'windows'),
  version: Type.String(),
  language: Language,
  /** As the setting and the system together have it. */
  dark: Type.Boolean(),
  settings: AppSettings,
  /** 'weak': what the system offers is no more than a disguise. 'none': nothing; the token is in an owner-only file. */
  keychain: oneOf('strong', 'weak', 'none'),
  /** False when no tray took the icon: the window is then the app. */
  tray: Type.Boolean(),
  /** How often the engine had to be started again, and why the last time. */
  restarts: Count,
  lastEnd: nullable(Type.String()),
  folder: nullable(Type.String()),
  /** The bundled server runs on this computer, for "try it on this computer". */
  serverHere: Type.Boolean(),
  /** What the updater found; 'notify': this kind of package is updated by the system. */
  update: nullable(open({ version: Type.String(), how: oneOf('restart', 'notify') })),
  /** What "get started" proposes. */
  proposed: open({ folder: Type.String(), device: Type.String() }),
});
export type ShellState = Static<typeof ShellState>;

/** Certificates that were shown by main and trusted by the user, by their name from there; null: none. */
const TrustedCertificates = nullable(Type.String({ pattern: '^[0-9a-f]{64}$' }));

/** Where the first run syncs to: the bundled server on this computer, or a server with an account. */
export const LinkTarget = Type.Union([
  record({ kind: Type.Literal('here') }),
  record({
    kind: Type.Literal('server'),
    server: Type.String({ minLength: 1, maxLength: 2048 }),
    user: Type.String({ minLength: 1, maxLength: 256 }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
    certificates: TrustedCertificates,
  }),
]);
export type LinkTarget = Static<typeof LinkTarget>;
/** `code`: of an invitation; null: none. */
export const SignUpParams = record({
  server: Type.String({ minLength: 1, maxLength: 2048 }),
  user: Type.String({ minLength: 1, maxLength: 256 }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
  code: nullable(Type.String({ minLength: 1, maxLength: 128 })),
  certificates: TrustedCertificates,
});
export type SignUpParams = Static<typeof SignUpParams>;
const Device = Type.String({ minLength: 1, maxLength: 128 });
const AbsolutePath = Type.String({ minLength: 1, maxLength: 65_536 });
export const LinkParams = record({ target: LinkTarget, folder: AbsolutePath, device: Device });

const Paths = Type.Array(Type.String());
export const MergePlanShown = open({
  identical: Count,
  upload: Count,
  download: Count,
  differ: Count,
  excluded: Count,
  unseen: Count,
  zombies: Count,
  unportable: Count,
  samples: open({
    identical: Paths,
    upload: Paths,
    download: Paths,
    differ: Paths,
    zombies: Paths,
    unportable: Paths,
    unseen: Paths,
  }),
});
export type MergePlanShown = Static<typeof MergePlanShown>;

const Refusal = open({ kind: Type.Literal('refused'), code: ErrorCode, facts: Facts });
const Done = open({ kind: Type.Literal('done') });
const MaybeDone = Type.Union([Done, Refusal]);

export const LinkPlanned = Type.Union([
  open({ kind: Type.Literal('planned'), folder: Type.String(), plan: MergePlanShown }),
  Refusal,
]);
export type LinkPlanned = Static<typeof LinkPlanned>;

export const CertificateShown = open({
  /** Whom it is of: a name or an organisation, and all that stands there. */
  subject: Type.String(),
  /** SHA-256, in pairs with colons. */
  fingerprint: Type.String(),
  validUntil: Type.Number(),
  isOver: Type.Boolean(),
});
export type CertificateShown = Static<typeof CertificateShown>;

/** What was chosen to be looked at. Nothing is trusted by it: `id` names it in a call that does. */
export const CertificatesChosen = Type.Union([
  open({ kind: Type.Literal('nothing') }),
  open({ kind: Type.Literal('unreadable'), file: Type.String() }),
  open({ kind: Type.Literal('no-certificate'), file: Type.String() }),
  open({
    kind: Type.Literal('certificates'),
    file: Type.String(),
    id: Type.String(),
    shown: Type.Array(CertificateShown),
  }),
]);
export type CertificatesChosen = Static<typeof CertificatesChosen>;

/** How an external merge stands. 'changed': OUT was written and can be taken. */
export const MergeToolState = open({
  conflict: Type.String(),
  stage: oneOf('opened', 'changed', 'closed', 'failed'),
  detail: Type.String(),
});
export type MergeToolState = Static<typeof MergeToolState>;

export interface WindowCallShape {
  readonly params: TSchema;
  readonly result: TSchema;
}
function call<P extends TSchema, R extends TSchema>(params: P, result: R) {
  return { params, result } as const;
}
const None = record({});
const ConflictId = Type.String({ minLength: 1, maxLength: 64 });

export const WINDOW_CALLS = {
  'shell.state': call(None, ShellState),
  /** A folder chooser of the system; null when nothing was chosen. */
  'first-run.choose-folder': call(None, open({ folder: nullable(Type.String()) })),
  /** A file chooser of the system, for the certificate of a server that has one of its own. */
  'first-run.choose-certificates': call(None, CertificatesChosen),
  /** Makes an account on a server; links nothing. */
  'first-run.sign-up': call(SignUpParams, MaybeDone),
  /** What would happen; changes nothing. */
  'first-run.plan': call(LinkParams, LinkPlanned),
  'first-run.begin': call(LinkParams, MaybeDone),
  /** Links this computer anew where it was: after "signed out". Nothing is deleted by it. */
  'sign-in': call(record({ password: Type.String({ minLength: 1, maxLength: 1024 }) }), MaybeDone),
  /** With the program the system has for it; never one that runs by being opened: those are shown in their folder. */
  'open.file': call(record({ path: SyncPath }), MaybeDone),
  /** In the file manager; '' is the synced folder itself. */
  'open.show': call(record({ path: Type.Union([SyncPath, Type.Literal('')]) }), MaybeDone),
  /** A read-only copy of a version, opened with the program of the system. */
  'open.version': call(
    record({ node: Type.String({ maxLength: 64 }), version: Type.String({ maxLength: 64 }) }),
    MaybeDone,
  ),
  'settings.set': call(record({ settings: AppSettings }), ShellState),
  'merge-tool.choose': call(None, open({ command: nullable(Type.String()) })),
  'merge-tool.open': call(record({ id: ConflictId }), MaybeDone),
  /** What the tool left in OUT, as base64, to be sent as the merged content. */
  'merge-tool.take': call(
    record({ id: ConflictId }),
    Type.Union([open({ kind: Type.Literal('text'), bytes: Type.String() }), Refusal]),
  ),
  /** The text as it was shown, where the user wants it; null when nothing was chosen. */
  'bundle.save': call(
    record({ text: Type.String({ maxLength: 16 * 1024 * 1024 }) }),
    open({ file: nullable(Type.String()) }),
  ),
  'update.install': call(None, MaybeDone),
  /** Opens the main window at a route such as '/conflicts/ID'. */
  'window.show': call(record({ route: Type.String({ maxLength: 1024, pattern: '^/[\\s\\S]*$' }) }), Done),
  /** Closes the popover, if that is what asks. */
  'window.close': call(None, Done),
  quit: call(None, Done),
} as const satisfies Record<string, WindowCallShape>;

export type WindowCall = keyof typeof WINDOW_CALLS;
export type WindowParams<C extends WindowCall> = Static<(typeof WINDOW_CALLS)[C]['params']>;
export type WindowResult<C extends WindowCall> = Static<(typeof WINDOW_CALLS)[C]['result']>;

export type WindowEvent =
  | { readonly kind: 'shell'; readonly state: ShellState }
  | { readonly kind: 'engine'; readonly event: ControlEvent }
  | { readonly kind: 'merge-tool'; readonly state: MergeToolState }
  /** Main asks the window to go somewhere: a notification or a tray entry was clicked. */
  | { readonly kind: 'route'; readonly route: string };

/** Besides an answer: nobody is there to ask ('gone'), or what came back makes no sense ('fault'). */
export type EngineReply<M extends Method> =
  | Answer<Result<M>>
  | { readonly kind: 'gone' }
  | { readonly kind: 'fault'; readonly message: string };

/** The engine's methods a window may call; the rest belongs to the command line and to main. */
export const WINDOW_METHODS = [
  'status',
  'pause',
  'resume',
  'rescan',
  'conflicts.list',
  'conflicts.show',
  'conflicts.resolve',
  'conflicts.undo',
  'history',
  'cat',
  'label',
  'restore',
  'trash.list',
  'trash.restore',
  'moment.plan',
  'moment.restore',
  'review.list',
  'review.files',
  'review.approve',
  'review.reject',
  'explain',
  'repair',
  'doctor',
  'activity.list',
  'activity.undo',
  'transfers',
  'problems.list',
  'problems.remedy',
  'ignore.get',
  'ignore.preview',
  'ignore.set',
  'folders.list',
  'folders.remove',
  'folders.bring',
  'settings.get',
  'settings.set',
  'devices.list',
  'devices.revoke',
  'retention.get',
  'retention.set',
  'hold',
  'shares.list',
  'shares.create',
  'shares.answer',
  'shares.members',
  'shares.member',
  'shares.remove',
  'shares.leave',
  'shares.move',
  'shares.here',
  'usage',
  'password',
  'bundle',
] as const satisfies readonly Method[];
export type WindowMethod = (typeof WINDOW_METHODS)[number];

/** What the preload puts at `window.tidemark`: nothing else crosses. */
export interface WindowBridge {
  readonly ask: <C extends WindowCall>(name: C, params: WindowParams<C>) => Promise<WindowResult<C>>;
  readonly engine: <M extends WindowMethod>(method: M, params: Params<M>) => Promise<EngineReply<M>>;
  /** Events from now on; the returned function ends them. */
  readonly onEvent: (listener: (event: WindowEvent) => void) => () => void;
}

export { APP_SCHEME, CHANNELS, PREVIEW_BYTES, PREVIEW_SCHEME, previewUrl } from './window-names.ts';
