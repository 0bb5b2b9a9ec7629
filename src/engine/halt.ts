/** Stopped for safety: nothing moves until the cause is gone or the user acts. */
import type { ErrorCode } from '../protocol/errors.ts';

export interface Halt {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, string>>;
  /** True when the cause may go away by itself (an unplugged disk): looked at again now and then. */
  readonly recovers: boolean;
}
