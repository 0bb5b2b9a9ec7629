/** Shared folders and team spaces: who gets in, what each role may do, and what ends when somebody goes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { RIGHT_OF_ROUTE } from '../../server-stub/sharing/policy.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import {
  FinalizeAnswer,
  HistoryAnswer,
  LinkAnswer,
  NotifyAnswer,
  ROUTES,
  type RouteName,
} from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import { MembersAnswer, type Role, SharesAnswer } from '../../src/protocol/shares.ts';
import { Person, textOf } from '../attacks/person.ts';
import { REQUESTS } from '../attacks/requests.ts';
import { type Asked, jsonOf, TenantWorld } from '../attacks/tenant-world.ts';

const DAY = 86_400_000;
const SPANS = { allMs: DAY, dailyMs: DAY, weeklyMs: DAY, monthlyMs: DAY, trashMs: DAY };
const ALL_ROLES = ['owner', 'editor', 'viewer'] as const;

async function told<S extends TSchema>(schema: S, person: Person, asked: Asked) {
  const answer = parserOf(schema)(jsonOf(await person.ask(asked)));
  assert(answer.kind === 'ok', JSON.stringify(answer));
  return answer.value;
}

async function codeOf(person: Person, asked: Asked): Promise<string> {
  const value: unknown = jsonOf(await person.ask(asked));
  return value !== null && typeof value === 'object' && 'code' in value ? String(value.code) : 'ok';
}

/** Olga owns a share; sam is a user beside her. */
class House {
  readonly world: TenantWorld;
  readonly olga: Person;
  readonly sam: Person;
  readonly share: string;

  private constructor(world: TenantWorld, olga: Person, sam: Person, share: string) {
    this.world = world;
    this.olga = olga;
    this.sam = sam;
    this.share = share;
  }

  static async open(): Promise<House> {
    const world = await TenantWorld.open();
    await world.addUser('owner', 'olga');
    await world.addUser('stranger', 'sam');
    const olga = new Person(world, 'owner', 'olga', await world.link('owner', 'olga', 'desk'));
    const sam = new Person(world, 'stranger', 'sam', await world.link('stranger', 'sam', 'notebook'));
    return new House(world, olga, sam, await olga.share());
  }

  invite(user: string, role: Role, by = this.olga): Promise<string> {
    return codeOf(by, { route: 'setMember', json: { namespace: this.share, user, role } });
  }

  answer(person: Person, accept = true): Promise<string> {
    return codeOf(person, { route: 'answerInvitation', json: { namespace: this.share, accept } });
  }

  remove(user: string, by = this.olga): Promise<string> {
    return codeOf(by, { route: 'removeMember', json: { namespace: this.share, user } });
  }

  async members() {
    const answer = await told(MembersAnswer, this.olga, {
      route: 'shareMembers',
      json: { namespace: this.share },
    });
    return answer.members.map(({ user, role, standing }) => `${user} ${role} ${standing}`);
  }

  /** The same person, speaking in the share. */
  async inside(person: Person): Promise<Person> {
    const login = await told(LinkAnswer, person, {
      route: 'linkShare',
      json: { namespace: this.share, instance: '0'.repeat(32) },
    });
    assert.equal(login.namespace, this.share);
    return new Person(this.world, person.who, person.name, login, 500);
  }

  async join(role: Role): Promise<Person> {
    assert.equal(await this.invite('sam', role), 'ok');
    assert.equal(await this.answer(this.sam), 'ok');
    return this.inside(this.sam);
  }

  async close(): Promise<void> {
    assert.deepEqual(this.world.faults, []);
    await this.world.close();
  }
}

async function namesIn(person: Person): Promise<readonly string[]> {
  const answer: unknown = jsonOf(
    await person.ask({ route: 'snapshot', json: { continuation: null, limit: 100 } }),
  );
  return [...JSON.stringify(answer).matchAll(/"name":"(.*?)"/g)].map((each) => each[1] ?? '');
}

test('who is invited and accepts sees what is in the share, and what they write there the others see', async () => {
  const house = await House.open();
  const owner = await house.inside(house.olga);
  await owner.make('plan.txt', textOf(owner));
  assert.deepEqual((await told(SharesAnswer, house.sam, { route: 'shares' })).shares, []);
  assert.equal(await house.invite('sam', 'editor'), 'ok');
  const [invitation] = (await told(SharesAnswer, house.sam, { route: 'shares' })).shares;
  assert.deepEqual(
    [invitation?.standing, invitation?.invitedBy, invitation?.role],
    ['invited', 'olga', 'editor'],
  );
  const link = { route: 'linkShare', json: { namespace: house.share, instance: '0'.repeat(32) } } as const;
  assert.equal(await codeOf(house.sam, link), 'not-found', 'an invitation is no membership');
  assert.equal(await house.answer(house.sam), 'ok');
  const editor = await house.inside(house.sam);
  assert.deepEqual(await namesIn(editor), ['plan.txt']);
  await editor.make('answer.txt', textOf(editor));
  assert.deepEqual((await namesIn(owner)).toSorted(), ['answer.txt', 'plan.txt']);
  assert.deepEqual(await namesIn(house.sam), [], 'nothing of it is in a personal namespace');
  assert.deepEqual(await house.members(), ['olga owner member', 'sam editor member']);
  await house.close();
});

test('every route in a share lets each role do what its right says, and no more', async () => {
  let asked = 0;
  for (const role of ALL_ROLES) {
    const house = await House.open();
    const member = await house.join(role);
    const owner = await house.inside(house.olga);
    for (const [route, { access }] of Object.entries(ROUTES) as [RouteName, { access: string }][]) {
      if (access === 'anyone' || route === 'revoke') continue;
      // What makes sense of the owner's own is asked by the member: the right comes before all else.
      const request = await REQUESTS[route][0]!(owner);
      const code = await codeOf(member, { route, ...request });
      const right = RIGHT_OF_ROUTE[route];
      const mayAsk = right === 'manage' ? role === 'owner' : right !== 'write' || role !== 'viewer';
      assert.equal(code === 'forbidden' && !route.includes('ember'), !mayAsk, `${role} ${route}: ${code}`);
      asked += 1;
    }
    await house.close();
  }
  assert.ok(asked > 60);
});

test('only an owner decides who is in; everybody may leave, but not the last owner', async () => {
  const house = await House.open();
  await house.join('editor');
  assert.equal(await house.invite('eve', 'viewer', house.sam), 'forbidden');
  assert.equal(await house.invite('sam', 'owner', house.sam), 'forbidden');
  assert.equal(await house.remove('olga', house.sam), 'forbidden');
  assert.equal(await house.remove('olga'), 'unprocessable');
  assert.equal(await house.invite('olga', 'viewer'), 'unprocessable');
  assert.equal(await house.invite('sam', 'owner'), 'ok');
  assert.equal(await house.remove('olga'), 'ok');
  assert.equal(await house.remove('sam', house.sam), 'unprocessable', 'now sam is the last');
  assert.equal(
    await codeOf(house.olga, { route: 'shareMembers', json: { namespace: house.share } }),
    'not-found',
  );
  await house.close();
});

test('who is taken out is out at once, with every token, and comes back only by a new invitation', async () => {
  const house = await House.open();
  const inside = await house.join('editor');
  await inside.make('mine.txt', textOf(inside));
  assert.equal(await house.remove('sam'), 'ok');
  assert.equal(await codeOf(inside, { route: 'journal', json: { cursor: null, limit: 10 } }), 'signed-out');
  assert.equal(await codeOf(inside, { route: 'conflicts' }), 'signed-out');
  assert.equal(await house.answer(house.sam), 'not-found');
  assert.deepEqual(await namesIn(house.sam), [], 'the personal namespace goes on');
  const endings = async () => (await told(SharesAnswer, house.sam, { route: 'shares' })).ended;
  const [ending, ...others] = (await endings()) ?? [];
  assert.deepEqual(
    [ending?.namespace, ending?.by, others],
    [house.share, 'olga', []],
    'and it is told by whom',
  );
  const back = await house.join('viewer');
  assert.deepEqual(await endings(), []);
  assert.deepEqual(await namesIn(back), ['mine.txt']);
  assert.equal(await codeOf(inside, { route: 'conflicts' }), 'signed-out', 'the old token stays dead');
  await house.close();
});

test('a role that is taken back holds for the next request of a device that is in already', async () => {
  const house = await House.open();
  const inside = await house.join('editor');
  await inside.make('before.txt', textOf(inside));
  assert.equal(await house.invite('sam', 'viewer'), 'ok');
  const finalize = { route: 'finalize', json: { claims: [], settledBelow: 0, cursor: null } } as const;
  assert.equal(await codeOf(inside, finalize), 'forbidden');
  assert.deepEqual(await namesIn(inside), ['before.txt']);
  await house.close();
});

test('I16: what was allowed when its bytes came is refused if it is not allowed any more when it commits', async () => {
  const house = await House.open();
  const inside = await house.join('editor');
  const { chunks } = house.world;
  const { put } = chunks;
  const during = async (change: () => Promise<string>): Promise<string> => {
    chunks.put = async (list) => {
      chunks.put = put;
      assert.equal(await change(), 'ok');
      return put(list);
    };
    const { content, frames } = textOf(inside);
    const base = { ...inside.base(), node: inside.newNode(), parent: ROOT_NODE, name: 'late.txt' };
    const claim = { op: 'create', ...base, content, mtimeNs: '1', checkZombie: false };
    return codeOf(inside, {
      route: 'commit',
      json: { claims: [claim], settledBelow: 0, cursor: null },
      frames,
    });
  };
  assert.equal(await during(() => house.invite('sam', 'viewer')), 'forbidden');
  assert.equal(await house.invite('sam', 'editor'), 'ok');
  assert.equal(await during(() => house.remove('sam')), 'signed-out');
  assert.deepEqual(await namesIn(await house.inside(house.olga)), []);
  await house.close();
});

test('I16: a label, a hold or a policy of somebody whose role ends in that moment is refused, and nothing changes', async () => {
  const house = await House.open();
  const { store } = house.world;
  const { read } = store;
  const inside = await house.join('owner');
  const made = await inside.make('plan.txt', textOf(inside));
  const requests: Asked[] = [
    { route: 'label', json: { version: made.head?.version, name: 'as sent' } },
    { route: 'hold', json: { node: made.node, why: 'a lawsuit' } },
    { route: 'setRetention', json: { spans: SPANS } },
  ];
  const during = async (asked: Asked, change: () => Promise<string>): Promise<string> => {
    let isChanged = false;
    // Who asks is read first: what changes after that is not known when the request is let in.
    store.read = async (work) => {
      store.read = read;
      const found = await read.call(store, work);
      assert.equal(await change(), 'ok');
      isChanged = true;
      return found as Awaited<ReturnType<typeof work>>;
    };
    const code = await codeOf(inside, asked);
    assert(isChanged);
    return code;
  };
  for (const asked of requests) {
    assert.equal(await during(asked, () => house.invite('sam', 'viewer')), 'forbidden', asked.route);
    assert.equal(await house.invite('sam', 'owner'), 'ok');
  }
  assert.equal(await during(requests[1]!, () => house.remove('sam')), 'signed-out');
  const owner = await house.inside(house.olga);
  const kept = jsonOf(await owner.ask({ route: 'retention' }));
  assert.match(JSON.stringify(kept), /"isOwn":false.*"holds":\[\]/);
  const history = jsonOf(await owner.ask({ route: 'history', json: { node: made.node } }));
  assert.doesNotMatch(JSON.stringify(history), /as sent/);
  await house.close();
});

test('chunks of a personal namespace cannot be had through a share, nor the other way round', async () => {
  const house = await House.open();
  const inside = await house.join('editor');
  const secret = textOf(house.olga);
  await house.olga.make('secret.txt', secret);
  const shared = textOf(inside);
  await inside.make('shared.txt', shared);
  const absentFor = async (person: Person, { frames }: typeof secret) => {
    const want = frames.map(({ id }) => id);
    return JSON.stringify(jsonOf(await person.ask({ route: 'getChunks', json: { want, have: [] } })));
  };
  assert.match(await absentFor(inside, secret), /"absent":\["/);
  assert.match(await absentFor(await house.inside(house.olga), secret), /"absent":\["/);
  assert.match(await absentFor(house.olga, shared), /"absent":\["/);
  assert.ok((await absentFor(await house.inside(house.olga), shared)).includes(`"absent":[]`));
  await house.close();
});

test('an invitation does not tell whether there is such a user, and waits for one who comes later', async () => {
  const house = await House.open();
  assert.equal(await house.invite('nina', 'viewer'), 'ok');
  assert.deepEqual(await house.members(), ['olga owner member', 'nina viewer invited']);
  await house.world.addUser('stranger', 'nina');
  const nina = new Person(
    house.world,
    'stranger',
    'nina',
    await house.world.link('stranger', 'nina', 'phone'),
    900,
  );
  assert.equal(await house.answer(nina), 'ok');
  assert.deepEqual(await namesIn(await house.inside(nina)), []);
  assert.equal(await house.answer(house.sam, false), 'not-found');
  assert.equal(await house.invite('sam', 'viewer'), 'ok');
  assert.equal(await house.answer(house.sam, false), 'ok');
  assert.deepEqual(await house.members(), ['olga owner member', 'nina viewer member']);
  await house.close();
});

test('what is moved across says what it was made from, to who may read both ends and to nobody else', async () => {
  const house = await House.open();
  const member = await house.join('editor');
  const owner = await house.inside(house.olga);
  const crossed = async (by: Person, name: string, from: { namespace: string; version: unknown }) => {
    const { content, frames } = textOf(by);
    const fresh = { ...by.base(), node: by.newNode(), parent: ROOT_NODE, name, content };
    const claim = { op: 'create', ...fresh, mtimeNs: '1', checkZombie: false, from };
    const json = { claims: [claim], settledBelow: 0, cursor: null };
    const { outcomes } = await told(FinalizeAnswer, by, { route: 'commit', json, frames });
    return outcomes[0]?.kind === 'committed' ? outcomes[0].events[0]!.node : assert.fail(name);
  };
  const historyOf = async (by: Person, node: string) =>
    told(HistoryAnswer, by, { route: 'history', json: { node } });
  const home = await house.olga.make('plan.txt', textOf(house.olga));
  const version = home.head!.version;
  const there = await crossed(owner, 'plan.txt', { namespace: house.olga.login.namespace, version });
  assert.equal((await historyOf(owner, there)).madeFrom?.[0]?.version, version);
  assert.equal((await historyOf(member, there)).madeFrom, undefined);
  assert.equal((await house.olga.send(house.olga.removal(home))).kind, 'committed');
  assert.deepEqual((await historyOf(house.olga, home.node)).wentTo, { namespace: house.share, node: there });
  const stolen = await crossed(member, 'b.txt', { namespace: house.olga.login.namespace, version });
  const within = await crossed(owner, 'c.txt', { namespace: house.share, version });
  for (const node of [stolen, within]) assert.equal((await historyOf(owner, node)).madeFrom, undefined);
  await house.close();
});

test('a device that is unlinked loses its tokens for shares, and a second link ends the first', async () => {
  const house = await House.open();
  const first = await house.join('editor');
  const second = await house.inside(house.sam);
  assert.equal(await codeOf(first, { route: 'conflicts' }), 'signed-out');
  assert.equal(await codeOf(second, { route: 'conflicts' }), 'ok');
  const nested = { route: 'linkShare', json: { namespace: house.share, instance: '0'.repeat(32) } } as const;
  assert.equal(await codeOf(second, nested), 'unprocessable', 'a token for a share makes no tokens');
  const { devices } = jsonOf(await house.sam.ask({ route: 'devices' })) as { devices: { self: boolean }[] };
  assert.deepEqual(
    devices.map((each) => each.self),
    [true],
    'one device, however many shares',
  );
  assert.equal(
    await codeOf(house.sam, { route: 'revoke', json: { deviceId: house.sam.login.deviceId } }),
    'ok',
  );
  assert.equal(await codeOf(second, { route: 'conflicts' }), 'signed-out');
  await house.close();
});

test('a member says where the share is; a poll of each of their devices hears of that, and of a new role', async () => {
  const house = await House.open();
  await house.join('viewer');
  const read = () => told(SharesAnswer, house.sam, { route: 'shares' });
  const poll = async (shares: string, seconds: number) =>
    told(NotifyAnswer, house.sam, {
      route: 'notify',
      json: { seen: await house.sam.cursor(), seconds, shares },
    });
  const before = await read();
  assert.equal(before.shares[0]?.place, null);
  assert.equal((await poll(before.mark, 0)).shares, before.mark);
  const parked = poll(before.mark, 50);
  const place = { parent: ROOT_NODE, name: 'Ours' };
  const json = { namespace: house.share, place };
  assert.equal(await codeOf(house.sam, { route: 'placeShare', json }), 'ok');
  const woken = await parked;
  assert.notEqual(woken.shares, before.mark);
  assert.equal(woken.changed, false, 'the journal has nothing new');
  assert.deepEqual((await read()).shares[0]?.place, place);
  assert.equal((await poll(before.mark, 50)).shares, woken.shares, 'a wake that was lost costs nothing');
  assert.equal(await house.invite('sam', 'editor'), 'ok');
  const now = (await read()).shares[0];
  assert.deepEqual([now?.role, now?.place], ['editor', place], 'another role leaves the place');
  for (const name of ['..', 'a/b', '.tidemark'])
    assert.equal(
      await codeOf(house.sam, { route: 'placeShare', json: { ...json, place: { ...place, name } } }),
      'unprocessable',
    );
  await house.close();
});
