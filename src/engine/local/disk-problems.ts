/** Troubles of the disk as problems the user reads. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { DiskFailure, DiskTrouble, RelPath } from '../environment/disk.ts';
import type { State } from '../state/state.ts';

const CODES: Readonly<Record<DiskTrouble, ErrorCode>> = {
  gone: 'disk-error',
  taken: 'in-the-way',
  'not-empty': 'in-the-way',
  'not-folder': 'in-the-way',
  denied: 'no-access',
  full: 'disk-full',
  busy: 'file-busy',
  'name-too-long': 'name-held',
  'name-refused': 'name-held',
  'too-many-open': 'file-busy',
  'other-mount': 'other-mount',
  'input-output': 'disk-error',
};

export function codeOfTrouble(trouble: DiskTrouble): ErrorCode {
  return CODES[trouble];
}

export function reportDiskTrouble(
  state: State,
  node: NodeId,
  path: RelPath,
  failure: DiskFailure,
  now: number,
): void {
  state.problems.put({
    subject: node,
    node,
    path,
    code: codeOfTrouble(failure.trouble),
    facts: { detail: failure.detail },
    since: now,
  });
}
