/**
 * What a run is going to be, as data: who does something when, and what breaks when. All of it follows from the options
 * alone, each entry has a stream of its own, and taking one away leaves all others as they were: so a failing run can
 * be reduced. What a user finds to do at that moment is decided then, from what the folder shows.
 */
import { Stream } from './random.ts';
import {
  MEMBERS_KINDS,
  OWNER,
  OWNERS_KINDS,
  personOf,
  SHARE_OF_SHARING,
  type ShareKind,
} from './sharing/sharing-plan.ts';
import { ALL_TROUBLES } from './troubles/all-troubles.ts';
import type { Profile, Target, Trouble, TroubleKind } from './troubles/trouble.ts';
import { type ActionKind, KINDS_OF_WORK, VERB_KINDS, type VerbKind } from './workload.ts';

export type { Profile } from './troubles/trouble.ts';

export interface RunOptions {
  readonly seed: number;
  readonly devices: number;
  readonly profile: Profile;
  /** What all users together do. */
  readonly actions: number;
  /** People also change their minds about which folders are on their computer. */
  readonly selective?: boolean;
  /**
   * The server lets go of history: by a policy, waits and a floor that the seed draws. Its database is never put back then:
   * that copy has no chunks with it.
   */
  readonly retention?: boolean;
  /** Two people and a share between them: B and C are the member's, the others the owner's. */
  readonly sharing?: boolean;
  /** Only these kinds of trouble; left out: what the seed draws. */
  readonly troubles?: readonly TroubleKind[];
  /** Besides those: these take part whatever the seed draws. */
  readonly also?: readonly TroubleKind[];
  /** These do not, though the seed draws them: it stays what it was before they were there. */
  readonly except?: readonly TroubleKind[];
  /** Places in the plan of the same options without masks: these do not happen. */
  readonly withoutActions?: readonly number[];
  readonly withoutTroubles?: readonly number[];
}

export interface PlannedAction {
  /** Its place in the whole plan. */
  readonly id: number;
  readonly machine: string;
  /** Milliseconds after the beginning; later when the user is still busy with the one before. */
  readonly at: number;
  readonly kind: ActionKind | ShareKind;
}

export interface PlannedTrouble {
  readonly id: number;
  readonly kind: TroubleKind;
  readonly at: number;
  /** A machine, or the server. */
  readonly on: string;
  /** Milliseconds until it is over by itself. */
  readonly lasts: number;
}

export interface RunPlan {
  readonly machines: readonly string[];
  readonly actions: readonly PlannedAction[];
  readonly troubles: readonly PlannedTrouble[];
}

export const SERVER = 'the server';
const NAMES = ['A', 'B', 'C', 'D', 'E'] as const;

/** Whose excuses are those of one namespace: copies of states and folders, and who is linked again. */
const NOT_WITH_SHARES: ReadonlySet<TroubleKind> = new Set([
  'old-state',
  'old-folder',
  'old-server',
  'clone',
  'revoked',
]);

/** Chance that a kind of trouble takes part in a hostile run. */
const TAKES_PART = 0.35;

export function planOf(options: RunOptions): RunPlan {
  const machines = NAMES.slice(0, options.devices);
  const actions = actionsOf(options, machines);
  const end = Math.max(0, ...actions.map(({ at }) => at));
  const [noActions, noTroubles] = [new Set(options.withoutActions), new Set(options.withoutTroubles)];
  return {
    machines,
    actions: actions.filter(({ id }) => !noActions.has(id)),
    troubles: troublesOf(options, machines, end).filter(({ id }) => !noTroubles.has(id)),
  };
}

function actionsOf(options: RunOptions, machines: readonly string[]): PlannedAction[] {
  const { seed } = options;
  const share = Math.ceil(options.actions / machines.length);
  const verbs = verbsOf(options);
  const planned = machines.flatMap((machine) => {
    const stream = new Stream(seed, `workload ${machine}`);
    let at = 0;
    return Array.from({ length: share }, () => {
      // Bursts, with a rest now and then.
      at += stream.chance(0.2) ? stream.fraction() * 20_000 : stream.fraction() * 400;
      const isVerb = stream.chance(verbs.share);
      const kind: ActionKind = isVerb ? stream.weighted(verbs.weights) : stream.weighted(KINDS_OF_WORK);
      return { machine, at, kind: options.sharing === true ? orAboutShare(kind, machine, stream) : kind };
    });
  });
  return planned.sort((a, b) => a.at - b.at).map((each, id) => ({ id, ...each }));
}

/** Some of what people do in a run with a share is about that. */
function orAboutShare(kind: ActionKind, machine: string, stream: Stream): ActionKind | ShareKind {
  if (!stream.chance(SHARE_OF_SHARING)) return kind;
  return personOf(machine) === OWNER ? stream.weighted(OWNERS_KINDS) : stream.weighted(MEMBERS_KINDS);
}

/** How much of the work is asking the engine for something, and for what: hostile runs draw their own mix. */
function verbsOf(options: RunOptions): {
  readonly share: number;
  readonly weights: Readonly<Record<VerbKind, number>>;
} {
  const stream = new Stream(options.seed, 'verbs');
  const selects = options.selective === true || (options.profile === 'hostile' && stream.chance(0.3));
  const choice: Record<VerbKind, number> = { ...VERB_KINDS };
  if (!selects) Object.assign(choice, { 'remove-folder': 0, 'bring-folder': 0 });
  if (options.profile === 'calm')
    return { share: selects ? 0.15 : 0, weights: { ...choice, ...(selects ? ONLY_SELECTING : {}) } };
  return { share: stream.chance(0.5) ? 0.15 : 0, weights: choice };
}

const ONLY_SELECTING = { restore: 0, undelete: 0, resolve: 0, ignore: 0, pause: 0, resume: 0, review: 0 };

function troublesOf(options: RunOptions, machines: readonly string[], end: number): PlannedTrouble[] {
  const mix = new Stream(options.seed, 'faults: the mix');
  const planned = ALL_TROUBLES.flatMap((trouble) => {
    const takesPart = mix.chance(TAKES_PART);
    const weight = 0.3 + mix.fraction() * 1.7;
    const every = trouble.every[options.profile];
    const isChosen =
      options.also?.includes(trouble.kind) === true ||
      (options.troubles?.includes(trouble.kind) ??
        (options.profile === 'calm' || takesPart || trouble.always === true));
    const isLeftOut =
      options.except?.includes(trouble.kind) === true ||
      (options.retention === true && trouble.kind === 'old-server') ||
      (options.sharing === true && NOT_WITH_SHARES.has(trouble.kind));
    if (!isChosen || every === null || isLeftOut) return [];
    const mean = options.profile === 'calm' ? every : every / weight;
    return targetsOf(trouble.target, machines).flatMap((on) => timesOf(options.seed, trouble, on, mean, end));
  });
  return planned.sort((a, b) => a.at - b.at).map((each, id) => ({ id, ...each }));
}

function targetsOf(target: Target, machines: readonly string[]): readonly string[] {
  return target === 'server' ? [SERVER] : machines;
}

function timesOf(
  seed: number,
  trouble: Trouble,
  on: string,
  mean: number,
  end: number,
): Omit<PlannedTrouble, 'id'>[] {
  const stream = new Stream(seed, `faults: ${trouble.kind} on ${on}`);
  const planned: Omit<PlannedTrouble, 'id'>[] = [];
  const most = trouble.most ?? Number.POSITIVE_INFINITY;
  for (let at = stream.fraction() * 2 * mean; at < end && planned.length < most; ) {
    const lasts = stream.fraction() * trouble.lasts;
    planned.push({ kind: trouble.kind, at, on, lasts });
    at += lasts + stream.fraction() * 2 * mean;
  }
  return planned;
}
