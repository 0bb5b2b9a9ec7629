/** Making an account on a server, before anything is linked there. */
import type { SignUpOptions, SignUpResult } from '../ipc/account.ts';
import { passwordFault } from '../protocol/new-password.ts';
import { nodeClock } from './local/node-clock.ts';
import { createNodeTransport } from './remote/node-transport.ts';
import { signUpAt } from './remote/sign-up.ts';

export async function signUp(options: SignUpOptions): Promise<SignUpResult> {
  const { server, user, password, code, ca } = options;
  const fault = passwordFault(user, password);
  if (fault !== null) return { kind: 'refused', code: 'bad-password', facts: { detail: fault } };
  const connect = (serverUrl: string) => createNodeTransport({ serverUrl, env: process.env, ca });
  const request = { user, password, ...(code === null ? {} : { code }) };
  const done = await signUpAt({ clock: nodeClock, connect }, server, request);
  if (done.kind === 'signed-up') return { kind: 'signed-up', user: done.user, server: done.serverUrl };
  if (done.kind === 'refused')
    return { kind: 'refused', code: 'bad-address', facts: { detail: done.sentence } };
  const isNone = done.code === 'unreachable' || done.code === 'bad-answer';
  const facts = { server, detail: done.detail, seconds: Math.ceil(done.retryAfterMs / 1000) };
  return { kind: 'refused', code: isNone ? 'no-server' : done.code, facts };
}
