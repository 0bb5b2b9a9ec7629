/** What was chosen and typed, and what is known of it. Pure. */
import type { LinkTarget, MergePlanShown, WindowParams } from '../../../ipc/window.ts';
import { type Certificates, NO_CERTIFICATES, trustedId } from './certificates.ts';

export type Way = 'here' | 'server';
export interface Fields {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  readonly device: string;
}
export type FieldName = keyof Fields;
/** Where a refusal can be said. */
export type Place = FieldName | 'certificates';

export interface Refusal {
  readonly code: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type PlanState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'planned'; readonly plan: MergePlanShown; readonly folder: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Setup {
  readonly way: Way | null;
  readonly fields: Fields;
  readonly certificates: Certificates;
  readonly plan: PlanState;
  readonly isBeginning: boolean;
  /** Why it did not begin. */
  readonly refusal: Refusal | null;
}

export type SetupAction =
  | { readonly kind: 'way'; readonly way: Way | null }
  | { readonly kind: 'typed'; readonly field: FieldName; readonly value: string }
  | { readonly kind: 'certificates'; readonly certificates: Certificates }
  | { readonly kind: 'planning' }
  | { readonly kind: 'planned'; readonly plan: MergePlanShown; readonly folder: string }
  | { readonly kind: 'plan-refused'; readonly refusal: Refusal }
  | { readonly kind: 'edit' }
  | { readonly kind: 'beginning' }
  | { readonly kind: 'begin-refused'; readonly refusal: Refusal };

export function setupOf(proposed: { readonly folder: string; readonly device: string }): Setup {
  return {
    way: null,
    fields: { server: '', user: '', password: '', folder: proposed.folder, device: proposed.device },
    certificates: NO_CERTIFICATES,
    plan: { kind: 'none' },
    isBeginning: false,
    refusal: null,
  };
}

/** Nothing that was typed is ever lost: only what was concluded from it goes when it changes. */
export function setupStep(setup: Setup, action: SetupAction): Setup {
  switch (action.kind) {
    case 'way':
      return { ...setup, way: action.way, plan: { kind: 'none' }, refusal: null };
    case 'typed': {
      const fields = { ...setup.fields, [action.field]: action.value };
      const keepsPlan = action.field === 'device';
      return { ...setup, fields, plan: keepsPlan ? setup.plan : { kind: 'none' }, refusal: null };
    }
    case 'certificates':
      return { ...setup, certificates: action.certificates, plan: { kind: 'none' }, refusal: null };
    case 'planning':
      return { ...setup, plan: { kind: 'asking' }, refusal: null };
    case 'planned':
      return { ...setup, plan: { kind: 'planned', plan: action.plan, folder: action.folder } };
    case 'plan-refused':
      return { ...setup, plan: { kind: 'refused', refusal: action.refusal } };
    case 'edit':
      return { ...setup, plan: { kind: 'none' }, refusal: null };
    case 'beginning':
      return { ...setup, isBeginning: true, refusal: null };
    case 'begin-refused':
      return { ...setup, isBeginning: false, refusal: action.refusal };
  }
}

/** Null while something that is needed is not there. */
export function linkOf({ way, fields, certificates }: Setup): WindowParams<'first-run.plan'> | null {
  const folder = fields.folder.trim();
  const device = fields.device.trim();
  if (way === null || folder === '' || device === '') return null;
  if (way === 'here') return { target: { kind: 'here' }, folder, device };
  const { password } = fields;
  const target: LinkTarget = {
    kind: 'server',
    server: fields.server.trim(),
    user: fields.user.trim(),
    password,
    certificates: trustedId(certificates),
  };
  return target.server === '' || target.user === '' || password === '' ? null : { target, folder, device };
}

const FIELD_OF: Readonly<Record<string, Place>> = {
  'bad-address': 'server',
  'no-server': 'server',
  unreachable: 'server',
  'protocol-version': 'server',
  'bad-answer': 'server',
  'bad-certificate': 'certificates',
  'wrong-password': 'password',
};

/** Which field a refusal is about: it is said there. Null: said beside the button. */
export function fieldOf(code: string, way: Way | null): Place | null {
  const field = code.startsWith('root-') || code === 'state-inside' ? 'folder' : (FIELD_OF[code] ?? null);
  return way === 'here' && field !== 'folder' ? null : field;
}

/** Nothing is on either side: there is nothing to look at before it begins. */
export function isEmptyPlan(plan: MergePlanShown): boolean {
  const { identical, upload, download, differ, excluded, unseen, zombies, unportable } = plan;
  return identical + upload + download + differ + excluded + unseen + zombies + unportable === 0;
}
