/**
 * Every verb: how it is spelled, what it takes, what it says about itself, and where its code is. One file of data for each
 * family; it loads fast.
 */
import type { Io, Out } from './out.ts';
import { ACCOUNT_VERBS } from './verbs-accounts.ts';
import { DEVICE_VERBS, RUNNING_VERBS } from './verbs-every-day.ts';
import { KEY_VERBS } from './verbs-keys.ts';
import { ODD_VERBS } from './verbs-odd.ts';
import { OPERATION_VERBS } from './verbs-operations.ts';
import { SELECTION_VERBS } from './verbs-selection.ts';
import { SET_UP_VERBS } from './verbs-setting-up.ts';
import { SHARE_VERBS } from './verbs-shares.ts';
import { VERSION_VERBS } from './verbs-versions.ts';

export interface OptionShape {
  /** Name of its value in the help; null for a switch. */
  readonly value: string | null;
  readonly required: boolean;
  readonly help: string;
}

export interface VerbInput {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly switches: ReadonlySet<string>;
  readonly positionals: readonly string[];
  readonly out: Out;
  readonly io: Io;
}

/** Answers with the exit code. */
export type VerbRun = (input: VerbInput) => Promise<number>;

export interface Verb {
  readonly name: string;
  /** One in brackets may be left out. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, OptionShape>>;
  /** Shown in the usage line where the options are alternatives. */
  readonly usage?: string;
  readonly summary: string;
  readonly details: string;
  readonly group:
    | 'Set up'
    | 'Every day'
    | 'Versions and conflicts'
    | 'When something is odd'
    | 'Look after a server';
  readonly load: () => Promise<VerbRun>;
}

/** In the order of the help. */
export const VERBS: readonly Verb[] = [
  ...SET_UP_VERBS,
  ...RUNNING_VERBS,
  ...SELECTION_VERBS,
  ...SHARE_VERBS,
  ...DEVICE_VERBS,
  ...VERSION_VERBS,
  ...ODD_VERBS,
  ...KEY_VERBS,
  ...ACCOUNT_VERBS,
  ...OPERATION_VERBS,
];
