/** What a device asks the server about the account of its user. */
import { ACCOUNT_ROUTES, PasswordAnswer, type PasswordRequest } from '../../protocol/account-routes.ts';
import { Caller, type CallParts, defineCall } from './call.ts';
import type { ServerResult } from './server.ts';

const PASSWORD = defineCall(ACCOUNT_ROUTES.changePassword, PasswordAnswer);

export interface AccountCalls {
  changePassword(request: PasswordRequest): Promise<ServerResult<PasswordAnswer>>;
}

/** With a caller of its own: who tried too many passwords is asked to pause, and the files are not. */
export function createAccountCalls(parts: CallParts): AccountCalls {
  const caller = new Caller(parts);
  return { changePassword: (request) => caller.json(PASSWORD, request) };
}
