/** What the keeper of shares needs of the machine: the state folders of shares, and engines that run on them. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NamespaceId } from '../../protocol/ids.ts';
import type { Account } from '../account.ts';
import type { Engine } from '../engine.ts';
import type { Boundaries } from '../local/boundaries.ts';

/** A running engine of one share. */
export interface ShareEngine {
  readonly engine: Engine;
  /** Absolute path of its root. */
  readonly folder: string;
  close(): Promise<void>;
}

export interface ShareStart {
  readonly namespace: NamespaceId;
  readonly folder: string;
  readonly token: string;
  readonly paused: boolean;
  readonly mayWrite: boolean;
  readonly boundaries: Boundaries;
}

export type ShareStarted =
  | { readonly kind: 'running'; readonly running: ShareEngine }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: string };

export interface ShareHomes {
  /** Null: this device has no place in that share yet, or none that can be read. */
  account(namespace: NamespaceId): Account | null;
  /** Its token, readable only with the token of the device itself; null: it has to be asked for anew. */
  token(namespace: NamespaceId, key: string): string | null;
  /** False: it could not be written. */
  put(namespace: NamespaceId, account: Account, token: string, key: string): boolean;
  /** It is not good any more: another one is asked for. */
  forgetToken(namespace: NamespaceId): void;
  /** Puts the mark of the share into a folder that is there. */
  mark(namespace: NamespaceId, folder: string): Promise<boolean>;
  start(options: ShareStart): Promise<ShareStarted>;
  /** Nothing of it is needed any more. */
  remove(namespace: NamespaceId): void;
}
