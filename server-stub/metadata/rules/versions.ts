/** New versions: written once, on top of the head, never changed. */
import type { NodeId, VersionId } from '../../../src/protocol/ids.ts';
import type { HeadRow, NodeRow } from '../rows.ts';
import type { TakenContent } from './content.ts';
import type { Scope } from './scope.ts';

interface Making {
  readonly number: number;
  readonly base: VersionId | null;
  readonly mtimeNs: string;
  readonly editedAt: number;
}

/** Adds the version that the change about to be appended makes. */
export async function addVersion(
  scope: Scope,
  node: NodeId,
  taken: TakenContent,
  { number, base, mtimeNs, editedAt }: Making,
): Promise<HeadRow> {
  const version = {
    id: scope.ledger.nextVersion,
    node,
    number,
    base,
    content: taken.content,
    mtimeNs,
    seq: scope.ledger.next,
    device: scope.caller.device,
    at: scope.now,
    editedAt,
  };
  await scope.tx.addVersion(scope.ns, version);
  return { version, encoded: taken.encoded };
}

/** The node with that version as its head; its kind follows the content (a link may become a file). */
export function withHead(node: NodeRow, head: HeadRow): NodeRow {
  return { ...node, kind: head.version.content.kind, head: head.version.id, headSeq: head.version.seq };
}
