/**
 * The one contract of the control socket: every method with the schemas of its params and its result. The engine
 * implements `EngineControl`; the command line, the app and tests are clients of it.
 */
import type { Static, TSchema } from 'typebox';
import type { ErrorCode } from '../protocol/errors.ts';
import { PasswordParams, PasswordResult } from './account.ts';
import {
  ConflictParams,
  ConflictShown,
  ConflictsListParams,
  ConflictsListResult,
  ConflictUndoResult,
  ResolveParams,
  ResolveResult,
} from './conflicts.ts';
import { DoctorResult, ExplainParams, ExplainResult, RepairParams, RepairResult } from './diagnosis.ts';
import {
  ActivityListParams,
  ActivityListResult,
  ActivityUndoParams,
  ActivityUndoResult,
  type EngineEvent,
  Transfers,
} from './events.ts';
import {
  CatParams,
  CatResult,
  HistoryParams,
  HistoryResult,
  RestoreParams,
  RestoreResult,
  TrashListParams,
  TrashListResult,
  TrashRestoreParams,
  TrashRestoreResult,
} from './history.ts';
import { MomentParams, MomentPlan, MomentResult } from './moment.ts';
import { ProblemsListParams, ProblemsListResult, RemedyParams, RemedyResult } from './problems.ts';
import {
  HoldParams,
  HoldResult,
  LabelParams,
  LabelResult,
  RetentionGetParams,
  RetentionParams,
  RetentionResult,
} from './retention.ts';
import {
  ReviewApproveParams,
  ReviewFilesParams,
  ReviewFilesResult,
  ReviewListParams,
  ReviewListResult,
  ReviewParams,
  ReviewResult,
} from './review.ts';
import {
  FolderBringParams,
  FolderBringResult,
  FolderRemoveParams,
  FolderRemoveResult,
  FoldersParams,
  FoldersResult,
  IgnoreGetParams,
  IgnoreGetResult,
  IgnorePreviewParams,
  IgnorePreviewResult,
  IgnoreSetParams,
  IgnoreSetResult,
} from './selection.ts';
import {
  BundleParams,
  BundleResult,
  DeviceRevokeParams,
  DeviceRevokeResult,
  DevicesListResult,
  SettingsParams,
  SettingsShown,
  TokenParams,
  TokenResult,
} from './settings.ts';
import {
  ShareAnswerParams,
  ShareCreateParams,
  ShareDone,
  ShareHereParams,
  ShareMemberParams,
  ShareMembersResult,
  ShareMoveParams,
  ShareParams,
  ShareRemoveParams,
  SharesListResult,
  UsageResult,
} from './shares.ts';
import {
  NoParams,
  PauseParams,
  RescanResult,
  ResumeParams,
  Status,
  StopResult,
  WaitParams,
  WaitResult,
} from './status.ts';

export interface MethodShape {
  readonly params: TSchema;
  readonly result: TSchema;
}

function method<P extends TSchema, R extends TSchema>(params: P, result: R) {
  return { params, result } as const;
}

/** Named like the verbs of the command line, with their options as params and the `--json` output as result. */
export const METHODS = {
  status: method(NoParams, Status),
  wait: method(WaitParams, WaitResult),
  pause: method(PauseParams, Status),
  resume: method(ResumeParams, Status),
  stop: method(NoParams, StopResult),
  rescan: method(NoParams, RescanResult),
  'conflicts.list': method(ConflictsListParams, ConflictsListResult),
  'conflicts.show': method(ConflictParams, ConflictShown),
  'conflicts.resolve': method(ResolveParams, ResolveResult),
  'conflicts.undo': method(ConflictParams, ConflictUndoResult),
  history: method(HistoryParams, HistoryResult),
  cat: method(CatParams, CatResult),
  label: method(LabelParams, LabelResult),
  'retention.get': method(RetentionGetParams, RetentionResult),
  'retention.set': method(RetentionParams, RetentionResult),
  hold: method(HoldParams, HoldResult),
  restore: method(RestoreParams, RestoreResult),
  'trash.list': method(TrashListParams, TrashListResult),
  'trash.restore': method(TrashRestoreParams, TrashRestoreResult),
  'moment.plan': method(MomentParams, MomentPlan),
  'moment.restore': method(MomentParams, MomentResult),
  'review.list': method(ReviewListParams, ReviewListResult),
  'review.files': method(ReviewFilesParams, ReviewFilesResult),
  'review.approve': method(ReviewApproveParams, ReviewResult),
  'review.reject': method(ReviewParams, ReviewResult),
  explain: method(ExplainParams, ExplainResult),
  repair: method(RepairParams, RepairResult),
  doctor: method(NoParams, DoctorResult),
  'activity.list': method(ActivityListParams, ActivityListResult),
  'activity.undo': method(ActivityUndoParams, ActivityUndoResult),
  transfers: method(NoParams, Transfers),
  'problems.list': method(ProblemsListParams, ProblemsListResult),
  'problems.remedy': method(RemedyParams, RemedyResult),
  'ignore.get': method(IgnoreGetParams, IgnoreGetResult),
  'ignore.preview': method(IgnorePreviewParams, IgnorePreviewResult),
  'ignore.set': method(IgnoreSetParams, IgnoreSetResult),
  'folders.list': method(FoldersParams, FoldersResult),
  'folders.remove': method(FolderRemoveParams, FolderRemoveResult),
  'folders.bring': method(FolderBringParams, FolderBringResult),
  'settings.get': method(NoParams, SettingsShown),
  'settings.set': method(SettingsParams, SettingsShown),
  'devices.list': method(NoParams, DevicesListResult),
  'devices.revoke': method(DeviceRevokeParams, DeviceRevokeResult),
  /** Another password of the user; this device stays linked. */
  password: method(PasswordParams, PasswordResult),
  'token.give': method(TokenParams, TokenResult),
  'shares.list': method(NoParams, SharesListResult),
  'shares.create': method(ShareCreateParams, ShareDone),
  'shares.answer': method(ShareAnswerParams, ShareDone),
  'shares.members': method(ShareParams, ShareMembersResult),
  /** Invites, or gives another role. */
  'shares.member': method(ShareMemberParams, ShareDone),
  'shares.remove': method(ShareRemoveParams, ShareDone),
  'shares.leave': method(ShareParams, ShareDone),
  'shares.move': method(ShareMoveParams, ShareDone),
  'shares.here': method(ShareHereParams, ShareDone),
  usage: method(NoParams, UsageResult),
  bundle: method(BundleParams, BundleResult),
} as const satisfies Record<string, MethodShape>;

export type Method = keyof typeof METHODS;
export type Params<M extends Method> = Static<(typeof METHODS)[M]['params']>;
export type Result<M extends Method> = Static<(typeof METHODS)[M]['result']>;

export function isMethod(name: string): name is Method {
  return Object.hasOwn(METHODS, name);
}

/** An expected "no": the sentence of the code, filled in with the facts, is what the user reads. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, string | number>>;
}
export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Refused;

export function ok<T>(value: T): Answer<T> {
  return { kind: 'ok', value };
}

export function refused(code: ErrorCode, facts: Readonly<Record<string, string | number>> = {}): Refused {
  return { kind: 'refused', code, facts };
}

/** `signal` aborts when the caller is gone: nobody waits for the answer any more. */
export interface Call {
  readonly signal: AbortSignal;
}

/**
 * What the engine offers. Params are validated before a method is called. A method that throws has a fault: the
 * caller is told "internal", the engine's log gets the rest.
 */
export type EngineControl = {
  readonly [M in Method]: (params: Params<M>, call: Call) => Promise<Answer<Result<M>>>;
} & {
  /** Live events from now on; the returned function ends them. Listeners never throw and never block. */
  readonly onEvent: (listener: (event: EngineEvent) => void) => () => void;
};
