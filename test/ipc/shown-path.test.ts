/** Paths in answers are marked as such: only then are they told from the synced folder when a share answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translated } from '../../src/engine/shares/outward.ts';
import { METHODS } from '../../src/ipc/contract.ts';
import { SHOWN_PATH } from '../../src/ipc/shapes.ts';

/** Answers of the device as a whole, which say paths from the synced folder by themselves. */
const WHOLE = /^(?:shares\.|usage$|status$|pause$|resume$|settings|devices|bundle|doctor|token|wait$)/;
/** Said from the synced folder by whoever says it: it stands in another namespace. */
const ELSEWHERE = /\.(?:madeFrom|wentTo)\./;
const PATHS = /(?:^|\.)(?:path|paths|folder|from|to|copyPath|pathThen|stopsPaths|startsPaths)$/;

function unmarked(schema: object, at: string): readonly string[] {
  if (SHOWN_PATH in schema) return [];
  if (PATHS.test(at) && !ELSEWHERE.test(at) && 'type' in schema && schema.type === 'string') return [at];
  return Object.entries(schema).flatMap(([name, each]: [string, unknown]): readonly string[] => {
    if (name === 'properties' && typeof each === 'object' && each !== null)
      return Object.entries(each).flatMap(([member, inner]: [string, unknown]) =>
        typeof inner === 'object' && inner !== null ? unmarked(inner, `${at}.${member}`) : [],
      );
    if (name === 'anyOf' && Array.isArray(each))
      return each.flatMap((choice: object) => unmarked(choice, at));
    return name === 'items' && typeof each === 'object' && each !== null ? unmarked(each, at) : [];
  });
}

for (const [method, { result }] of Object.entries(METHODS))
  test(`${method}: every path in its answer is marked`, () => {
    assert.deepEqual(WHOLE.test(method) ? [] : unmarked(result, method), []);
  });

test('a folder goes before every path, at any depth, and before nothing else', () => {
  const { result } = METHODS['moment.plan'];
  const step = { kind: 'content', node: 'n', path: 'a', to: '', number: 1 };
  const plan = {
    folder: '',
    at: 1,
    steps: [step],
    total: 1,
    unchanged: 0,
    newer: 0,
    lost: 0,
    path: 'as it is',
  };
  assert.deepEqual(translated(result, plan, 'Work/Plans'), {
    ...plan,
    folder: 'Work/Plans',
    steps: [{ ...step, path: 'Work/Plans/a', to: 'Work/Plans' }],
  });
});
