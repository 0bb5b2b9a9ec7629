import { ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import { changePassword, devices, health, hello, link, openapi, revoke, signUp } from './account-routes.ts';
import { commit, finalize, open } from './claim-routes.ts';
import { getChunks } from './get-chunks.ts';
import { notify } from './notify-route.ts';
import { ready, usage } from './operation-routes.ts';
import { presence } from './presence-route.ts';
import { putChunks } from './put-chunks.ts';
import { hold, label, retention, setRetention } from './retention-routes.ts';
import type { RouteHandler } from './route-context.ts';
import {
  answerInvitation,
  createShare,
  linkShare,
  placeShare,
  removeMember,
  setMember,
  shareMembers,
  shares,
} from './share-routes.ts';
import {
  conflicts,
  history,
  journal,
  lookup,
  manifests,
  moment,
  snapshot,
  trash,
  trashPage,
} from './tree-routes.ts';

/** Every route of the protocol has its code, and there is no other. */
export const HANDLERS: Readonly<Record<RouteName, RouteHandler>> = {
  health,
  openapi,
  link,
  devices,
  revoke,
  hello,
  open,
  putChunks,
  finalize,
  commit,
  getChunks,
  manifests,
  journal,
  snapshot,
  notify,
  presence,
  history,
  lookup,
  trash,
  trashPage,
  moment,
  conflicts,
  usage,
  ready,
  label,
  retention,
  setRetention,
  hold,
  shares,
  createShare,
  shareMembers,
  setMember,
  removeMember,
  answerInvitation,
  placeShare,
  linkShare,
  signUp,
  changePassword,
};

export interface FoundRoute {
  readonly name: RouteName;
  readonly route: Route;
  readonly handler: RouteHandler;
}

export type RouteMatch =
  | ({ readonly kind: 'found' } & FoundRoute)
  | { readonly kind: 'other-method'; readonly allowed: string }
  | { readonly kind: 'unknown' };

const BY_PATH: ReadonlyMap<string, FoundRoute> = new Map(
  routeNames().map((name) => [ROUTES[name].path, { name, route: ROUTES[name], handler: HANDLERS[name] }]),
);

export function routeNames(): readonly RouteName[] {
  return Object.keys(HANDLERS).filter((name): name is RouteName => name in ROUTES);
}

export function matchRoute(method: string, pathAndQuery: string): RouteMatch {
  const found = BY_PATH.get(pathAndQuery.split('?', 1)[0] ?? '');
  if (found === undefined) return { kind: 'unknown' };
  if (found.route.method !== method) return { kind: 'other-method', allowed: found.route.method };
  return { kind: 'found', ...found };
}
