/**
 * The server's rules in miniature: every claim is answered by compare-and-swap, once per key; what it changed is a row
 * of the journal. Terse on purpose: it is the other side that the planner is tested against, not the product's server.
 */
import { nfcKey } from '../../src/core/names/fold.ts';
import type { RemoteHead } from '../../src/core/tree/nodes.ts';
import { type Content, type NodeKind, sameContent } from '../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import { id, MemoryTree, version } from './memory-trees.ts';
import type {
  Claim,
  CreateClaim,
  DeleteStep,
  Dropped,
  EditClaim,
  Event,
  MoveStep,
  Outcome,
} from './model-claims.ts';

export interface ServerNode {
  readonly node: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
  readonly live: boolean;
  readonly rev: number;
  readonly entrySeq: number;
  readonly deadSeq: number | null;
  /** Newest last. */
  readonly line: readonly (RemoteHead & { readonly key: string })[];
}

const ROOT: ServerNode = {
  node: ROOT_NODE,
  kind: 'folder',
  parent: ROOT_NODE,
  name: '',
  live: true,
  rev: 0,
  entrySeq: 0,
  deadSeq: null,
  line: [],
};

type Effect = Omit<Outcome, 'key' | 'events' | 'survivors' | 'why'> &
  Partial<Pick<Outcome, 'survivors' | 'why'>>;

export class ModelServer {
  readonly nodes = new MemoryTree<ServerNode>();
  readonly journal: Event[] = [];
  /** How often tombstones were forgotten: after each time everybody has to read everything anew. */
  forgotten = 0;
  /** How often each kind of answer was given. */
  readonly counts = new Map<string, number>();
  private readonly outcomes = new Map<string, Outcome>();
  private readonly aliases = new Map<string, NodeId>();
  private device = 0;
  private made = 0;

  constructor() {
    this.nodes.put(ROOT);
  }

  get seq(): number {
    return this.journal.length;
  }

  /** A node that everybody has from the beginning; false: its name is taken. */
  plant(node: NodeId, kind: NodeKind, parent: NodeId, name: string, content: Content | null): boolean {
    if (!this.nodes.get(parent) || this.liveAt(parent, name)) return false;
    const seq = this.seq + 1;
    const line = content ? [this.head(seq, 1, content, '')] : [];
    this.log({ node, kind, parent, name, live: true, rev: 1, entrySeq: seq, deadSeq: null, line });
    return true;
  }

  /** One transaction; the same key gets the same answer. */
  answer(device: number, claim: Claim): Outcome {
    const mark = `${device}:${claim.key}`;
    const known = this.outcomes.get(mark);
    if (known) return known;
    this.device = device;
    const from = this.seq;
    for (const key of claim.unanswered) this.burn(device, key, claim.node);
    const effect = this.decide(claim, mark);
    if (effect.kind === 'dropped' && this.seq > from)
      throw new Error('what was dropped has changed something');
    const made = this.journal.slice(from);
    const about =
      claim.op === 'rearrange'
        ? claim.steps.map((step) => step.node)
        : [this.resolve(claim.node), effect.node];
    const outcome: Outcome = {
      kind: effect.kind,
      key: claim.key,
      node: effect.node,
      survivors: effect.survivors ?? [],
      why: effect.why ?? null,
      events: [...about.map((node) => this.stateOf(node)), ...made].filter((event) => event !== null),
    };
    this.outcomes.set(mark, outcome);
    const label = `${claim.op} ${outcome.kind}${outcome.why ? ` ${outcome.why}` : ''}`;
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    return outcome;
  }

  /** An earlier key that was never answered can never commit from now on. */
  private burn(device: number, key: number, node: NodeId): void {
    const mark = `${device}:${key}`;
    if (this.outcomes.has(mark)) return;
    this.outcomes.set(mark, { kind: 'burned', key, node, events: [], survivors: [], why: null });
  }

  private decide(claim: Claim, mark: string): Effect {
    switch (claim.op) {
      case 'create':
        return this.create(claim, mark);
      case 'edit':
        return this.edit(claim, mark);
      case 'move':
        return this.move(claim);
      case 'delete':
        return this.delete(claim);
      case 'rearrange':
        return this.rearrange(claim.node, claim.steps);
    }
  }

  // --- claims --------------------------------------------------------------------------------------------------

  private create(claim: CreateClaim, mark: string): Effect {
    const parent = this.nodes.get(this.resolve(claim.parent));
    if (parent?.kind !== 'folder') return this.drop(claim.node, 'gone');
    const mine = this.nodes.get(this.resolve(claim.node));
    if (
      mine &&
      claim.unanswered.some((key) => this.outcomes.get(`${this.device}:${key}`)?.node === mine.node)
    ) {
      return this.createdBefore(claim, mine, mark);
    }
    this.reviveChain(parent.node);
    const there = this.liveAt(parent.node, claim.name);
    if (there && there.kind === (claim.content ? claim.content.kind : 'folder')) {
      if (claim.content === null || sameContent(headOf(there)?.content ?? null, claim.content)) {
        this.aliases.set(`${this.device}:${claim.node}`, there.node);
        return { kind: 'adopted', node: there.node };
      }
    }
    const proposed = `${this.device}:${claim.node}`;
    // An id that was bound to another node before means that one: it does not name two.
    const isTaken = this.nodes.get(claim.node) !== null || this.aliases.has(proposed);
    const node = isTaken ? this.freshId() : claim.node;
    if (isTaken) this.aliases.set(proposed, node);
    const name = this.freeName(parent.node, claim.name, null);
    const seq = this.seq + 1;
    const line = claim.content ? [this.head(seq, 1, claim.content, mark)] : [];
    this.log({
      node,
      kind: claim.content ? claim.content.kind : 'folder',
      parent: parent.node,
      name,
      live: true,
      rev: 1,
      entrySeq: seq,
      deadSeq: null,
      line,
    });
    return { kind: name === claim.name ? 'committed' : 'renamed', node };
  }

  /** An earlier claim of the same creation did commit: what is new in this one goes on top. */
  private createdBefore(claim: CreateClaim, mine: ServerNode, mark: string): Effect {
    const first = mine.line[0];
    if (!claim.content || !first) return { kind: 'adopted', node: mine.node };
    return this.edit(
      { ...claim, op: 'edit', node: mine.node, base: first.version, content: claim.content },
      mark,
    );
  }

  private edit(claim: EditClaim, mark: string): Effect {
    const old = this.nodes.get(this.resolve(claim.node));
    const head = old && headOf(old);
    if (!old || !head) return this.drop(claim.node, 'gone');
    const ownHead = claim.unanswered.some((key) => head.key === `${this.device}:${key}`);
    if (!old.live || head.version === claim.base || ownHead) {
      // Also from an older base: what was deleted has no rival, the edit goes on top of it.
      if (old.live && sameContent(head.content, claim.content)) return { kind: 'adopted', node: old.node };
      this.reviveChain(old.parent);
      const seq = this.seq + 1;
      const line = [...old.line, this.head(seq, head.number + 1, claim.content, mark)];
      if (old.live) this.log({ ...old, line });
      else this.log({ ...this.alive(old), line });
      return { kind: 'committed', node: old.node };
    }
    const at = old.line.findIndex((each) => each.version === claim.base);
    if (old.line.slice(Math.max(0, at)).some((each) => sameContent(each.content, claim.content)))
      return { kind: 'adopted', node: old.node };
    this.reviveChain(old.parent);
    const node = this.freshId();
    const seq = this.seq + 1;
    this.log({
      ...old,
      node,
      name: this.freeName(old.parent, `${old.name}!`, null),
      live: true,
      rev: 1,
      entrySeq: seq,
      deadSeq: null,
      line: [this.head(seq, 1, claim.content, mark)],
    });
    return { kind: 'forked', node };
  }

  private move(step: MoveStep): Effect {
    const old = this.nodes.get(step.node);
    const parent = this.nodes.get(this.resolve(step.parent));
    if (!old || parent?.kind !== 'folder') return this.drop(step.node, 'gone');
    if (old.live && old.rev !== step.rev) return this.drop(step.node, 'moved-elsewhere');
    if (this.isInside(parent.node, old.node)) return this.drop(step.node, 'cycle');
    this.reviveChain(parent.node);
    const name = this.freeName(parent.node, step.name, old.node);
    this.place(old, parent.node, name);
    return { kind: name === step.name ? 'committed' : 'renamed', node: old.node };
  }

  private delete(step: DeleteStep): Effect {
    const old = this.nodes.get(step.node);
    if (!old) return this.drop(step.node, 'gone');
    const stale = this.staleDelete(old, step);
    if (stale) return this.drop(step.node, stale);
    return { kind: 'committed', node: old.node, survivors: this.die(old, step) };
  }

  private staleDelete(old: ServerNode, step: DeleteStep): Dropped | null {
    if (!old.live) return 'already-dead';
    if (old.rev !== step.rev) return 'moved-elsewhere';
    return (headOf(old)?.version ?? null) === step.base ? null : 'newer-head';
  }

  private rearrange(node: NodeId, steps: readonly (MoveStep | DeleteStep)[]): Effect {
    for (const step of steps) {
      const old = this.nodes.get(step.node);
      if (!old) return this.drop(node, 'steps-stale');
      if (step.op === 'move' && old.live && old.rev !== step.rev) return this.drop(node, 'steps-stale');
      if (step.op === 'move' && this.nodes.get(this.resolve(step.parent))?.kind !== 'folder')
        return this.drop(node, 'steps-stale');
      if (step.op === 'delete' && this.staleDelete(old, step)) return this.drop(node, 'steps-stale');
    }
    const from = this.seq;
    const moves = this.topDown(steps.filter((step) => step.op === 'move'));
    if (!moves) return this.drop(node, 'cycle');
    for (const step of moves) {
      this.reviveChain(this.resolve(step.parent));
      this.place(this.nodes.get(step.node)!, this.resolve(step.parent), step.name);
    }
    const survivors = steps.flatMap((step) =>
      step.op === 'delete' ? this.die(this.nodes.get(step.node)!, step) : [],
    );
    let renamed = false;
    for (const step of steps) {
      const now = this.nodes.get(step.node)!;
      if (step.op !== 'move' || now.name === this.freeName(now.parent, now.name, now.node)) continue;
      renamed = true;
      this.place(now, now.parent, this.freeName(now.parent, now.name, now.node));
    }
    for (let at = from; at < this.seq - 1; at += 1) this.journal[at] = { ...this.journal[at]!, more: true };
    return { kind: renamed ? 'renamed' : 'committed', node, survivors };
  }

  /** By the depth they come to: so the tree is one after every single move. `null`: in the end there is a cycle. */
  private topDown(moves: readonly MoveStep[]): readonly MoveStep[] | null {
    const targets = new Map(moves.map((step) => [step.node, this.resolve(step.parent)]));
    const depths = new Map<MoveStep, number>();
    for (const step of moves) {
      let depth = 0;
      for (let at = step.node; at !== ROOT_NODE; at = targets.get(at) ?? this.nodes.get(at)!.parent) {
        depth += 1;
        if (depth > this.nodes.size) return null;
      }
      depths.set(step, depth);
    }
    return [...moves].sort((a, b) => depths.get(a)! - depths.get(b)!);
  }

  // --- life and death ------------------------------------------------------------------------------------------

  private place(old: ServerNode, parent: NodeId, name: string): void {
    const seq = this.seq + 1;
    this.log(
      {
        ...old,
        parent,
        name,
        live: true,
        deadSeq: null,
        rev: old.rev + 1,
        entrySeq: seq,
      },
      old.live ? null : 'revived',
      old.deadSeq,
    );
    if (old.deadSeq !== null) this.reviveBelow(old.node, old.deadSeq, seq);
  }

  private reviveBelow(folder: NodeId, batch: number, seq: number): void {
    for (const child of [...this.nodes.childrenOf(folder)]) {
      if (child.live || child.deadSeq !== batch) continue;
      this.nodes.put({
        ...child,
        live: true,
        deadSeq: null,
        rev: child.rev + 1,
        entrySeq: seq,
      });
      this.reviveBelow(child.node, batch, seq);
    }
  }

  /** A folder returns if anything live is in it. */
  private reviveChain(node: NodeId): void {
    const folder = this.nodes.get(node);
    if (!folder || folder.live) return;
    this.reviveChain(folder.parent);
    this.log(this.alive(folder));
  }

  private alive(old: ServerNode): ServerNode {
    const name = this.freeName(old.parent, old.name, old.node);
    return {
      ...old,
      name,
      live: true,
      deadSeq: null,
      rev: old.rev + 1,
      entrySeq: this.seq + 1,
    };
  }

  /** Kills what the deleter had seen; answers with what lives on. */
  private die(node: ServerNode, step: DeleteStep): readonly NodeId[] {
    const survivors: NodeId[] = [];
    const roots: ServerNode[] = [];
    const visit = (at: ServerNode): boolean => {
      const unapplied = step.unapplied.includes(at.node);
      const movedHere = at.node !== step.node && at.entrySeq > step.observedSeq;
      const edited = (headOf(at)?.seq ?? 0) > step.observedSeq;
      if (unapplied || movedHere || edited) {
        survivors.push(at.node, ...this.liveBelow(at.node).map((each) => each.node));
        return true;
      }
      const dying: ServerNode[] = [];
      let kept = false;
      for (const child of this.liveChildren(at.node)) {
        if (visit(child)) kept = true;
        else dying.push(child);
      }
      if (!kept) return false;
      survivors.push(at.node);
      roots.push(...dying);
      return true;
    };
    if (!visit(node)) roots.push(node);
    for (const root of roots) this.kill(root);
    return survivors;
  }

  private kill(root: ServerNode): void {
    const seq = this.seq + 1;
    const below = this.liveBelow(root.node);
    const dead = (each: ServerNode): ServerNode => ({
      ...each,
      live: false,
      deadSeq: seq,
      rev: each.rev + 1,
      entrySeq: seq,
    });
    this.log(dead(root), 'dead');
    for (const each of below) this.nodes.put(dead(each));
  }

  /** Post-state of a node, as of its last change. */
  private stateOf(node: NodeId): Event | null {
    const row = this.nodes.get(node);
    return row ? { ...eventOf(row), seq: Math.max(row.entrySeq, headOf(row)?.seq ?? 0) } : null;
  }

  // --- looking -------------------------------------------------------------------------------------------------

  numberOf(node: NodeId, version: VersionId | null): number | null {
    return this.nodes.get(node)?.line.find((each) => each.version === version)?.number ?? null;
  }

  liveChildren(parent: NodeId): ServerNode[] {
    const live: ServerNode[] = [];
    for (const each of this.nodes.childrenOf(parent))
      if (each.live && each.node !== ROOT_NODE) live.push(each);
    return live;
  }

  private liveBelow(folder: NodeId): ServerNode[] {
    return this.liveChildren(folder).flatMap((child) => [child, ...this.liveBelow(child.node)]);
  }

  private liveAt(parent: NodeId, name: string): ServerNode | null {
    const key = nfcKey(name);
    return this.liveChildren(parent).find((each) => nfcKey(each.name) === key) ?? null;
  }

  private isInside(parent: NodeId, node: NodeId): boolean {
    for (let at = parent, steps = 0; at !== ROOT_NODE; at = this.nodes.get(at)!.parent, steps += 1) {
      if (at === node || steps > this.nodes.size) return true;
    }
    return false;
  }

  private freeName(parent: NodeId, name: string, self: NodeId | null): string {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name}~${number}`;
      const key = nfcKey(candidate);
      const there = this.liveChildren(parent).find((each) => nfcKey(each.name) === key && each.node !== self);
      if (!there) return candidate;
    }
  }

  /** Retention: tombstones are forgotten for good. Claims about what is forgotten are answered as about any unknown node. */
  forget(): void {
    this.forgotten += 1;
    for (const row of [...this.nodes.all()]) if (!row.live) this.nodes.remove(row.node);
  }

  /** Everything that is known, for who reads it anew. */
  snapshot(): readonly Event[] {
    return [...this.nodes.all()].filter(({ node }) => node !== ROOT_NODE).map(eventOf);
  }

  private resolve(proposed: NodeId): NodeId {
    return this.aliases.get(`${this.device}:${proposed}`) ?? proposed;
  }

  private freshId(): NodeId {
    this.made += 1;
    return id(`s${this.made}`);
  }

  private head(
    seq: number,
    number: number,
    content: Content,
    key: string,
  ): RemoteHead & { readonly key: string } {
    return { version: version(seq), number, content, mtimeNs: 0n, seq, key };
  }

  private drop(node: NodeId, why: Dropped): Effect {
    return { kind: 'dropped', node, why };
  }

  private log(row: ServerNode, subtree: Event['subtree'] = null, batch: number | null = null): void {
    this.nodes.put(row);
    this.journal.push({
      ...eventOf(row),
      seq: this.seq + 1,
      subtree,
      batch,
    });
  }
}

function headOf(row: ServerNode): ServerNode['line'][number] | null {
  return row.line[row.line.length - 1] ?? null;
}

function eventOf(row: ServerNode): Event {
  const head = headOf(row);
  return {
    seq: row.entrySeq,
    node: row.node,
    kind: row.kind,
    parent: row.parent,
    name: row.name,
    live: row.live,
    rev: row.rev,
    entrySeq: row.entrySeq,
    deadSeq: row.deadSeq,
    head,
    subtree: null,
    batch: null,
    more: false,
  };
}
