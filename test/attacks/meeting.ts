/** A stranger, a lost device of theirs, and perhaps an owner with something to hide: all of it the same every time. */
import assert from 'node:assert/strict';
import { type Loot, lootOf, NOBODYS, Person, textOf } from './person.ts';
import { type Login, TenantWorld } from './tenant-world.ts';

/** So often the owner does something while the stranger asks. */
export const EVERY = 20;

export const NOTHING: Loot = {
  uuid: ['00000000-1111-7000-8000-00000000abcd'],
  hash: [NOBODYS.chunk],
  version: [NOBODYS.version],
  cursor: [{ epoch: 'abcdefabcdef', seq: 3, hash: '0123456789abcdef' }],
  content: [],
  text: ['nobody'],
};

export class Meeting {
  readonly world: TenantWorld;
  readonly stranger: Person;
  readonly revoked: Login;
  owner: Person | null = null;
  loot: Loot = NOTHING;

  private constructor(world: TenantWorld, stranger: Person, revoked: Login) {
    this.world = world;
    this.stranger = stranger;
    this.revoked = revoked;
  }

  static async open(hasOwner: boolean): Promise<Meeting> {
    const world = await TenantWorld.open();
    await world.addUser('stranger', 'sam');
    const login = await world.link('stranger', 'sam', 'notebook');
    const stranger = new Person(world, 'stranger', 'sam', login);
    const revoked = await world.link('stranger', 'sam', 'lost');
    await stranger.ask({ route: 'revoke', json: { deviceId: revoked.deviceId } });
    const meeting = new Meeting(world, stranger, revoked);
    if (hasOwner) await meeting.#withOwner();
    return meeting;
  }

  async #withOwner(): Promise<void> {
    await this.world.addUser('owner', 'olga');
    const login = await this.world.link('owner', 'olga', 'desk');
    this.owner = new Person(this.world, 'owner', 'olga', login);
    this.loot = await lootOf(this.owner, await this.world.link('owner', 'olga', 'phone'));
  }

  async ownerWorks(): Promise<void> {
    if (this.owner === null) return;
    const made = await this.owner.make(this.owner.text(), textOf(this.owner));
    await this.owner.edit(made, textOf(this.owner));
    await this.owner.ask({ route: 'notify', json: { seen: await this.owner.cursor(), seconds: 0 } });
  }

  async close(): Promise<void> {
    assert.deepEqual(this.world.faults, []);
    await this.world.close();
  }
}
