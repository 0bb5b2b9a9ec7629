/** Paths in answers are marked as such: only then are they told from the synced folder when a share answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { outward, translated } from '../../src/engine/shares/outward.ts';
import type { Surface } from '../../src/engine/shares/surfaces.ts';
import { METHODS, refused } from '../../src/ipc/contract.ts';
import { nullable, SHOWN_PATH, ShownPath } from '../../src/ipc/shapes.ts';
import type { ErrorCode } from '../../src/protocol/errors.ts';
import { type NamespaceId, parseNamespaceId } from '../../src/protocol/ids.ts';

const SHARE = parseNamespaceId('01a0b5ae-b1ce-7b4c-9746-9302a21e4125');

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

test('paths in what may be missing are found as well; what no schema describes is as it is', () => {
  const row = Type.Object({ path: ShownPath });
  const schema = Type.Object({
    rows: nullable(Type.Array(row)),
    row: nullable(row),
    any: Type.Unknown(),
    link: Type.Object({ target: Type.String() }),
  });
  const answer = {
    rows: [{ path: 'a', more: ['b'] }],
    row: { path: 'c' },
    any: ['d', { path: 'e' }],
    link: { target: 'f' },
  };
  assert.deepEqual(translated(schema, answer, 'Work'), {
    ...answer,
    rows: [{ path: 'Work/a', more: ['b'] }],
    row: { path: 'Work/c' },
  });
});

test('what a share refuses names files from the synced folder, but no path of this computer and no name that was asked for', () => {
  const said = (code: ErrorCode, file: string, path = 'Work', share: NamespaceId | null = SHARE) => {
    // Whoever refuses is not asked for more than where it stands.
    const surface = { share, path } as Surface;
    const answer = outward('history', surface, refused(code, { file, detail: 'as it is' }));
    return answer.kind === 'refused' ? answer.facts : null;
  };
  assert.deepEqual(said('no-such-folder', 'a'), { file: 'Work/a', detail: 'as it is' });
  assert.deepEqual(said('no-such-folder', '/home/a'), { file: '/home/a', detail: 'as it is' });
  assert.deepEqual(said('bad-name', 'a'), { file: 'a', detail: 'as it is' });
  assert.deepEqual(said('no-such-folder', 'a', '', null), { file: 'a', detail: 'as it is' });
});

test('an answer that fits its schema no more is a mistake of ours, and said as one', () => {
  const surface = { share: SHARE, path: 'Work' } as Surface;
  const bad = { kind: 'ok', value: { nodes: 'none' } } as unknown as Parameters<typeof outward<'history'>>[2];
  assert.throws(() => outward('history', surface, bad), /an answer to history fits no more/);
});
