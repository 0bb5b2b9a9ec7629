/** What is typed to make an account. Pure. */
import type { SignUpParams } from '../../../ipc/window.ts';

export interface SignUpForm {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly again: string;
  /** Of an invitation; empty where the server asks for none. */
  readonly code: string;
}
export type SignUpField = keyof SignUpForm;

/** Null while something that is needed is not there, or the two passwords differ. */
export function signUpOf(
  { server, user, password, again, code }: SignUpForm,
  certificates: string | null,
): SignUpParams | null {
  const wish = { server: server.trim(), user: user.trim(), password, certificates };
  if (wish.server === '' || wish.user === '' || password === '' || again !== password) return null;
  return { ...wish, code: code.trim() === '' ? null : code.trim() };
}

const FIELD_OF: Readonly<Record<string, SignUpField>> = {
  'user-taken': 'user',
  'bad-password': 'password',
  'sign-up-code': 'code',
  unprocessable: 'user',
};

/** Where a refusal is said: what is about nothing that was typed is about the server. */
export function signUpFieldOf(code: string): SignUpField {
  return FIELD_OF[code] ?? 'server';
}
