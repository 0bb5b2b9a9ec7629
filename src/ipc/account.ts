/** Passwords and accounts, as the app and the command line ask for them. */
import { type Static, Type } from 'typebox';
import type { ErrorCode } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { Count, open, record, Sentence } from './shapes.ts';

const Password = Type.String({ minLength: 1, maxLength: LIMITS.passwordBytes });

/** `unlinkOthers`: every other device of the user is ended with it. Without it all stay linked, whatever the password. */
export const PasswordParams = record({ old: Password, new: Password, unlinkOthers: Type.Boolean() });
/** Devices besides this one: how many are linked now, and how many were ended. */
export const PasswordResult = open({ others: Count, unlinked: Count, sentence: Sentence });
export type PasswordResult = Static<typeof PasswordResult>;

/** Making an account needs no device: it goes before linking one. `code` null: none was given. */
export interface SignUpOptions {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly code: string | null;
  /** Certificates (PEM) that are trusted besides those of the system; null: none. */
  readonly ca: string | null;
}

export type SignUpResult =
  /** `user`: the name as the server spells it. */
  | { readonly kind: 'signed-up'; readonly user: string; readonly server: string }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly facts: Readonly<Record<string, string | number>>;
    };
