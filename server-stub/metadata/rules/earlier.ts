/**
 * A lost reply, then another claim, is no conflict with oneself (RULES 5). A claim lists the keys on its node that were
 * never answered: what those committed counts as known to the device; those that never came are burned, so that they
 * cannot commit behind this claim's back.
 */
import type { Claim } from '../../../src/protocol/claims.ts';
import type { NodeId, VersionId } from '../../../src/protocol/ids.ts';
import type { VersionRow } from '../rows.ts';
import type { Decision } from './decision.ts';
import { readStored } from './outcomes.ts';
import type { Scope } from './scope.ts';

type Effective = Extract<Decision, { kind: 'committed' | 'adopted' | 'renamed' | 'forked' }>;

export class Earlier {
  /** The latest of them that had an effect. */
  readonly last: Effective | null;
  /** The latest of them that became a conflict copy. */
  readonly forked: Extract<Decision, { kind: 'forked' }> | null;
  readonly #versions: ReadonlyMap<NodeId, readonly VersionId[]>;
  readonly #revs: ReadonlyMap<NodeId, ReadonlySet<number>>;

  constructor(
    effects: readonly Effective[],
    versions: ReadonlyMap<NodeId, readonly VersionId[]>,
    revs: ReadonlyMap<NodeId, ReadonlySet<number>>,
  ) {
    this.last = effects.at(-1) ?? null;
    this.forked = effects.findLast((decision) => decision.kind === 'forked') ?? null;
    this.#versions = versions;
    this.#revs = revs;
  }

  /** True if one of them brought the entry of `node` to `rev`. */
  madeRev(node: NodeId, rev: number): boolean {
    return this.#revs.get(node)?.has(rev) ?? false;
  }

  madeVersion(node: NodeId, version: VersionId | null): boolean {
    return version !== null && (this.#versions.get(node)?.includes(version) ?? false);
  }

  /** The last version of `node` that they made or adopted. */
  newest(node: NodeId): VersionId | null {
    return this.#versions.get(node)?.at(-1) ?? null;
  }

  /** The newest version of `node` that the claim may start from: the claimed base, or what they made since. */
  async base(scope: Scope, node: NodeId, claimed: VersionId): Promise<VersionRow | null> {
    let newest: VersionRow | null = null;
    for (const id of [claimed, ...(this.#versions.get(node) ?? [])]) {
      const row = await scope.tx.version(scope.ns, id);
      if (row?.node === node && (newest === null || row.number > newest.number)) newest = row;
    }
    return newest;
  }
}

const NOTHING = new Earlier([], new Map(), new Map());

export async function earlierOf(scope: Scope, claim: Claim): Promise<Earlier> {
  if (claim.unanswered.length === 0) return NOTHING;
  const versions = new Map<NodeId, VersionId[]>();
  const revs = new Map<NodeId, Set<number>>();
  const effects: Effective[] = [];
  for (const key of [...new Set(claim.unanswered)].sort((a, b) => a - b)) {
    if (key >= claim.key) continue;
    const row = await scope.tx.outcome(scope.caller.device, key);
    if (row === null) {
      await scope.tx.addOutcome(scope.caller.device, { key, digest: null, body: null });
      continue;
    }
    const stored = readStored(row);
    if (stored === null || !isEffective(stored.decision)) continue;
    const { decision } = stored;
    effects.push(decision);
    if (decision.kind === 'adopted') note(versions, revs, decision.node, decision.version, decision.rev);
    for (const seq of stored.seqs) {
      const change = await scope.tx.journalRow(scope.ns, seq);
      if (change === null) continue;
      const { id, head, headSeq, entrySeq, rev } = change.node;
      note(versions, revs, id, headSeq === seq ? head : null, entrySeq === seq ? rev : null);
    }
  }
  return new Earlier(effects, versions, revs);
}

function isEffective(decision: Decision): decision is Effective {
  const { kind } = decision;
  return kind === 'committed' || kind === 'adopted' || kind === 'renamed' || kind === 'forked';
}

function note(
  versions: Map<NodeId, VersionId[]>,
  revs: Map<NodeId, Set<number>>,
  node: NodeId,
  version: VersionId | null,
  rev: number | null,
): void {
  if (version !== null) versions.set(node, [...(versions.get(node) ?? []), version]);
  if (rev !== null) revs.set(node, (revs.get(node) ?? new Set()).add(rev));
}
