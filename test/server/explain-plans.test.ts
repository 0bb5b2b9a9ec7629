/** What an operator asks is answered by an index, or stops after so many rows: no table is read to its end. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Connection, type Sql } from '../../server-stub/metadata/sqlite-connection.ts';
import { explainReads } from '../../server-stub/metadata/sqlite-explain.ts';
import { text } from '../../server-stub/metadata/sqlite-values.ts';

/** Tables of a row per tenant, per namespace or per switch, by the names that the queries give them. */
const SMALL = new Set(['n', 'namespaces', 't', 'tenants', 'switches']);

class Listening extends Connection {
  readonly asked = new Map<string, Sql>();

  /** Also called while the connection is made, when it does not listen yet. */
  override sql(source: string): Sql {
    this.asked?.set(source, super.sql(`EXPLAIN QUERY PLAN ${source}`));
    return super.sql(source);
  }
}

function planOf(source: string, plan: Sql): readonly string[] {
  const names = [...source.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, null] as const);
  const values = names.length > 0 ? [Object.fromEntries(names)] : [...source.matchAll(/\?/g)].map(() => null);
  return plan.all(...values).map((row) => text(row, 'detail'));
}

/** Steps that read every row of a large table. What was picked out by an inner query before is bounded by it. */
function fullScans(steps: readonly string[]): readonly string[] {
  return steps.filter((step) => {
    const [, table = ''] = /^SCAN (\S+)/.exec(step) ?? [];
    const isPicked = steps.some((each) => each === `CO-ROUTINE ${table}` || each === `MATERIALIZE ${table}`);
    return table !== '' && !SMALL.has(table) && !isPicked && !/VIRTUAL TABLE INDEX \d+:M/.test(step);
  });
}

const connection = new Listening(':memory:', 'writer');
after(() => connection.close());

test('no question of an operator reads a whole table', () => {
  explainReads(connection);
  assert.ok(connection.asked.size >= 20, `${connection.asked.size} queries`);
  for (const [source, plan] of connection.asked)
    assert.deepEqual(fullScans(planOf(source, plan)), [], source);
});

test('a query that does read a whole table is noticed', () => {
  for (const source of [
    'SELECT seq FROM versions WHERE base IS NULL',
    'SELECT c.id FROM conflicts c WHERE c.cause = ?',
    'SELECT no FROM node_names WHERE name = :name',
  ]) {
    connection.sql(source);
    assert.equal(fullScans(planOf(source, connection.asked.get(source)!)).length, 1, source);
  }
});
