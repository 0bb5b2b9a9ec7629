/** What every rule is given: who asks, and the effects it may use. */
import type { Blake3 } from '../../../src/core/manifest/manifest.ts';
import type { DeviceId, NamespaceId, TenantId, UserId } from '../../../src/protocol/ids.ts';
import type { Outcome } from '../../../src/protocol/outcomes.ts';

/** Who asks, already authenticated and allowed into the namespace. */
export interface Caller {
  /** Boundary of chunks and manifests. For a personal namespace: that of its user. */
  readonly tenant: TenantId;
  readonly user: UserId;
  readonly userName: string;
  readonly device: DeviceId;
  readonly deviceName: string;
  readonly namespace: NamespaceId;
}

export interface RuleEffects {
  /** Wall milliseconds: for display and expiry, never for order. */
  now(): number;
  randomBytes(count: number): Uint8Array;
  readonly blake3: Blake3;
  /** Told, once each, of faults that were answered as `internal` or went away when the claims were decided again. */
  report(fault: unknown): void;
  /** Told what was decided, and how many claims had their answers before: their devices did not hear them. */
  answered?(decided: readonly Outcome[], again: number): void;
}
