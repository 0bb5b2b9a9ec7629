/** Linking a new device with a user's password. */
import { LinkAnswer, type LinkRequest, ROUTES } from '../../protocol/routes.ts';
import type { Clock } from '../environment/environment.ts';
import type { Transport } from '../environment/transport.ts';
import { classify, SERVER_HEADER, trouble } from './answers.ts';
import { defineCall, requestOf } from './call.ts';
import type { ServerTrouble } from './server.ts';
import { checkServerUrl } from './server-url.ts';

const LINK = defineCall(ROUTES.link, LinkAnswer);

export type LinkResult =
  | { readonly kind: 'linked'; readonly answer: LinkAnswer; readonly serverUrl: string }
  /** Nothing was sent. */
  | { readonly kind: 'refused'; readonly sentence: string }
  | ServerTrouble;

export interface LinkParts {
  readonly clock: Clock;
  /** A transport to the checked address. */
  readonly connect: (serverUrl: string) => Transport;
}

/** Sends the password once, to an address that protects it; the connection is closed afterwards. */
export async function linkDevice(
  parts: LinkParts,
  serverUrl: string,
  request: LinkRequest,
): Promise<LinkResult> {
  const checked = checkServerUrl(serverUrl);
  if (checked.kind === 'refused') return checked;
  const transport = parts.connect(checked.url);
  try {
    const outcome = await transport.exchange(requestOf(LINK, request, {}, {}));
    const result = classify(LINK, outcome, null, parts.clock.now());
    if (result.kind === 'trouble') return result;
    const answer = result.value.value;
    const header = outcome.kind === 'response' ? outcome.headers[SERVER_HEADER] : undefined;
    if (header !== undefined && header !== answer.serverId) {
      return trouble('bad-answer', 'the server gives itself two different ids', true);
    }
    return { kind: 'linked', answer, serverUrl: checked.url };
  } finally {
    await transport.close();
  }
}
