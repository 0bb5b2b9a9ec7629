import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { SnapshotPage } from '../../src/protocol/journal.ts';
import {
  ConflictsAnswer,
  HistoryAnswer,
  LookupAnswer,
  MomentAnswer,
  type MomentRequest,
  NotifyAnswer,
  OpenAnswer,
  TrashAnswer,
} from '../../src/protocol/routes.ts';
import type { Contract } from './contract-suite.ts';
import { freshName, newNode, parsedAs, textFile } from './wire-device.ts';

export function claimContract(contract: () => Contract): void {
  test('a file goes up by session, chunks and finalize, and every device reads it', async () => {
    const [one, two] = [await contract().device(), await contract().device()];
    const { content, frames } = textFile(`content ${randomBytes(8).toString('hex')}`);
    const name = freshName('file');
    const claim = one.create(name, content);
    const opened = parsedAs(OpenAnswer, await one.ask('open', { claims: [claim] }));
    assert.deepEqual(
      opened.missing,
      frames.map(({ id }) => id),
    );
    assert.equal(opened.answers[0]?.answer, 'proceed');
    const early = await one.finalize(claim);
    assert.equal(early[0]?.kind, 'missing-chunks');
    await one.ask('putChunks', {}, { frames });
    const [outcome] = await one.finalize(claim);
    assert.equal(outcome?.kind, 'committed');
    assert.deepEqual(await one.finalize(claim), [outcome], 'the same key, the same answer');
    const lookup = parsedAs(LookupAnswer, await two.ask('lookup', { path: name }));
    assert.equal(lookup.nodes[0]?.node, outcome?.node);
    const read = await two.getChunks(frames.map(({ id }) => id));
    assert.deepEqual(read.answer, { left: [], absent: [] });
    assert(Buffer.from(read.frames[0]!.bytes).equals(Buffer.from(frames[0]!.bytes)));
  });

  test('a key that is used for something else is refused', async () => {
    const device = await contract().device();
    const claim = device.create(freshName('a'), null);
    await device.finalize(claim);
    const [other] = await device.finalize({ ...device.create(freshName('b'), null), key: claim.key });
    assert(other?.kind === 'refused' && other.code === 'key-reused', JSON.stringify(other));
  });

  test('names that no tree may hold are refused, and the rest of the batch is decided', async () => {
    const device = await contract().device();
    const names = ['..', '.', 'a/b', 'a\u0000b', '.tidemark', '.TideMark-x', 'ü'.repeat(128), '\ud800'];
    const claims = names.map((name) => device.create(name, null));
    const good = device.create(freshName('good'), null);
    const outcomes = await device.finalize(...claims, good);
    for (const outcome of outcomes.slice(0, -1))
      assert(outcome.kind === 'refused' && outcome.code === 'bad-name', JSON.stringify(outcome));
    assert.equal(outcomes.at(-1)?.kind, 'committed');
    const unknown = await device.finalize(device.create(freshName('x'), null, newNode()));
    assert(unknown[0]?.kind === 'refused' && unknown[0].code === 'unknown-parent');
  });

  test('a stale edit forks for everybody, is listed as a conflict and has both histories', async () => {
    const [one, two] = [await contract().device('one'), await contract().device('two')];
    const event = await one.addFile(freshName('doc'), Buffer.from('V1'));
    const mine = textFile('mine');
    const yours = textFile('yours');
    assert.equal((await one.commit(mine.frames, one.edit(event, mine.content)))[0]?.kind, 'committed');
    const reject = await two.commit(yours.frames, two.edit(event, yours.content, 'reject'));
    assert.equal(reject[0]?.kind, 'dropped', JSON.stringify(reject));
    const [fork] = await two.commit(yours.frames, two.edit(event, yours.content));
    assert(fork?.kind === 'forked', JSON.stringify(fork));
    const { conflicts } = parsedAs(ConflictsAnswer, await one.ask('conflicts'));
    const conflict = conflicts.find((row) => row.conflict.id === fork.conflict);
    assert.equal(conflict?.conflict.copy, fork.node);
    assert.equal(conflict?.conflict.original, event.node);
    const history = parsedAs(HistoryAnswer, await two.ask('history', { node: event.node }));
    assert.deepEqual(
      history.versions.map(({ number }) => number),
      [2, 1],
    );
    assert.deepEqual(history.causes, ['edit', 'create']);
    const unknown = await two.refusal('history', { node: newNode() });
    assert.equal(unknown.code, 'not-found');
  });

  test('a deleted file is in the trash and comes back', async () => {
    const device = await contract().device();
    const event = await device.addFile(freshName('gone'), Buffer.from('bytes'));
    const { seq } = await device.cursor();
    const [deleted] = await device.finalize(device.remove(event, seq));
    assert.equal(deleted?.kind, 'committed');
    const trash = parsedAs(TrashAnswer, await device.ask('trash'));
    assert(trash.items.some((item) => item.event.node === event.node));
    const [undeleted] = await device.finalize({ op: 'undelete', ...device.base(), node: event.node });
    assert.equal(undeleted?.kind, 'committed', JSON.stringify(undeleted));
  });

  test('the trash comes in pages, newest first, and every item in exactly one', async () => {
    const device = await contract().device();
    const events = [];
    for (const name of ['one', 'two', 'three'])
      events.push(await device.addFile(freshName(name), Buffer.from(name)));
    const { seq } = await device.cursor();
    await device.finalize(...events.map((event) => device.remove(event, seq)));
    const found: string[] = [];
    let before: number | null = null;
    for (;;) {
      const page: TrashAnswer = parsedAs(TrashAnswer, await device.ask('trashPage', { before, limit: 2 }));
      found.push(...page.items.map(({ event }) => event.node));
      before = page.items.at(-1)?.event.entry.deadSeq ?? null;
      if (!page.hasMore || found.length > 2000) break;
    }
    assert.equal(new Set(found).size, found.length);
    assert.deepEqual(found.slice(0, 3), events.map(({ node }) => node).reverse());
    assert.equal((await device.refusal('trashPage', { before: null, limit: 0 })).code, 'bad-request');
  });

  test('a folder is told as it was at a moment, in pages, and to nobody else', async () => {
    const device = await contract().device();
    const [folder] = await device.finalize(device.create(freshName('then'), null));
    assert(folder?.kind === 'committed');
    const [a, b] = [textFile('a'), textFile('b')];
    const made = await device.commit(
      [...a.frames, ...b.frames],
      device.create('a', a.content, folder.node),
      device.create('b', b.content, folder.node),
    );
    const at = made[0]!.events[0]!.at;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { seq } = await device.cursor();
    await device.finalize(device.remove(made[0]!.events[0]!, seq), device.create('later', null, folder.node));
    const names: string[] = [];
    let continuation: string | null = null;
    do {
      const ask: MomentRequest = { folder: folder.node, at, continuation, limit: 1 };
      const page: MomentAnswer = parsedAs(MomentAnswer, await device.ask('moment', ask));
      assert(page.kind === 'moment', JSON.stringify(page));
      assert.equal(page.nodes.length, 1);
      names.push(...page.nodes.map(({ name }) => name));
      continuation = page.continuation;
    } while (continuation !== null);
    assert.deepEqual(names.sort(), ['a', 'b']);
    const early = { folder: folder.node, at: 0, continuation: null, limit: 9 };
    const unknown = parsedAs(MomentAnswer, await device.ask('moment', early));
    assert.deepEqual(unknown, { kind: 'unknown', why: 'not-there' });
    const none = { ...early, folder: newNode() };
    const stranger = await contract().stranger();
    assert.equal((await device.refusal('moment', none)).code, 'not-found');
    assert.equal((await stranger.refusal('moment', early)).code, 'not-found');
    const mine = { ...early, at, continuation: 'none of yours' };
    assert.equal((await device.refusal('moment', mine)).code, 'unprocessable');
  });

  test('journal pages and snapshot pages add up to the same tree', async () => {
    const device = await contract().device();
    const names = Array.from({ length: 12 }, () => freshName('page'));
    await device.finalize(...names.map((name) => device.create(name, null)));
    const seen = new Set<string>();
    let page = await device.journal(null, 5);
    for (;;) {
      for (const event of page.events) seen.add(event.entry.name);
      if (!page.hasMore) break;
      page = await device.journal(page.next, 5);
    }
    assert.equal(page.next.seq, page.head);
    assert(names.every((name) => seen.has(name)));
    const found = new Set<string>();
    let continuation: string | null = null;
    do {
      const part: SnapshotPage = parsedAs(
        SnapshotPage,
        await device.ask('snapshot', { continuation, limit: 5 }),
      );
      for (const event of part.events) found.add(event.entry.name);
      continuation = part.continuation;
    } while (continuation !== null);
    assert(names.every((name) => found.has(name)));
    assert.equal(
      (await device.refusal('snapshot', { continuation: 'none of yours', limit: 5 })).code,
      'unprocessable',
    );
  });

  test('a long poll wakes when another device commits, and not for one’s own', async () => {
    const [one, two] = [await contract().device(), await contract().device()];
    const seen = await two.cursor();
    const polls = [two.ask('notify', { seen, seconds: 30 }), two.ask('notify', { seen, seconds: 30 })];
    await new Promise((resolve) => setTimeout(resolve, 100));
    await one.finalize(one.create(freshName('wake'), null));
    for (const poll of polls) assert.equal(parsedAs(NotifyAnswer, await poll).changed, true);
    const now = await two.cursor();
    const own = two.ask('notify', { seen: now, seconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = performance.now();
    await two.finalize(two.create(freshName('own'), null));
    await own;
    assert(performance.now() - before > 500, 'own commits do not wake');
  });

  test('a long poll answers at once when there is something to read, or the history is another', async () => {
    const device = await contract().device();
    const start = await device.cursor();
    await device.finalize(device.create(freshName('news'), null));
    const now = await device.cursor();
    const news = [
      start,
      { ...now, epoch: 'ffffffffffff' },
      { ...now, hash: '0'.repeat(16) },
      { ...now, seq: now.seq + 5 },
    ];
    for (const seen of news) {
      const answer = parsedAs(NotifyAnswer, await device.ask('notify', { seen, seconds: 50 }));
      assert.equal(answer.changed, true);
    }
    assert.equal(
      parsedAs(NotifyAnswer, await device.ask('notify', { seen: now, seconds: 0 })).changed,
      false,
    );
    const bad = await device.refusal('notify', { seen: now, seconds: 56 });
    assert.equal(bad.code, 'bad-request');
  });

  test('peers see that something large is on its way', async () => {
    const [one, two] = [await contract().device('big sender'), await contract().device()];
    const seen = await two.cursor();
    const { content } = textFile(randomBytes(16).toString('hex'));
    const parked = two.ask('notify', { seen, seconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const claim = one.create(freshName('big'), content);
    parsedAs(OpenAnswer, await one.ask('open', { claims: [claim] }));
    const next = parsedAs(NotifyAnswer, await two.ask('notify', { seen, seconds: 0 }));
    assert(next.uploading.some((row) => row.device === 'big sender' && row.files === 1));
    await one.finalize(one.create(freshName('end'), null));
    assert.equal(parsedAs(NotifyAnswer, await parked).changed, true);
  });
}
