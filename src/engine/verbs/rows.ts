/** Versions as the control contract shows them. */

import type { VersionRow } from '../../ipc/shapes.ts';
import { type Content, contentKey } from '../../protocol/content.ts';
import type { WireHead } from '../../protocol/head.ts';
import { toHex } from '../../protocol/ids.ts';
import type { EventCause } from '../../protocol/journal.ts';
import type { Engine } from '../engine.ts';

const REASONS: Readonly<Partial<Record<EventCause, VersionRow['reason']>>> = {
  create: 'created',
  edit: 'edited',
  restore: 'restored',
  reopen: 'restored',
  fork: 'forked',
  resolve: 'resolved',
};

const encoder = new TextEncoder();

/** The same for the same content, and for nothing else: the manifest's id, or a hash of a link's target. */
export function contentMark(engine: Engine, content: Content): string {
  if (content.kind === 'file') return content.executable ? `${content.manifest}+x` : content.manifest;
  return toHex(engine.parts.env.hashing.blake3(encoder.encode(contentKey(content))));
}

/** `cause`: what made it, where that is known. */
export function versionRow(
  engine: Engine,
  head: WireHead,
  current: boolean,
  cause: EventCause | null = null,
): VersionRow {
  const content = head.content;
  return {
    version: head.version,
    number: head.number,
    base: head.base,
    kind: content.kind,
    size: content.kind === 'file' ? content.size : encoder.encode(content.target).length,
    executable: content.kind === 'file' && content.executable,
    device: head.deviceName,
    user: head.user,
    reason: (cause === null ? undefined : REASONS[cause]) ?? 'unknown',
    content: contentMark(engine, content),
    at: head.at,
    editedAt: head.editedAt,
    current,
  };
}
