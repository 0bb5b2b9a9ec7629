import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExplainedNode, ExplainResult } from '../../../src/ipc/diagnosis.ts';
import { ignoreRuleOf, planOf, whereOf } from '../../../src/renderer/screens/explain/reasons.ts';
import { explainWords, noteOf } from '../../../src/renderer/screens/explain/words.ts';

const node: ExplainedNode = {
  node: 'n',
  path: 'a.txt',
  kind: 'file',
  state: 'known',
  version: null,
  number: null,
  manifest: null,
  target: null,
  size: 1,
  executable: false,
  mtimeNs: null,
  entryRev: null,
  headSeq: null,
  entrySeq: null,
  fileId: null,
};
const result = (change: Partial<ExplainResult>): ExplainResult => ({
  path: 'a.txt',
  sentence: '',
  local: node,
  remote: node,
  synced: node,
  lineage: [],
  cursor: 1,
  serverHead: 1,
  rule: { name: 'nothing', sentence: 'same × same: nothing to do' },
  pending: [],
  problem: null,
  excludedBy: null,
  events: [],
  ...change,
});

test('where a path stands follows from its trees', () => {
  assert.equal(whereOf(result({})), 'everywhere');
  assert.equal(whereOf(result({ remote: null })), 'only-here');
  assert.equal(whereOf(result({ local: null })), 'only-server');
  assert.equal(whereOf(result({ local: null, remote: null })), 'gone');
  assert.equal(whereOf(result({ remote: { ...node, state: 'deleted' } })), 'deleted-server');
  assert.equal(whereOf(result({ local: { ...node, state: 'unseen' } })), 'unseen');
  assert.equal(whereOf(result({ excludedBy: '.tidemarkignore:1: *.tmp' })), 'excluded');
});

test('in step is said only of what is known to be the same', () => {
  assert.equal(planOf(result({})), 'in-step');
  assert.equal(planOf(result({ local: { ...node, state: 'unhashed' } })), null);
  assert.equal(planOf(result({ local: null })), null);
  assert.equal(planOf(result({ rule: { name: 'edit', sentence: '' } })), 'sending-edit');
  assert.equal(planOf(result({ rule: { name: 'a new kind', sentence: '' } })), null);
});

test('an ignore rule is taken apart, also when its file has colons', () => {
  assert.deepEqual(ignoreRuleOf('docs/.tidemarkignore:3: *.tmp'), {
    file: 'docs/.tidemarkignore',
    line: '3',
    rule: '*.tmp',
  });
  assert.deepEqual(ignoreRuleOf('a:b/.tidemarkignore:12: x:7: y'), {
    file: 'a:b/.tidemarkignore',
    line: '12',
    rule: 'x:7: y',
  });
  assert.equal(ignoreRuleOf('built in'), null);
});

test('what the ledger notes is said in words; a new note is shown as it is', () => {
  assert.equal(noteOf('moved here', explainWords.de), 'Hierher verschoben, wie auf dem Server');
  assert.equal(noteOf('constructor', explainWords.en), 'Noted: constructor');
});
