/** Edits that look like the work of something that encrypts files: asked by the brake before they are sent. */
import { isEntropyJump, isExtensionJump } from '../../core/planner/overwrites.ts';
import { sameContent } from '../../protocol/content.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { State } from '../state/state.ts';

/** Was the agreed content here replaced by noise, or by another one under a name with more extensions? */
export function looksEncrypted({ local, synced }: State, node: NodeId): boolean {
  const here = local.get(node);
  const agreed = synced.get(node);
  if (here?.content?.kind !== 'file' || agreed?.content?.kind !== 'file') return false;
  if (sameContent(here.content, agreed.content)) return false;
  return (
    isExtensionJump(agreed.name, here.name) || isEntropyJump(synced.entropyOf(node), local.entropyOf(node))
  );
}
