/** Why a path is as it is, as reasons from facts; the words are elsewhere. Pure. */
import type { ExplainedNode, ExplainResult } from '../../../ipc/diagnosis.ts';

/** Where it stands, first of all. */
export type Where =
  | 'everywhere'
  | 'only-here'
  | 'only-server'
  | 'deleted-server'
  | 'excluded'
  | 'unseen'
  | 'gone';

/** What the planner makes of it: its intents, in groups that mean one thing to people. */
export type Plan =
  | 'in-step'
  | 'reading'
  | 'sending-edit'
  | 'sending-new'
  | 'sending-move'
  | 'sending-delete'
  | 'fetching'
  | 'placing'
  | 'removing'
  | 'comparing'
  | 'waiting'
  | 'resting'
  | 'held'
  | 'asked';

const PLANS: Readonly<Record<string, Plan>> = {
  nothing: 'in-step',
  adopt: 'comparing',
  bind: 'comparing',
  forget: 'comparing',
  separate: 'comparing',
  'drop-delete': 'fetching',
  'drop-move': 'placing',
  create: 'sending-new',
  edit: 'sending-edit',
  move: 'sending-move',
  delete: 'sending-delete',
  rearrange: 'sending-move',
  'make-folder': 'fetching',
  'move-here': 'placing',
  park: 'placing',
  unpark: 'placing',
  trash: 'removing',
  'remove-folder': 'removing',
  hash: 'reading',
  fetch: 'fetching',
  replace: 'fetching',
  wait: 'waiting',
  rest: 'resting',
  hold: 'held',
  review: 'asked',
};

const isLive = (node: ExplainedNode | null): node is ExplainedNode =>
  node !== null && node.state !== 'deleted';

export function whereOf({ local, remote, excludedBy }: ExplainResult): Where {
  if (excludedBy !== null || local?.state === 'excluded') return 'excluded';
  if (local?.state === 'unseen') return 'unseen';
  if (isLive(local)) {
    if (isLive(remote)) return 'everywhere';
    return remote === null ? 'only-here' : 'deleted-server';
  }
  if (isLive(remote)) return 'only-server';
  return remote === null ? 'gone' : 'deleted-server';
}

/** Null when nothing is left to do, or what is to be done says nothing that the place does not say. */
export function planOf(result: ExplainResult): Plan | null {
  const plan = PLANS[result.rule.name] ?? null;
  if (plan === 'in-step') return isAgreed(result) ? 'in-step' : null;
  return plan;
}

function isAgreed({ local, remote, excludedBy }: ExplainResult): boolean {
  return excludedBy === null && isLive(local) && isLive(remote) && local.state === 'known';
}

export interface IgnoreRule {
  readonly file: string;
  readonly line: string;
  readonly rule: string;
}

/** "docs/.tidemarkignore:3: *.tmp" in its parts; null when it is no rule of a file. */
export function ignoreRuleOf(excludedBy: string): IgnoreRule | null {
  const found = /^([\s\S]*?):(\d+): ?([\s\S]*)$/.exec(excludedBy);
  return found === null ? null : { file: found[1] ?? '', line: found[2] ?? '', rule: found[3] ?? '' };
}

/** Who made the newest version; null for folders and for what nobody has sent yet. */
export function newestOf({ lineage }: ExplainResult): ExplainResult['lineage'][number] | null {
  return lineage[0] ?? null;
}
