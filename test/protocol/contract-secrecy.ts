/** Two users: whatever one has, the other is answered as if it did not exist. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { encodeDelta } from '../../src/core/delta/codec.ts';
import { parseChunkId, parseDeviceId } from '../../src/protocol/ids.ts';
import {
  ChunksStored,
  ConflictsAnswer,
  DevicesAnswer,
  LookupAnswer,
  ManifestsAnswer,
  OpenAnswer,
  type RouteName,
  TrashAnswer,
} from '../../src/protocol/routes.ts';
import type { Contract } from './contract-suite.ts';
import { fileOf, freshName, newNode, parsedAs } from './wire-device.ts';
import { framesOf, jsonOf, type WireAnswer } from './wire-http.ts';

/** The same answer, once the ids asked for are taken out of it. */
function shape(answer: WireAnswer, ...ids: readonly string[]): string {
  const isFrames = answer.headers['content-type'] === 'application/octet-stream';
  const json = isFrames ? { ...framesOf(answer) } : jsonOf(answer);
  let text = JSON.stringify([answer.status, json]);
  for (const id of ids) text = text.replaceAll(id, '<id>');
  return text;
}

export function secrecyContract(contract: () => Contract): void {
  test('another user’s chunks are answered exactly like chunks that never were', async () => {
    const [owner, stranger] = [await contract().device(), await contract().stranger()];
    const bytes = randomBytes(120_000);
    const { content, frames } = fileOf(bytes);
    const name = freshName('secret');
    await owner.commit(frames, owner.create(name, content));
    const foreign = frames[0]!.id;
    const never = parseChunkId(randomBytes(32).toString('hex'));
    const asks: ((id: string) => [RouteName, unknown])[] = [
      (id) => ['getChunks', { want: [id], have: [] }],
      (id) => ['getChunks', { want: [never], have: [id] }],
      (id) => ['manifests', { ids: [id] }],
    ];
    for (const ask of asks) {
      const answers = await Promise.all([foreign, never].map((id) => stranger.ask(...ask(id))));
      assert.equal(shape(answers[0]!, foreign, never), shape(answers[1]!, foreign, never));
    }
    const manifests = parsedAs(ManifestsAnswer, await stranger.ask('manifests', { ids: [content.manifest] }));
    assert.equal(manifests.manifests[0]?.encoded, null);
    const opened = parsedAs(
      OpenAnswer,
      await stranger.ask('open', { claims: [stranger.create(name, content)] }),
    );
    assert.deepEqual(opened.missing, [foreign]);
    const [outcome] = await stranger.finalize(stranger.create(name, content));
    assert.equal(outcome?.kind, 'missing-chunks');
  });

  test('RULES 28: a delta over another user’s chunk is refused exactly like one over nothing', async () => {
    const [owner, stranger] = [await contract().device(), await contract().stranger()];
    const bytes = randomBytes(90_000);
    const { frames } = fileOf(bytes);
    await owner.ask('putChunks', {}, { frames });
    const never = parseChunkId(randomBytes(32).toString('hex'));
    const target = frames[0]!.id;
    const whys: string[] = [];
    for (const source of [frames[0]!.id, never]) {
      const delta = encodeDelta({ parts: [{ kind: 'copy', source, offset: 0, length: bytes.length }] });
      const answer = await stranger.ask(
        'putChunks',
        {},
        { frames: [{ id: target, encoding: 'delta', bytes: delta }] },
      );
      const { stored, refused } = parsedAs(ChunksStored, answer);
      assert.deepEqual(stored, []);
      whys.push(refused[0]!.why);
    }
    assert.equal(whys[0], whys[1]);
    const read = await stranger.getChunks([target]);
    assert.deepEqual(read.answer.absent, [target]);
  });

  test('another user’s nodes, devices, trash and conflicts do not exist', async () => {
    const [owner, stranger] = [await contract().device(), await contract().stranger()];
    const event = await owner.addFile(freshName('mine'), Buffer.from('content'));
    const asks: ((node: string) => [RouteName, unknown])[] = [
      (node) => ['history', { node }],
      (node) => [
        'finalize',
        {
          claims: [{ op: 'undelete', key: 900, editedAt: 1, unanswered: [], node }],
          settledBelow: 0,
          cursor: null,
        },
      ],
    ];
    for (const ask of asks) {
      const never = newNode();
      const foreign = await stranger.ask(...ask(event.node));
      // Another key: the outcome of the first is kept under its own.
      const absent = await stranger.ask(
        ...(JSON.parse(JSON.stringify(ask(never)).replace('"key":900', '"key":901')) as [RouteName, unknown]),
      );
      assert.equal(shape(foreign, event.node, '"key":900'), shape(absent, never, '"key":901'));
    }
    const revokes = [owner.link.deviceId, parseDeviceId(randomUUID())];
    for (const deviceId of revokes)
      assert.equal((await stranger.refusal('revoke', { deviceId })).code, 'not-found');
    assert.equal((await owner.ask('trash')).status, 200);
    const lookup = parsedAs(LookupAnswer, await stranger.ask('lookup', { path: event.entry.name }));
    assert.deepEqual(lookup.nodes, []);
    const devices = parsedAs(DevicesAnswer, await stranger.ask('devices')).devices;
    assert(devices.every((row) => row.deviceId !== owner.link.deviceId));
    const page = await stranger.journal();
    assert(page.events.every((row) => row.node !== event.node && row.user !== contract().target.user.user));
    const trash = parsedAs(TrashAnswer, await stranger.ask('trash'));
    assert(trash.items.every((item) => item.event.user !== contract().target.user.user));
    const { conflicts } = parsedAs(ConflictsAnswer, await stranger.ask('conflicts'));
    assert(conflicts.every((row) => row.conflict.user !== contract().target.user.user));
  });

  test('a node id that another user has can be proposed as if it were free', async () => {
    const [owner, stranger] = [await contract().device(), await contract().stranger()];
    const event = await owner.addFile(freshName('taken'), Buffer.from('content'));
    const [outcome] = await stranger.finalize({
      ...stranger.create(freshName('same id'), null),
      node: event.node,
    });
    assert.equal(outcome?.kind, 'committed', JSON.stringify(outcome));
  });
}
