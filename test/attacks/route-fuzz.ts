/**
 * Rounds of requests that somebody who means no good could send: each to a world where the owner of other things works
 * away, and to one where there never was an owner. Every answer is typed, none is a fault, and both worlds answer the
 * same bytes: what is not yours and what does not exist cannot be told apart.
 */
import assert from 'node:assert/strict';
import type { ServerAnswer } from '../../server-stub/exchange.ts';
import { type FoundRoute, matchRoute, routeNames } from '../../server-stub/routes/table.ts';
import { ERRORS, ErrorAnswer } from '../../src/protocol/errors.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import { ROUTES, type RouteName } from '../../src/protocol/routes.ts';
import { parserOf } from '../../src/protocol/schema.ts';
import type { Pools } from '../protocol/schema-arbitrary.ts';
import { seeded } from '../server/metadata-world.ts';
import { EVERY, Meeting, NOTHING } from './meeting.ts';
import { type Loot, Person } from './person.ts';
import { REQUESTS } from './requests.ts';
import { asIs, type Chance, mutated, pick, type Sent } from './route-mutations.ts';
import { jsonOf, type Login, wholeOf } from './tenant-world.ts';

/** Requests of one good one: it, it once more, and what is wrong with it in so many ways. */
const PER_TEMPLATE = 8;
/** A request that is not answered by then hangs. */
const HANGS_MS = 30_000;

const ONCE_MORE = 'once more';

const parseError = parserOf(ErrorAnswer);
const answers = new Map(routeNames().map((name) => [name, parserOf(ROUTES[name].answer)]));

export interface Round {
  readonly seed: number;
  readonly requests: number;
  /** By status, how many. */
  readonly statuses: ReadonlyMap<number, number>;
  /** In words, for people; none when all was well. */
  readonly faults: readonly string[];
}

/** One round, in both worlds. */
export async function fuzzRound(seed: number, requests: number): Promise<Round> {
  const inhabited = await strangerAsks(seed, requests, null);
  const alone = await strangerAsks(seed, requests, inhabited.loot);
  const faults = [...inhabited.faults, ...alone.faults];
  inhabited.told.forEach((told, at) => {
    const other = alone.told[at];
    if (other?.asked !== told.asked)
      faults.push(`seed ${seed}, request ${at}: the worlds drew different requests`);
    else if (other.answer !== told.answer)
      faults.push(
        `seed ${seed}, request ${at}, ${told.asked}: ${told.answer}\n  and without an owner: ${other.answer}`,
      );
  });
  return {
    seed,
    requests: inhabited.told.length * 2,
    statuses: inhabited.statuses,
    faults: faults.slice(0, 10),
  };
}

interface Told {
  readonly asked: string;
  readonly answer: string;
}

async function strangerAsks(seed: number, requests: number, loot: Loot | null) {
  const meeting = await Meeting.open(loot === null);
  const chance = seeded(seed);
  const told: Told[] = [];
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  let before: Found | null = null;
  const theirs = loot ?? meeting.loot;
  const drawnFrom = poolsOf(theirs);
  while (told.length < requests) {
    // Whatever the last ones did to the device, to its keys or to its share: this one is fresh.
    const login = await meeting.world.link('stranger', 'sam', `probe ${told.length}`);
    const me = new Person(meeting.world, 'stranger', 'sam', login, told.length + 1);
    for (const sent of await requestsOf(me, login, chance, withOwn(theirs, login, me), drawnFrom)) {
      const found = await ask(meeting, sent);
      statuses.set(found.status, (statuses.get(found.status) ?? 0) + 1);
      for (const fault of found.faults)
        faults.push(`seed ${seed}, request ${told.length}, ${describe(sent)}: ${fault}`);
      if (sent.why === ONCE_MORE && before?.outcomes !== found.outcomes)
        faults.push(
          `seed ${seed}, request ${told.length}, ${describe(sent)}: another outcome under the same key`,
        );
      before = found;
      told.push({ asked: describe(sent), answer: found.whole });
      if (told.length % EVERY === 0) await meeting.ownerWorks();
    }
  }
  faults.push(...meeting.world.faults.map((fault) => `seed ${seed}: the log says ${fault}`));
  meeting.world.faults.length = 0;
  await meeting.close();
  return { told, statuses, faults, loot: theirs };
}

/** A good request, the same once more, and what can be wrong with it. */
async function requestsOf(
  me: Person,
  login: Login,
  chance: Chance,
  loot: Loot,
  drawnFrom: Pools,
): Promise<readonly Sent[]> {
  const route: RouteName = pick(chance, routeNames());
  const template = pick(chance, REQUESTS[route]);
  const asked = { route, ...(await template(me)) };
  const good = asIs(asked, login.token);
  const wrong = Array.from({ length: PER_TEMPLATE - 2 }, () =>
    mutated(asked, login.token, chance, loot, drawnFrom),
  );
  // A replay after the wrong ones is one, too.
  return [...wrong.slice(0, 3), good, { ...good, why: ONCE_MORE }, ...wrong.slice(3)];
}

function withOwn(loot: Loot, login: Login, me: Person): Loot {
  return {
    ...loot,
    uuid: [...loot.uuid, ...NOTHING.uuid, login.namespace, login.userId, ROOT_NODE, me.newId()],
    hash: [...loot.hash, ...NOTHING.hash],
    version: [...loot.version, ...NOTHING.version],
    text: [...loot.text, ...NOTHING.text, 'sam'],
  };
}

/** The same for the same loot: what is drawn from them is made once, which takes long. */
const pools = new Map<string, Pools>();

function poolsOf(loot: Loot): Pools {
  const key = JSON.stringify(loot);
  const texts = (values: readonly unknown[]) => values.filter((each) => typeof each === 'string');
  const made: Pools =
    pools.get(key) ??
    new Map([
      ['^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', [ROOT_NODE, ...texts(loot.uuid)]],
      ['^[0-9a-f]{64}$', texts(loot.hash)],
      ['^[0-9a-f]{12}\\.[1-9][0-9]{0,15}$', texts(loot.version)],
    ]);
  pools.set(key, made);
  return made;
}

interface Found {
  readonly status: number;
  readonly whole: string;
  /** Of claims: the same key has the same ones, however often it is sent. */
  readonly outcomes: string | null;
  readonly faults: readonly string[];
}

async function ask(meeting: Meeting, sent: Sent): Promise<Found> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), HANGS_MS);
  });
  const { method, path, headers, body } = sent;
  const answer = await Promise.race([meeting.world.send('stranger', { method, path, headers, body }), late]);
  clearTimeout(timer ?? undefined);
  if (answer === 'late') return { status: 0, whole: 'none', outcomes: null, faults: ['no answer: it hangs'] };
  const faults: string[] = [];
  const match = matchRoute(method, path);
  try {
    assertTyped(answer, match.kind === 'found' ? match : null);
  } catch (cause) {
    faults.push(
      `${answer.status} ${Buffer.from(answer.body).toString('latin1').slice(0, 300)} (${String(cause).slice(0, 300)})`,
    );
  }
  return { status: answer.status, whole: wholeOf(answer), outcomes: outcomesOf(answer), faults };
}

function outcomesOf(answer: ServerAnswer): string | null {
  const value = answer.headers['content-type'] === 'application/json' ? jsonOf(answer) : null;
  return typeof value === 'object' && value !== null && 'outcomes' in value
    ? JSON.stringify(value.outcomes)
    : null;
}

/** The answer that the route promises, or an error of the table with its own status; never our own fault, never our insides. */
function assertTyped(answer: ServerAnswer, found: FoundRoute | null): void {
  const text = Buffer.from(answer.body).toString('latin1');
  assert.doesNotMatch(text, /node_modules|\.ts:\d|SqliteError|SQLITE_|UNIQUE constraint/);
  if (answer.status === 200) {
    assert.ok(found !== null, 'an address that is none was answered');
    const value = jsonOf(answer);
    const json = found.route.answerBody === 'frames' ? framedJson(value) : value;
    assert.deepEqual(answers.get(found.name)?.(json).kind, 'ok');
    return;
  }
  const error = parseError(jsonOf(answer));
  assert.ok(error.kind === 'ok', 'no error of the table');
  assert.ok(error.value.code !== 'internal', 'our own fault');
  // The method that an address does not take has a status of its own.
  if (answer.status !== 405) assert.equal(ERRORS[error.value.code].status, answer.status);
}

function framedJson(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'json' in value ? value.json : value;
}

function describe({ route, why, method, path, headers, body }: Sent): string {
  const text = body === null ? 'no body' : Buffer.from(body).toString('latin1');
  const { authorization: _token, ...rest } = headers;
  return `${route} (${why}) ${method} ${path.slice(0, 80)} ${JSON.stringify(rest).slice(0, 200)} ${text.slice(0, 1500)}`;
}
