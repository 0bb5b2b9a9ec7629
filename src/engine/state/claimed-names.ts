/** Names that claims under way ask for: who gets them is known only when the answers are in. */
import { nfcKey } from '../../core/names/fold.ts';
import type { Claim } from '../../protocol/claims.ts';
import type { NodeId } from '../../protocol/ids.ts';

export class ClaimedNames {
  private readonly byKey = new Map<number, readonly string[]>();
  private readonly counts = new Map<string, number>();

  add(claim: Claim): void {
    const slots = slotsOf(claim);
    if (slots.length === 0) return;
    this.byKey.set(claim.key, slots);
    for (const each of slots) this.counts.set(each, (this.counts.get(each) ?? 0) + 1);
  }

  remove(key: number): void {
    for (const each of this.byKey.get(key) ?? []) {
      const left = (this.counts.get(each) ?? 1) - 1;
      if (left === 0) this.counts.delete(each);
      else this.counts.set(each, left);
    }
    this.byKey.delete(key);
  }

  has(parent: NodeId, name: string): boolean {
    return this.counts.size > 0 && this.counts.has(slot(parent, name));
  }

  hasIn(folder: NodeId): boolean {
    return this.counts.size > 0 && this.counts.has(folder);
  }

  clear(): void {
    this.byKey.clear();
    this.counts.clear();
  }
}

function slot(parent: NodeId, name: string): string {
  return `${parent}/${nfcKey(name)}`;
}

/** The folder, and the name in it. */
function slotsOf(claim: Claim): readonly string[] {
  if (claim.op === 'create' || claim.op === 'move') return [claim.parent, slot(claim.parent, claim.name)];
  if (claim.op !== 'rearrange') return [];
  return claim.steps.flatMap((step) =>
    step.op === 'move' ? [step.parent, slot(step.parent, step.name)] : [],
  );
}
