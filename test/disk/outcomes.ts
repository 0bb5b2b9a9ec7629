import assert from 'node:assert/strict';
import type { DiskOutcome, DiskTrouble } from '../../src/engine/environment/disk.ts';

/** The success, or a failed test that says why. */
export function good<Success extends { readonly kind: string }>(
  outcome: DiskOutcome<Success> | undefined,
): Success {
  assert.ok(outcome !== undefined, 'no outcome at all');
  if (outcome.kind !== 'failed') return outcome as Success;
  assert.fail('detail' in outcome ? String(outcome.detail) : 'failed');
}

export function goodAll<Success extends { readonly kind: string }>(
  outcomes: readonly DiskOutcome<Success>[],
): readonly Success[] {
  return outcomes.map((outcome) => good(outcome));
}

export function trouble<Success extends { readonly kind: string }>(
  outcome: DiskOutcome<Success> | null | undefined,
): DiskTrouble | string {
  if (outcome === undefined || outcome === null) return 'no outcome';
  return outcome.kind === 'failed' && 'trouble' in outcome ? outcome.trouble : outcome.kind;
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
