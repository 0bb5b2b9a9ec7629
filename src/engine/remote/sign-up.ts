/** Asking a server for an account. */
import { ACCOUNT_ROUTES, SignUpAnswer, type SignUpRequest } from '../../protocol/account-routes.ts';
import { classify } from './answers.ts';
import { defineCall, requestOf } from './call.ts';
import type { LinkParts } from './link.ts';
import type { ServerTrouble } from './server.ts';
import { checkServerUrl } from './server-url.ts';

const SIGN_UP = defineCall(ACCOUNT_ROUTES.signUp, SignUpAnswer);

export type SignedUp =
  | { readonly kind: 'signed-up'; readonly user: string; readonly serverUrl: string }
  /** Nothing was sent. */
  | { readonly kind: 'refused'; readonly sentence: string }
  | ServerTrouble;

/** Sends the password once, to an address that protects it; the connection is closed afterwards. */
export async function signUpAt(
  parts: LinkParts,
  serverUrl: string,
  request: SignUpRequest,
): Promise<SignedUp> {
  const checked = checkServerUrl(serverUrl);
  if (checked.kind === 'refused') return checked;
  const transport = parts.connect(checked.url);
  try {
    const outcome = await transport.exchange(requestOf(SIGN_UP, request, {}, {}));
    const result = classify(SIGN_UP, outcome, null, parts.clock.now());
    if (result.kind === 'trouble') return result;
    return { kind: 'signed-up', user: result.value.value.user, serverUrl: checked.url };
  } finally {
    await transport.close();
  }
}
