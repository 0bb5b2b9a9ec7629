/** Routes about accounts: making one, and another password. */
import { type Static, Type } from 'typebox';
import { LIMITS } from './limits.ts';
import { type Route, route } from './route.ts';
import { Count, record } from './schema.ts';

const Password = Type.String({ minLength: 1, maxLength: LIMITS.passwordBytes });

/** `code`: from whoever runs the server, where it lets people in by invitation only. */
export const SignUpRequest = record({
  user: Type.String({ minLength: 1, maxLength: LIMITS.userNameBytes }),
  password: Password,
  code: Type.Optional(Type.String({ maxLength: 128 })),
});
export type SignUpRequest = Static<typeof SignUpRequest>;
/** `user`: the name as the server spells it. */
export const SignUpAnswer = record({ user: Type.String() });
export type SignUpAnswer = Static<typeof SignUpAnswer>;

/** `endOthers`: the other devices of the user are ended with it. Without it their tokens stay what they are. */
export const PasswordRequest = record({ old: Password, new: Password, endOthers: Type.Boolean() });
export type PasswordRequest = Static<typeof PasswordRequest>;
/** Devices besides the one that asks: how many are linked now, and how many were ended. */
export const PasswordAnswer = record({ others: Count, ended: Count });
export type PasswordAnswer = Static<typeof PasswordAnswer>;

export const ACCOUNT_ROUTES = {
  signUp: route(
    'POST',
    '/v1/sign-up',
    'anyone',
    'json',
    SignUpRequest,
    'json',
    SignUpAnswer,
    'Makes an account, where the operator lets people do that.',
  ),
  changePassword: route(
    'POST',
    '/v1/password',
    'device',
    'json',
    PasswordRequest,
    'json',
    PasswordAnswer,
    'Another password; the devices of the user stay linked unless it asks otherwise.',
  ),
} as const satisfies Record<string, Route>;
