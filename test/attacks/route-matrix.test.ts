/**
 * Every route × every role × every place of a request that can name something, filled with everything of somebody else
 * that has a name. What a stranger is answered is a function of what is the stranger's: the same, to the byte, in a
 * world where the owner works away and in one where there never was an owner (I15). And the owner sees the same whether
 * or not the stranger asks.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeNames } from '../../server-stub/routes/table.ts';
import { ROUTES, type Route, type RouteName } from '../../src/protocol/routes.ts';
import { placesOf, placesOfSchema, withAt } from './id-positions.ts';
import { EVERY, Meeting, NOTHING } from './meeting.ts';
import { type Loot, Person } from './person.ts';
import { REQUESTS } from './requests.ts';
import { type Asked, jsonOf, wholeOf } from './tenant-world.ts';

/** Places whose answers do not depend on whether what is named exists, not even for its owner; and why. */
const SAYS_NOTHING: readonly (readonly [place: RegExp, why: string])[] = [
  [/create\.node$|copy\.node$/, 'a proposed id that is taken behaves as a fresh one (RULES 7)'],
  [/content\.file\.manifest$/, 'the id has to be that of the manifest beside it'],
  [/\.(base|version|seenOriginal|seenCopy)$/, 'a version of another file is as good as none'],
  [/(rearrange|resolve|reopen)\.node$/, 'the steps, or the conflict, say which nodes are meant'],
  [/\.(successor|unapplied\[\])$/, 'what has nothing to do with the deletion is left out of it'],
  [
    /from\.namespace$/,
    'no notice is taken of a version that cannot be read, and it is told when history is asked for',
  ],
  [/^place\./, 'what stands where a share is to be is for the devices to see'],
  [/^seen$/, 'any place but the newest is news'],
  [/^sending/, 'what a device says that it sends is shown, and looked up nowhere'],
  [
    /^(old|new|code)$/,
    'a password is compared and kept, a code is waited for where sign-up is by invitation',
  ],
  [/target$|^(device|os|password|name|why)$/, 'a text that is looked up nowhere'],
];

interface Probe extends Asked {
  readonly place: string;
  readonly filledWith: unknown;
}

/** Chunks that the stranger sends come last: once sent, they are the stranger's as well. */
function routes(): readonly RouteName[] {
  return [...routeNames()].sort((a, b) => Number(a === 'putChunks') - Number(b === 'putChunks'));
}

/** What the first places ask is believed of the stranger's own from then on: an id that was proposed names their node. */
const PROPOSALS = ['claims[].create.node', 'claims[].restore.copy.node'];
/** The claims of these are decided by the code of `finalize`: some of the loot has to do. */
const SHARE: Partial<Record<RouteName, number>> = { open: 4, commit: 3 };

async function* probes(me: Person, loot: Loot): AsyncGenerator<Probe> {
  yield* probesAt(me, loot, (place) => !PROPOSALS.includes(place));
  yield* probesAt(me, loot, (place) => PROPOSALS.includes(place));
}

async function* probesAt(
  me: Person,
  loot: Loot,
  isWanted: (place: string) => boolean,
): AsyncGenerator<Probe> {
  for (const route of routes()) {
    const { request }: Route = ROUTES[route];
    for (const template of REQUESTS[route]) {
      const base = await template(me);
      if (isWanted('as it is')) yield { route, ...base, place: 'as it is', filledWith: null };
      if (request === null) continue;
      for (const place of placesOf(request, base.json)) {
        if (!isWanted(place.name)) continue;
        for (const filledWith of loot[place.kind].slice(0, SHARE[route])) {
          const fresh = await template(me);
          yield {
            route,
            ...fresh,
            json: withAt(fresh.json, place.path, filledWith),
            place: place.name,
            filledWith,
          };
        }
      }
    }
  }
}

/** Everything the stranger asks, what is answered, and what the owner sees afterwards. */
async function strangerAsks(hasOwner: boolean, loot: Loot | null) {
  const meeting = await Meeting.open(hasOwner);
  const asked: Probe[] = [];
  const answers: string[] = [];
  for await (const probe of probes(meeting.stranger, loot ?? meeting.loot)) {
    asked.push(probe);
    answers.push(wholeOf(await meeting.stranger.ask(probe)));
    if (asked.length % EVERY === 0) await meeting.ownerWorks();
  }
  const seen = await meeting.owner?.view(meeting.loot.uuid, meeting.loot.hash);
  await meeting.close();
  return { asked, answers, seen, loot: meeting.loot };
}

const asking = strangerAsks(true, null);

test('every place of every route in which something can be named is filled', async () => {
  const { asked } = await asking;
  for (const route of routeNames()) {
    const { request }: Route = ROUTES[route];
    assert.ok(
      asked.some((probe) => probe.route === route),
      `${route} has no row in the matrix`,
    );
    const filled = new Set(asked.filter((probe) => probe.route === route).map(({ place }) => place));
    for (const { name } of request === null ? [] : placesOfSchema(request))
      assert.ok(filled.has(name), `nothing is put at ${name} of ${route}`);
  }
});

test('I15: a stranger is answered the same, to the byte, whether or not there is an owner', async (t) => {
  const { asked, answers, loot } = await asking;
  const alone = await strangerAsks(false, loot);
  t.diagnostic(`${asked.length} requests`);
  assert.equal(alone.asked.length, asked.length);
  asked.forEach((probe, at) => {
    const what = `${probe.route} ${probe.place} = ${JSON.stringify(probe.filledWith)}`;
    assert.deepEqual(alone.asked[at], probe, `another request: ${what}`);
    assert.equal(answers[at], alone.answers[at], what);
  });
});

test('I15: nothing that a stranger asks changes what the owner sees, not even one byte', async () => {
  const { asked, seen, loot } = await asking;
  const meeting = await Meeting.open(true);
  for (let turn = 0; turn < Math.floor(asked.length / EVERY); turn += 1) await meeting.ownerWorks();
  assert.deepEqual(seen, await meeting.owner?.view(loot.uuid, loot.hash));
  await meeting.close();
});

test('without a token that counts, every route for devices has one answer, and nothing changes', async () => {
  const { asked } = await asking;
  const meeting = await Meeting.open(true);
  const { world, stranger, revoked, owner, loot } = meeting;
  const before = [await owner?.view(loot.uuid, loot.hash), await stranger.view(loot.uuid, loot.hash)];
  const bearers = [null, 'A'.repeat(43), revoked.token];
  for (const probe of asked) {
    const answers = new Set<string>();
    for (const bearer of bearers) {
      const answer = await world.ask('stranger', bearer, probe);
      answers.add(wholeOf(answer));
      if (ROUTES[probe.route].access !== 'device') continue;
      assert.equal(answer.status, 401, probe.place);
      assert.deepEqual(jsonOf(answer), SIGNED_OUT, probe.place);
    }
    assert.equal(answers.size, 1, `${probe.route} ${probe.place}`);
  }
  const after = [await owner?.view(loot.uuid, loot.hash), await stranger.view(loot.uuid, loot.hash)];
  assert.deepEqual(after, before);
  await meeting.close();
});

const SIGNED_OUT = { code: 'signed-out', detail: 'the device is not linked, or not any more' };

test('the matrix can tell: for the owner, what exists is answered otherwise than what does not', async () => {
  const told = await placesThatTell();
  const silent = [...told].filter(([, tells]) => !tells).map(([place]) => place);
  for (const place of silent)
    assert.ok(
      SAYS_NOTHING.some(([known]) => known.test(place)),
      `${place} tells nothing: does the probe reach anything?`,
    );
  for (const [known, why] of SAYS_NOTHING)
    assert.ok(
      silent.some((place) => known.test(place)),
      why,
    );
});

/** For every place: does any of the owner's own names, put there by the owner, make an answer of another form? */
async function placesThatTell(): Promise<ReadonlyMap<string, boolean>> {
  const meeting = await Meeting.open(true);
  const { owner, loot } = meeting;
  assert(owner !== null);
  const phone = await meeting.world.link('owner', 'olga', 'tablet');
  const me = new Person(meeting.world, 'owner', 'olga', phone, 100);
  const forms = new Map<string, Set<string>>();
  const told = new Map<string, boolean>();
  for (const kind of [NOTHING, loot])
    for await (const probe of probes(me, kind)) {
      if (probe.filledWith === null || SHARE[probe.route] !== undefined) continue;
      const form = JSON.stringify(formOf(jsonOf(await me.ask(probe))));
      const place = `${probe.route} ${probe.place}`;
      const known = forms.get(place) ?? new Set();
      forms.set(place, known);
      if (kind === NOTHING) known.add(form);
      else told.set(probe.place, (told.get(probe.place) ?? false) || !known.has(form));
    }
  await meeting.close();
  return told;
}

/** An answer without what differs from one request to the next. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [formOf(value[0])];
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, TELLING.has(key) ? part : formOf(part)]),
  );
}

const TELLING = new Set(['kind', 'why', 'code', 'answer', 'detail', 'changed']);
