/** Deliberate bugs in claims and their answers: RULES 1 to 9 and 15. */
import { mutants } from './mutant.ts';

export const CLAIM_MUTANTS = mutants(
  {
    id: 'stale-edit-says-reject',
    rules: ['RULES 1', 'DESIGN 4'],
    breaks: 'an edit whose base is old is claimed as "reject": it never gets up',
    file: 'src/engine/executor/claim-builder.ts',
    find: "onStale: 'fork',",
    replace: "onStale: 'reject',",
    hunt: { by: 'seeds', most: 40 },
  },
  {
    id: 'last-writer-wins',
    rules: ['FAILURES 3.3', 'DESIGN 6', 'D1'],
    breaks: 'finalize ignores the base version: the last edit becomes the head',
    file: 'server-stub/metadata/rules/edit.ts',
    find: 'if (base?.id === head.version.id) return editHead(scope, node, head, claim);',
    replace: 'return editHead(scope, node, head, claim);',
    hunt: { by: 'seeds', most: 40 },
  },
  {
    id: 'going-back-is-no-edit',
    rules: ['RULES 2'],
    breaks: 'an edit on the head that returns to an older content of the line makes no version',
    file: 'server-stub/metadata/rules/edit.ts',
    find: 'if (sameContent(contentOf(claim.content), head.version.content)) return adoptedAs(node.id, head.version.id);',
    replace:
      'const line = await scope.tx.versionsAfter(scope.ns, node.id, 0); const same = line.findLast((each) => sameContent(contentOf(claim.content), each.content)); if (same) return adoptedAs(node.id, same.id);',
    hunt: { by: 'scenario', name: 'going back to an older text is an edit' },
  },
  {
    id: 'stale-edit-equal-to-an-ancestor-is-dropped',
    rules: ['RULES 2'],
    breaks: 'a stale edit that equals a version before its base is taken for known',
    file: 'server-stub/metadata/rules/edit.ts',
    find: 'const since = await scope.tx.versionsAfter(scope.ns, head.node, base.number);',
    replace: 'const since = await scope.tx.versionsAfter(scope.ns, head.node, 0);',
    hunt: {
      by: 'scenario',
      name: 'going back to an older text while another device goes on keeps both texts',
    },
  },
  {
    id: 'executable-bit-is-no-content',
    rules: ['RULES 3'],
    breaks: 'contents that differ only by the executable bit count as equal',
    file: 'src/protocol/content.ts',
    find: "? `f${content.executable ? 'x' : '-'}${content.manifest}`",
    replace: '? `f-${content.manifest}`',
    hunt: { by: 'seeds', most: 40 },
  },
  {
    id: 'equal-sizes-are-equal-contents',
    rules: ['RULES 29', 'RULES 4'],
    breaks: 'two contents of one size count as equal',
    file: 'src/protocol/content.ts',
    find: "? `f${content.executable ? 'x' : '-'}${content.manifest}`",
    replace: "? `f${content.executable ? 'x' : '-'}${content.size}`",
    hunt: { by: 'seeds', most: 40 },
  },
  {
    id: 'no-idempotency-record',
    rules: ['RULES 5', 'FAILURES 3.3', 'DESIGN 6'],
    breaks: 'the server keeps no outcome under the key: what was sent twice happens twice',
    file: 'server-stub/metadata/rules/finalize.ts',
    find: 'await tx.addOutcome(caller.device, { key: claim.key, digest, body });',
    replace: 'void [tx, caller, digest, body];',
    hunt: { by: 'seeds', most: 40, run: { troubles: ['kill', 'messages'] } },
  },
  {
    id: 'unanswered-keys-are-not-named',
    rules: ['RULES 5'],
    breaks: 'the next claim on a node does not list the keys that were never answered',
    file: 'src/engine/executor/claim-builder.ts',
    find: 'unanswered: context.state.claims.abandonedKeys(node),',
    replace: 'unanswered: [],',
    hunt: {
      by: 'scenario',
      name: 'the reply to a large save is lost and the user saves again: no conflict with oneself',
    },
  },
  {
    id: 'own-earlier-version-is-foreign',
    rules: ['RULES 5'],
    breaks: 'a head made by an unanswered key of the same device does not count as the base',
    file: 'server-stub/metadata/rules/earlier.ts',
    find: 'for (const id of [claimed, ...(this.#versions.get(node) ?? [])]) {',
    replace: 'for (const id of [claimed]) {',
    hunt: {
      by: 'scenario',
      name: 'the reply to a large save is lost and the user saves again: no conflict with oneself',
    },
  },
  {
    id: 'overtaken-keys-are-not-burned',
    rules: ['RULES 5'],
    breaks: 'a key that a later claim has overtaken can still commit when its request arrives late',
    file: 'server-stub/metadata/rules/earlier.ts',
    find: 'await scope.tx.addOutcome(scope.caller.device, { key, digest: null, body: null });',
    replace: '',
    hunt: {
      by: 'scenario',
      name: 'a large save arrives at the server long after the one that followed it, and changes nothing',
    },
  },
  {
    id: 'unanswered-claims-are-not-asked-for-again',
    rules: ['RULES 5'],
    breaks: 'after a kill nobody asks what became of claims that were sent',
    file: 'src/engine/executor/resend.ts',
    find: 'const claims = table.unanswered().filter((claim) => !table.delivering.has(claim.key));',
    replace: 'const claims = table.unanswered().filter((claim) => table.delivering.has(claim.key));',
    hunt: { by: 'seeds', most: 40, run: { troubles: ['kill', 'messages'] } },
  },
  {
    id: 'claims-are-not-durable',
    rules: ['RULES 5'],
    breaks: 'a claim is not written down before it is sent: after a kill it was never made',
    file: 'src/engine/state/claims-table.ts',
    find: 'this.sql.add.run(claim.key, claim.node, JSON.stringify(claim), byVerb ? 1 : 0);',
    replace: 'void byVerb;',
    hunt: { by: 'seeds', most: 40, run: { troubles: ['kill', 'messages'] } },
  },
  {
    id: 'loser-keeps-the-node',
    rules: ['RULES 6'],
    breaks: "a fork answer does not rebind the loser's file to the copy: it stands there without a base",
    file: 'src/engine/executor/outcomes.ts',
    find: `    state.local.rename(claim.node, outcome.node);
    state.synced.put({
      node: outcome.node,`,
    replace: `    state.synced.put({
      node: outcome.node,`,
    hunt: { by: 'seeds', most: 40, run: { troubles: ['kill', 'messages'] } },
  },
  {
    id: 'save-after-a-lost-fork-goes-to-the-original',
    rules: ['RULES 6'],
    breaks: 'what is saved after a fork whose answer was lost counts as an edit of the file that won',
    file: 'server-stub/metadata/rules/edit.ts',
    find: 'if (forked === null || forked.original !== node.id) return editNode(scope, node, claim, earlier);',
    replace: 'if (forked !== undefined) return editNode(scope, node, claim, earlier);',
    hunt: {
      by: 'scenario',
      name: 'the reply to the loser of a race is lost and it saves again: one copy, with the later text',
    },
  },
  {
    id: 'proposed-ids-have-no-alias',
    rules: ['RULES 7'],
    breaks: 'the server forgets to which node it bound a proposed id',
    file: 'server-stub/metadata/rules/scope.ts',
    find: 'await this.tx.addAlias(this.caller.device, this.ns, proposed, real);\n    this.#meaning.set(proposed, real);',
    replace: 'void real;',
    hunt: {
      by: 'test',
      file: 'test/server/metadata-create.test.ts',
      name: 'RULES 7: a folder that another device made is taken over',
    },
  },
  {
    id: 'keys-settle-before-they-are-answered',
    rules: ['RULES 9'],
    breaks:
      'the device says that all keys it ever drew are settled: the server drops outcomes that are still asked for',
    file: 'src/engine/state/claims-table.ts',
    find: "return this.sql.lowest.get()?.key ?? (this.meta.number('next-key') || 1);",
    replace: "return this.meta.number('next-key') || 1;",
    hunt: { by: 'seeds', most: 40, run: { troubles: ['kill', 'messages'] } },
  },
  {
    id: 'remote-tree-is-not-monotone',
    rules: ['RULES 15', 'FAILURES 3.3', 'I2', 'I7'],
    breaks: 'an older journal row replaces what an answer to the own claim told: paths step back',
    file: 'src/engine/state/remote-tree.ts',
    find: 'const newerHead = event.head !== null && (!old || event.head.seq >= old.head_seq);',
    replace: 'const newerHead = event.head !== null;',
    hunt: { by: 'test', file: 'test/engine/remote-tree.test.ts', name: 'RULES 15: an older row' },
  },
  {
    id: 'a-journal-that-lags-is-believed',
    rules: ['RULES 15', 'I7', 'I9'],
    breaks: 'answers are folded although the journal that was read for them ended before what they tell',
    file: 'src/engine/executor/outcomes.ts',
    find: 'return isInOrder() || ((await context.catchUp()) && isInOrder());',
    replace: 'return isInOrder() || (await context.catchUp());',
    hunt: {
      by: 'test',
      file: 'test/engine/lagging-journal.test.ts',
      name: 'an answer about a folder deleted elsewhere waits',
    },
  },
  {
    id: 'cursor-passes-foreign-rows',
    rules: ['I7', 'DESIGN 6'],
    breaks: 'after an answer the cursor goes on past rows of other devices',
    file: 'src/engine/executor/own-rows.ts',
    find: `    let furthest: Cursor | null = null;
    for (let seq = from.seq + 1; this.seqs.has(seq); seq += 1) {
      const end = this.ends.get(seq);
      if (end && end.epoch === from.epoch) furthest = end;
    }`,
    replace: `    let furthest: Cursor | null = null;
    for (const [seq, end] of this.ends) if (seq > from.seq) furthest = end;`,
    also: [
      {
        file: 'src/engine/executor/own-rows.ts',
        find: 'if (!made.has(seq) && !this.seqs.has(seq)) return false;',
        replace: 'void seq;',
      },
    ],
    hunt: { by: 'seeds', most: 40 },
  },
  {
    id: 'cursor-before-the-tree',
    rules: ['I7', 'DESIGN 3'],
    breaks:
      'the cursor is written before the page is folded, in a transaction of its own, and the page is lost now and then',
    file: 'src/engine/executor/journal-lane.ts',
    find: 'const folded = this.guarded(() => {',
    replace: `state.meta.setCursor(page.next);
    if (page.next.seq % 13 === 0) return true;
    const folded = this.guarded(() => {`,
    hunt: { by: 'seeds', most: 40 },
  },
  {
    id: 'journal-row-is-skipped',
    rules: ['FAILURES 3.3', 'I6'],
    breaks: 'one journal row in 33 is never folded',
    file: 'src/engine/executor/journal-lane.ts',
    find: 'for (const event of page.events) this.foldOne(state.remote, event);',
    replace: 'for (const event of page.events) if (event.seq % 33 !== 0) this.foldOne(state.remote, event);',
    hunt: { by: 'scenario', name: 'many small files in one folder arrive, each with its own text' },
  },
);
