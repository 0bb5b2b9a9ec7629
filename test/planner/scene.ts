/** Trees told in a few words: what both sides agreed on, then what happened here and there since. */
import { decide } from '../../src/core/planner/decide.ts';
import type { Intent } from '../../src/core/planner/intents.ts';
import { type Plan, plan } from '../../src/core/planner/plan.ts';
import type { Content, NodeKind } from '../../src/protocol/content.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import {
  bytes,
  id,
  type LocalNode,
  labelOf,
  MemoryTrees,
  type RemoteHead,
  tokenOf,
  version,
} from './memory-trees.ts';

interface Told {
  /** Label of the folder; '' is the root. */
  readonly in?: string;
  /** The label, unless told otherwise. */
  readonly name?: string;
  readonly kind?: NodeKind;
  /** Letters that stand for a content. */
  readonly content?: string;
}
interface ToldHere extends Told {
  readonly condition?: LocalNode['condition'];
  readonly parked?: boolean;
  readonly stamp?: string;
  readonly unhashed?: boolean;
}
interface ToldThere extends Told {
  readonly dead?: boolean;
  readonly seq?: number;
  readonly rev?: number;
}

const LINK: Content = { kind: 'symlink', target: 'x' };

export class Scene extends MemoryTrees {
  private seq = 1;

  /** On both sides the same, and agreed on. */
  agree(label: string, told: Told = {}): this {
    return this.here(label, told).there(label, told).base(label);
  }

  folder(label: string, told: Told = {}): this {
    return this.agree(label, { ...told, kind: 'folder' });
  }

  /** On this disk: as it was, but for what is told. */
  here(label: string, told: ToldHere = {}): this {
    const node = id(label);
    const old = this.locals.get(node);
    const kind = told.kind ?? old?.kind ?? 'file';
    const fresh = kind === 'symlink' ? LINK : bytes(told.content ?? '1');
    const content = kind === 'folder' ? null : told.content || !old?.content ? fresh : old.content;
    this.locals.put({
      node,
      kind,
      parent: told.in === undefined ? (old?.parent ?? id('')) : id(told.in),
      name: told.name ?? old?.name ?? label,
      condition: told.condition ?? old?.condition ?? 'seen',
      content: told.unhashed ? null : content,
      mtimeNs: 0n,
      size: 0,
      stamp: told.stamp ?? (kind === 'folder' ? '' : `of ${tokenOf(content)}`),
      parked: told.parked ?? false,
    });
    return this;
  }

  goneHere(...labels: readonly string[]): this {
    for (const label of labels) this.locals.remove(id(label));
    return this;
  }

  /** On the server: as it was, but for what is told. */
  there(label: string, told: ToldThere = {}): this {
    const node = id(label);
    const old = this.remotes.get(node);
    this.seq += 1;
    const kind = told.kind ?? old?.kind ?? 'file';
    const parent = told.in === undefined ? (old?.parent ?? id('')) : id(told.in);
    const name = told.name ?? old?.name ?? label;
    const moved = !old || old.parent !== parent || old.name !== name || told.dead === true;
    this.remotes.put({
      node,
      kind,
      parent,
      name,
      live: told.dead !== true,
      entryRev: told.rev ?? (old?.entryRev ?? 0) + (moved ? 1 : 0),
      entrySeq: told.seq ?? (moved ? this.seq : old.entrySeq),
      deadSeq: told.dead ? this.seq : null,
      approved: false,
      head: this.headOf(kind, told, old?.head ?? null),
    });
    return this;
  }

  private headOf(kind: NodeKind, told: ToldThere, old: RemoteHead | null): RemoteHead | null {
    if (kind === 'folder') return null;
    if (old && told.content === undefined) return old;
    const content = kind === 'symlink' ? LINK : bytes(told.content ?? '1');
    return {
      version: version(this.seq),
      number: (old?.number ?? 0) + 1,
      content,
      mtimeNs: 0n,
      seq: this.seq,
    };
  }

  unknownThere(label: string): this {
    this.remotes.remove(id(label));
    return this;
  }

  /** Agreed as it is there now. */
  base(label: string): this {
    const remote = this.remotes.get(id(label));
    if (!remote) throw new Error(`${label} is not there`);
    const { node, kind, parent, name, entryRev, head } = remote;
    const stamp = kind === 'folder' ? '' : `of ${tokenOf(head?.content ?? null)}`;
    this.synceds.put({
      node,
      kind,
      parent,
      name,
      entryRev,
      version: head?.version ?? null,
      content: head?.content ?? null,
      stamp,
    });
    return this;
  }

  /** Agreed on because a conflict copy holds the content. */
  lend(label: string, copy: string): this {
    this.synceds.put({ ...this.synceds.get(id(label))!, lent: id(copy) });
    return this;
  }

  ask(label: string): Intent {
    return decide(this, id(label));
  }

  /** Plans for all that differs, or for the given nodes in their order. */
  plan(...labels: readonly string[]): Plan {
    return plan(this, labels.length > 0 ? labels.map(id) : this.differing());
  }
}

export function scene(): Scene {
  return new Scene();
}

/** Intents as words: `move a`, `rearrange a b`. */
export function words(intents: readonly Intent[]): string[] {
  return intents.map((each) => {
    const nodes: readonly NodeId[] =
      each.kind === 'rearrange' ? each.steps.map((step) => step.node) : [each.node];
    return [each.kind, ...nodes.map(labelOf)].join(' ');
  });
}
