/** The one place that says who may do what in a namespace. Pure. */
import type { RouteName } from '../../src/protocol/routes.ts';
import type { Role } from '../../src/protocol/shares.ts';

/** `manage`: who is in, and with which role. `self`: what concerns the asking user or device alone. */
export type Right = 'self' | 'read' | 'write' | 'manage';

const RIGHTS: Readonly<Record<Role, ReadonlySet<Right>>> = {
  viewer: new Set(['self', 'read']),
  editor: new Set(['self', 'read', 'write']),
  owner: new Set(['self', 'read', 'write', 'manage']),
};

export function may(role: Role, right: Right): boolean {
  return RIGHTS[role].has(right);
}

/**
 * What a route takes in the namespace of the device that asks. The routes about shares name another namespace than that:
 * they ask for the right there themselves (shares.ts), after this one.
 */
export const RIGHT_OF_ROUTE: Readonly<Record<RouteName, Right>> = {
  health: 'self',
  openapi: 'self',
  link: 'self',
  devices: 'self',
  revoke: 'self',
  hello: 'read',
  open: 'write',
  putChunks: 'write',
  finalize: 'write',
  commit: 'write',
  getChunks: 'read',
  manifests: 'read',
  journal: 'read',
  snapshot: 'read',
  notify: 'read',
  presence: 'write',
  history: 'read',
  lookup: 'read',
  trash: 'read',
  trashPage: 'read',
  moment: 'read',
  conflicts: 'read',
  usage: 'read',
  ready: 'self',
  label: 'write',
  retention: 'read',
  setRetention: 'manage',
  hold: 'manage',
  shares: 'self',
  createShare: 'self',
  shareMembers: 'self',
  setMember: 'self',
  removeMember: 'self',
  answerInvitation: 'self',
  placeShare: 'self',
  linkShare: 'self',
  signUp: 'self',
  changePassword: 'self',
};
