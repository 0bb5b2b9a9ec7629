/** What a server's log says about troubles that nobody who asks is told of. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { ServerLog } from '../../server-stub/exchange.ts';
import { redacted } from '../../server-stub/redacting-log.ts';
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

test('the log of a busy run in which everything goes wrong holds no token, no password and no name of a file', async () => {
  const lines: string[] = [];
  const log: ServerLog = (level, message, facts) => lines.push(JSON.stringify({ level, message, ...facts }));
  const server = await startTestServer({ log });
  const wire = new Wire(server.url);
  const database = new Database(join(server.data, 'metadata.sqlite'));
  const secrets: string[] = [TEST_USER.password];
  try {
    const devices = [];
    for (let i = 0; i < 3; i += 1) {
      const name = `laptop-of-${randomBytes(6).toString('hex')}`;
      const device = await linkDevice(wire, { user: TEST_USER.name, password: TEST_USER.password }, name);
      devices.push(device);
      secrets.push(device.link.token, name);
    }
    const [device] = devices;
    const names = Array.from(
      { length: 12 },
      (_, i) => `Kündigung ${i} ${randomBytes(4).toString('hex')}.docx`,
    );
    secrets.push(...names);
    for (const each of names) await device!.addFile(each, randomBytes(500));
    // Faults in every part, each of which quotes what it stumbled over where it can.
    database.exec(
      `UPDATE nodes SET kind = 'file', rev = 1, name = name, conflict = name WHERE name = '${names[0]}'`,
    );
    database.exec(`UPDATE versions SET mtime_ns = '${names[1]}', base = '${names[2]}' WHERE number = 1`);
    database.exec(`UPDATE chunks SET location = 's/9/9/9'`);
    database.exec(
      `CREATE TRIGGER broken BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'the disk is "${names[3]}"'); END`,
    );
    for (const each of devices) {
      await each.ask('snapshot', { continuation: null, limit: 100 });
      await each.ask('lookup', { path: names[0] });
      await each.ask('trash');
      const { content, frames } = fileOf(randomBytes(100));
      await each.commit(frames, each.create(names[4]!, content));
      await each.getChunks(fileOf(randomBytes(5)).frames.map(({ id }) => id));
      for (const { id } of frames) await each.getChunks([id]);
    }
    await wire.ask('link', {
      user: TEST_USER.name,
      password: 'a wrong one',
      device: 'd',
      os: 't',
      instance: '0'.repeat(32),
    });
    secrets.push('a wrong one');
    assert(lines.length >= 6, 'it was a busy log');
    for (const line of lines)
      for (const secret of secrets) assert(!line.includes(secret), `${secret} in ${line}`);
  } finally {
    database.close();
    await wire.close();
    await server.close();
  }
});

test('what is redacted: quoted texts, long words and what is named as a secret; ids and numbers stay', () => {
  const chunk = 'ab'.repeat(32);
  const token = randomBytes(32).toString('base64url').replace(/^./, 'Z');
  const facts = {
    chunk,
    stack: `Error: column name holds "my diary" at ${token}`,
    password: 'x',
    deep: [{ token: 'y', n: 1 }],
  };
  assert.deepEqual(redacted(facts), {
    chunk,
    stack: 'Error: column name holds "…" at …',
    password: '…',
    deep: [{ token: '…', n: 1 }],
  });
});
