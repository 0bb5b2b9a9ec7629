/**
 * Two simulated machines in step, and a hand that reaches in between any two calls of their disks: what happens at
 * exactly the wrong moment is written down as such, and every test says what must have come of it.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Disk, DiskTrouble } from '../../src/engine/environment/disk.ts';
import type { State } from '../../src/engine/state/state.ts';
import type { Answer } from '../../src/ipc/contract.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import type { UserAction } from '../scenarios/actions.ts';
import { differences, printTree, type TreeSpec } from '../scenarios/tree.ts';
import type { Device } from '../simulation/device.ts';
import type { Machine } from '../simulation/machine.ts';
import { treeOf } from '../simulation/sim-user.ts';
import { type MachineChoice, World } from '../simulation/world.ts';

const SEED = 1;
const LIMIT_MS = 600_000;
const QUICK: MachineChoice = { pace: () => 0.001 };

export const CALL = { signal: new AbortController().signal } as const;

export function value<T>(answer: Answer<T>): T {
  assert.ok(answer.kind === 'ok', JSON.stringify(answer));
  return answer.value;
}

const TROUBLES: readonly DiskTrouble[] = ['gone', 'taken', 'denied', 'full', 'busy', 'input-output'];

function isTrouble(said: unknown): said is DiskTrouble {
  return TROUBLES.some((each) => each === said);
}

/** Calls of the disk that take time and can be met on their way. */
type Call = {
  [K in keyof Disk]: Disk[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof Disk];

interface Hold {
  readonly machine: Machine;
  readonly call: Call;
  readonly fits: (argument: unknown) => boolean;
  readonly then: () => Promise<unknown>;
  readonly after: boolean;
  readonly what: string;
}

export class Pair {
  readonly world: World;
  readonly a: Machine;
  readonly b: Machine;
  /** What was to happen and did not yet: at the end of a test nothing is left. */
  readonly #due = new Set<string>();
  readonly #holds: Hold[] = [];

  constructor(world: World, a: Machine, b: Machine) {
    this.world = world;
    this.a = a;
    this.b = b;
    for (const machine of [a, b]) machine.reach = (disk) => this.#between(machine, disk);
  }

  async act(machine: Machine, ...actions: readonly UserAction[]): Promise<void> {
    for (const action of actions)
      await this.world.time.drive(machine.act(action), LIMIT_MS, `${action.do} on ${machine.name}`);
  }

  async do<T>(work: Promise<T>): Promise<T> {
    return this.world.time.drive(work, LIMIT_MS, 'what the test asks for');
  }

  async run(ms: number): Promise<void> {
    await this.world.time.run(ms);
  }

  /** Looks every millisecond until it is so; for use inside `before`. */
  async until(what: string, look: () => boolean): Promise<void> {
    const domain = this.world.time.domain(`waiting until ${what}`);
    for (let i = 0; !look(); i += 1) {
      if (i > 60_000) throw new Error(`not within a minute: ${what}`);
      await domain.sleep(1);
    }
  }

  /** The same from outside. */
  async reach(what: string, look: () => boolean): Promise<void> {
    await this.do(this.until(what, look));
  }

  /** Before the next such operation acts on such a path; a trouble that is answered is what the disk says. */
  once(machine: Machine, operation: string, path: string | RegExp, then: () => unknown): void {
    const what = `${operation} ${String(path)} on ${machine.name}`;
    this.#due.add(what);
    const others = machine.diskFault;
    machine.diskFault = (met, at) => {
      if (met !== operation || !(typeof path === 'string' ? path === at : path.test(at)))
        return others(met, at);
      if (!this.#due.delete(what)) return others(met, at);
      const said = then();
      return isTrouble(said) ? said : null;
    };
  }

  /** Every such operation fails until the answer is called. */
  fail(machine: Machine, operation: string, path: string | RegExp, trouble: DiskTrouble): () => void {
    const what = `${operation} ${String(path)} on ${machine.name} fails`;
    this.#due.add(what);
    const others = machine.diskFault;
    machine.diskFault = (met, at) => {
      if (met !== operation || !(typeof path === 'string' ? path === at : path.test(at)))
        return others(met, at);
      this.#due.delete(what);
      return trouble;
    };
    return () => {
      machine.diskFault = others;
    };
  }

  /**
   * The next such call waits until `then` is over. `fits` says of its first argument whether it is the one. `after`: the
   * call has acted, its answer waits, and what `then` answers with, if anything, is told instead.
   */
  hold(
    machine: Machine,
    call: Call,
    fits: (argument: unknown) => boolean,
    then: () => Promise<unknown>,
    after = false,
  ): void {
    const what = `${call} on ${machine.name} is held`;
    this.#due.add(what);
    this.#holds.push({ machine, call, fits, then, after, what });
  }

  /** Every call passes by the holds that are set by then. */
  #between(machine: Machine, disk: Disk): Disk {
    return new Proxy(disk, {
      get: (target, name) => {
        const found: unknown = Reflect.get(target, name, target);
        if (typeof found !== 'function') return found;
        return (...given: unknown[]): unknown => {
          const i = this.#holds.findIndex(
            (each) => each.machine === machine && each.call === name && each.fits(given[0]),
          );
          const [hold] = i < 0 ? [] : this.#holds.splice(i, 1);
          return hold === undefined
            ? found.apply(target, given)
            : this.#held(hold, () => found.apply(target, given));
        };
      },
    });
  }

  async #held({ then, after, what }: Hold, act: () => unknown): Promise<unknown> {
    this.#due.delete(what);
    if (!after) {
      await then();
      return act();
    }
    const answer = await act();
    return (await then()) ?? answer;
  }

  device(machine: Machine): Device {
    assert.ok(machine.device, `${machine.name} runs`);
    return machine.device;
  }

  state(machine: Machine): State {
    return this.device(machine).engine.state;
  }

  nodeAt(machine: Machine, path: string): NodeId {
    const node = this.state(machine).nodeAt(path);
    assert.ok(node, `${machine.name} knows ${path}`);
    return node;
  }

  /** Is the node that stood at a path of `machine` dead, as far as `machine` has heard? */
  hasDied(machine: Machine, node: NodeId): boolean {
    return this.state(machine).remote.get(node)?.live === false;
  }

  shows(machine: Machine, expected: TreeSpec): void {
    const tree = treeOf(machine.volume);
    assert.deepEqual(differences(tree, expected), [], `${machine.name} shows\n${printTree(tree)}`);
  }

  async problems(machine: Machine): Promise<readonly string[]> {
    const status = await this.do(this.device(machine).status());
    return status.problemList.map((each) => `${each.code} ${each.path}`).toSorted();
  }

  verbs(machine: Machine, path: string): readonly string[] {
    const rows = this.state(machine).ledger.recent(200);
    return rows.filter((row) => row.path === path).map((row) => `${row.verb}: ${row.rule}`);
  }

  /**
   * Everything came to rest: all of it happened, both show exactly this, and every invariant holds, but for what `said`
   * names: what a race rightly leaves behind.
   */
  async agree(expected: TreeSpec, said: readonly RegExp[] = []): Promise<void> {
    await this.world.settle();
    assert.deepEqual([...this.#due], [], 'everything that was to happen happened');
    const log = [this.a, this.b].map((each) => each.log.slice(-40).join('\n')).join('\n');
    for (const machine of [this.a, this.b]) {
      this.shows(machine, expected);
      assert.deepEqual(machine.faults, [], `${machine.name} met nothing unexpected`);
    }
    const wrong = (await this.world.trueAtRest()).filter((each) => !said.some((known) => known.test(each)));
    assert.deepEqual(wrong, [], log);
  }
}

/** Both linked, in step, and with `start` on them. */
export async function pair(
  t: TestContext,
  start: TreeSpec,
  choice: MachineChoice = {},
  choiceB: MachineChoice = choice,
): Promise<Pair> {
  const world = new World(SEED);
  await world.open();
  t.after(() => world.close());
  const [a, b] = [world.add('A', { ...QUICK, ...choice }), world.add('B', { ...QUICK, ...choiceB })];
  const both = new Pair(world, a, b);
  for (const machine of [a, b]) {
    await machine.link();
    machine.start();
  }
  await plant(both, a, start);
  await world.settle();
  both.shows(b, start);
  return both;
}

/** Makes what a tree says, as a user would. */
export async function plant(both: Pair, machine: Machine, tree: TreeSpec): Promise<void> {
  for (const [path, entry] of Object.entries(tree)) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder !== '') await both.act(machine, { do: 'mkdir', path: folder });
    if (typeof entry === 'string') await both.act(machine, { do: 'write', path, text: entry });
    else if ('link' in entry) await both.act(machine, { do: 'link', path, target: entry.link });
    else if ('folder' in entry) await both.act(machine, { do: 'mkdir', path });
  }
}
