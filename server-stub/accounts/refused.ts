import type { ErrorCode } from '../../src/protocol/errors.ts';

/** An answer that is an error of the table. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryAfter?: number;
}

export function refused(code: ErrorCode, detail: string, retryAfter?: number): Refused {
  return retryAfter === undefined
    ? { kind: 'refused', code, detail }
    : { kind: 'refused', code, detail, retryAfter };
}
