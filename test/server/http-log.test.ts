/** What a server's log says about troubles that nobody who asks is told of. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { fileOf, linkDevice } from '../protocol/wire-device.ts';
import { Wire } from '../protocol/wire-http.ts';
import { startTestServer, TEST_USER } from '../support/server.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly facts: object | undefined;
}

test('a fault of the metadata store is one line in the log, and no secret is in it', async () => {
  const lines: Line[] = [];
  const server = await startTestServer({
    log: (level, message, facts) => lines.push({ level, message, facts }),
  });
  const wire = new Wire(server.url);
  const database = new Database(join(server.data, 'metadata.sqlite'));
  try {
    const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password });
    database.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON journal WHEN NEW.name = 'salaries.txt'
       BEGIN SELECT RAISE(ABORT, 'the disk is not what it was'); END`,
    );
    const { content, frames } = fileOf(randomBytes(100));
    const outcomes = await device.commit(
      frames,
      device.create('other.txt', content),
      device.create('salaries.txt', content),
    );
    const kinds = outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind));
    assert.deepEqual(kinds, ['committed', 'internal']);
    assert.deepEqual(
      lines.map(({ level, message }) => [level, message]),
      [['error', 'a claim could not be decided']],
    );
    const line = JSON.stringify(lines[0]);
    assert.match(line, /the disk is not what it was/);
    assert.doesNotMatch(line, /\n/);
    for (const secret of [device.link.token, TEST_USER.password, 'salaries']) assert(!line.includes(secret));
  } finally {
    database.close();
    await wire.close();
    await server.close();
  }
});
