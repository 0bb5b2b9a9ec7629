/** Branches that nothing can take, each with why: a line that is covered after all, or gone, has to go from here. */
export interface Exception {
  readonly file: string;
  /** Part of the line, as it stands there. */
  readonly text: string;
  readonly reason: string;
}

const rules = (file: string, text: string, reason: string): Exception => ({
  file: `server-stub/metadata/rules/${file}.ts`,
  text,
  reason,
});

const EXHAUSTIVE = 'the union is closed: the types prove that nothing else comes';
const INVARIANT =
  'rows refer to rows by foreign keys and are never removed: only a damaged database gets here';
const KEPT = 'every version and its manifest are kept until retention thins them, which comes with issue 5';

const ENDS =
  'it ends the process, which takes what it covered along: played with real processes in test/faults';

export const EXCEPTIONS: readonly Exception[] = [
  rules('conflicts', 'return original === null || copy === null ? null', INVARIANT),
  rules('conflicts', "return node === null ? '' : new PathReader", INVARIANT),
  rules('content', 'const manifest = stored === null ? null : decodeManifest(stored.encoded);', KEPT),
  rules('content', 'if (manifest === null || isInvalidManifest(manifest)) {', KEPT),
  rules(
    'create-again',
    'if (node === null || parent === null) return null;',
    'create looked up both just before',
  ),
  rules(
    'earlier',
    'if (change === null) continue;',
    'journal rows are kept until retention thins them (issue 5)',
  ),
  rules('edit', 'if (copy === null) return editNode(scope, node, claim, earlier);', INVARIANT),
  rules(
    'finalize',
    'if (!isKept(decision) && events.length > 0) {',
    'no rule does so: this says it loudly if one ever does',
  ),
  rules('finalize', 'default:', EXHAUSTIVE),
  rules(
    'fork',
    'return since[0]?.at ?? null;',
    'a stale base has a version after it: that is what stale means',
  ),
  rules(
    'key-book',
    '(await tx.device(device))?.settledBelow ?? 0',
    'the request was let in by the row of this very device',
  ),
  rules('outcomes', "if (parsed.kind === 'invalid') throw new Error", INVARIANT),
  rules('outcomes', 'default:', EXHAUSTIVE),
  rules('rearrange', 'was there a moment ago`', INVARIANT),
  rules('reopen', "if (old === null) return refused(original.id, 'unknown-version'", KEPT),
  rules(
    'reopen',
    'const headed = made === null ? original',
    'sides of a conflict are files, and have a head',
  ),
  rules(
    'resolve',
    "if (head === null || mine === null) return refused(copy.id, 'bad-request'",
    'sides of a conflict are files',
  ),
  rules('resolve', 'has lost its head`', INVARIANT),
  rules('revive', 'is named by the tree and is not in it`', INVARIANT),
  rules('room', 'return quota === null ? bytesText(used)', 'an account without a quota is never full'),
  rules(
    'scope',
    'return node.parent ?? ROOT_NODE;',
    'who asks has sent the root away before: it is never moved or dead',
  ),
  rules('session', "'will-fork', current ?? null);", 'the node was read in this very transaction'),
  rules(
    'zombie',
    'return found.includes(folder.id) ? found',
    'needs 65 dead namesakes on one level of one path',
  ),
  {
    file: 'src/engine/executor/cut-short.ts',
    text: "return synced.content?.kind === 'file' ? synced.content.size : 0;",
    reason: 'only files are looked at: for the types',
  },
  {
    file: 'src/engine/executor/structure-lane.ts',
    text: "if (to === null || (row === null) !== (intent.kind === 'make-folder')) return null;",
    reason: 'needs the journal to be folded between a plan and the flush before its first step',
  },
  {
    file: 'src/engine/executor/structure-lane.ts',
    text: 'if (row !== null && !row.parked && state.pathOf(node) === null) return null;',
    reason: 'needs the object to be displaced between a plan and the flush before its first step',
  },
  {
    file: 'src/engine/executor/structure-lane.ts',
    text: 'if (stateTrouble(error) !== null) throw error;',
    reason: ENDS,
  },
];
