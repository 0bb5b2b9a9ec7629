/** Versions and sides as the control contract shows them. */

import type { VersionRow } from '../../ipc/shapes.ts';
import type { WireHead } from '../../protocol/head.ts';

export function versionRow(head: WireHead, current: boolean): VersionRow {
  const content = head.content;
  return {
    version: head.version,
    number: head.number,
    base: head.base,
    kind: content.kind,
    size: content.kind === 'file' ? content.size : content.target.length,
    executable: content.kind === 'file' && content.executable,
    device: head.deviceName,
    user: head.user,
    at: head.at,
    editedAt: head.editedAt,
    current,
  };
}
