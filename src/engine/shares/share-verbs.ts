/** What the app and the command line ask about shares. Who may do what is decided by the server. */
import { baseName, folderOf } from '../../core/names/path-parts.ts';
import { checkName } from '../../core/names/valid-name.ts';
import { type Answer, type Call, type EngineControl, ok, type Refused, refused } from '../../ipc/contract.ts';
import type { ShareDone } from '../../ipc/shares.ts';
import type { NamespaceId } from '../../protocol/ids.ts';
import type { Share, SharePlace } from '../../protocol/shares.ts';
import type { Engine } from '../engine.ts';
import type { ServerTrouble } from '../remote/server.ts';
import { noServer, unanswered } from '../verbs/no-server.ts';
import { refusedBy } from '../verbs/refused-by.ts';
import type { EngineFacts } from '../verbs/status.ts';
import { waitUntilInStep } from '../verbs/wait.ts';
import { fillFrom, ownFolder } from './share-filling.ts';
import type { ShareKeeper } from './share-keeper.ts';
import { freePlace, pathOfPlace } from './share-places.ts';
import { rowOf } from './share-status.ts';

type ShareMethod = Extract<keyof EngineControl, `shares.${string}`>;
export type ShareControl = Pick<EngineControl, ShareMethod>;

export function createShareControl(keeper: ShareKeeper, facts: EngineFacts): ShareControl {
  const verbs = new ShareVerbs(keeper, facts);
  return {
    'shares.list': () => verbs.list(),
    'shares.create': ({ name, kind, folder }) => verbs.create(name, kind, folder ?? null),
    'shares.answer': ({ share, accept, place }) => verbs.answer(share, accept, place ?? null),
    'shares.members': ({ share }) => verbs.members(share),
    'shares.member': ({ share, user, role }) => verbs.member(share, user, role),
    'shares.remove': ({ share, user }) => verbs.remove(share, user),
    'shares.leave': ({ share }) => verbs.leave(share),
    'shares.move': ({ share, place }) => verbs.move(share, place),
    'shares.here': ({ share, here }, call) => verbs.here(share, here, call),
  };
}

/** Where nobody looks after shares: every verb says so. */
export function noShareControl(): ShareControl {
  const none = () => Promise.resolve(refused('unavailable'));
  return {
    'shares.list': none,
    'shares.create': none,
    'shares.answer': none,
    'shares.members': none,
    'shares.member': none,
    'shares.remove': none,
    'shares.leave': none,
    'shares.move': none,
    'shares.here': none,
  };
}

/** What it takes to be in step, when there is nothing to send. */
const IN_STEP_SECONDS = 10;

/** Looked at now. */
async function isInStep(engine: Engine, call: Call): Promise<boolean> {
  const answer = await waitUntilInStep(engine, IN_STEP_SECONDS, call);
  return answer.done && engine.state.conflicts.count() === 0;
}

class ShareVerbs {
  readonly #keeper: ShareKeeper;
  readonly #facts: EngineFacts;

  constructor(keeper: ShareKeeper, facts: EngineFacts) {
    this.#keeper = keeper;
    this.#facts = facts;
  }

  /** As the server has it now; without it, as it was heard last in this life. */
  async list(): ReturnType<ShareControl['shares.list']> {
    const { main } = this.#keeper;
    if (noServer(main) === null) await this.#keeper.read();
    const { known } = this.#keeper;
    if (known === null) return unanswered(main);
    return ok({ shares: known.shares.map((each) => rowOf(this.#keeper, this.#facts, each)) });
  }

  async create(name: string, kind: Share['kind'], folder: string | null): Promise<Answer<ShareDone>> {
    const cut = noServer(this.#keeper.main);
    if (cut) return cut;
    const from = folder === null ? null : ownFolder(this.#keeper, folder);
    if (from?.kind === 'refused') return from;
    const made = await this.#keeper.main.shareCalls.create(name, kind);
    if (made.kind === 'trouble') return this.#refused(made);
    await this.#keeper.read();
    const { namespace } = made.value;
    const filled =
      folder === null || from === null
        ? null
        : await fillFrom(this.#keeper, namespace, { path: folder, node: from.value });
    if (filled?.kind === 'refused') return filled;
    const path = filled?.value ?? this.#path(namespace);
    const where = path === null ? 'its folder comes soon' : `its folder is ${path}`;
    return ok({
      id: namespace,
      path,
      sentence: `${name} is there: ${where}. Invite others to it.`,
    });
  }

  async answer(which: string, accept: boolean, place: string | null): Promise<Answer<ShareDone>> {
    const found = await this.#find(which, (each) => each.standing === 'invited' || accept);
    if (found.kind === 'refused') return found;
    const { namespace, name } = found.value;
    const at = accept && place !== null ? await this.#placeOf(namespace, place) : null;
    if (at?.kind === 'refused') return at;
    const { shareCalls } = this.#keeper.main;
    this.#keeper.setAway(namespace, false);
    const done = await shareCalls.answer(namespace, accept, at?.value ?? null);
    if (done.kind === 'trouble') return this.#refused(done);
    await this.#keeper.read();
    const path = accept ? this.#path(namespace) : null;
    const where = path === null ? 'its folder comes soon' : `its folder is ${path}`;
    const sentence = accept ? `You are in ${name}: ${where}.` : `The invitation to ${name} is declined.`;
    return ok({ id: namespace, path, sentence });
  }

  async members(which: string): ReturnType<ShareControl['shares.members']> {
    const found = await this.#find(which);
    if (found.kind === 'refused') return found;
    const { namespace } = found.value;
    const answer = await this.#keeper.main.shareCalls.members(namespace);
    if (answer.kind === 'trouble') return this.#refused(answer);
    return ok({ id: namespace, members: answer.value.members });
  }

  async member(which: string, user: string, role: Share['role']): Promise<Answer<ShareDone>> {
    const found = await this.#find(which);
    if (found.kind === 'refused') return found;
    const { namespace, name } = found.value;
    const done = await this.#keeper.main.shareCalls.setMember(namespace, user, role);
    if (done.kind === 'trouble') return this.#refused(done);
    return ok({
      id: namespace,
      path: this.#path(namespace),
      sentence: `${user} is ${role} of ${name}, once they accept.`,
    });
  }

  async remove(which: string, user: string): Promise<Answer<ShareDone>> {
    const found = await this.#find(which);
    if (found.kind === 'refused') return found;
    const { namespace, name } = found.value;
    const done = await this.#keeper.main.shareCalls.removeMember(namespace, user);
    if (done.kind === 'trouble') return this.#refused(done);
    await this.#keeper.read();
    return ok({
      id: namespace,
      path: this.#path(namespace),
      sentence: `${user} is not in ${name} any more.`,
    });
  }

  async leave(which: string): Promise<Answer<ShareDone>> {
    const { main } = this.#keeper;
    const found = await this.#find(which);
    if (found.kind === 'refused') return found;
    const { namespace, name } = found.value;
    const user = main.state.meta.get('user') ?? main.parts.account.user;
    const done = await main.shareCalls.removeMember(namespace, user);
    if (done.kind === 'trouble') return this.#refused(done);
    const mount = main.state.mounts.get(namespace);
    if (mount && mount.ending === null)
      main.state.mounts.put({ ...mount, ending: { why: 'left', kept: null, trash: null } });
    await this.#keeper.read();
    const sentence = `You have left ${name}. Its folder goes to the trash of this computer, and stays there for 30 days.`;
    return ok({ id: namespace, path: null, sentence });
  }

  async move(which: string, place: string): Promise<Answer<ShareDone>> {
    const { main } = this.#keeper;
    const found = await this.#find(which);
    if (found.kind === 'refused') return found;
    const { namespace, name } = found.value;
    const at = await this.#placeOf(namespace, place);
    if (at.kind === 'refused') return at;
    const done = await main.shareCalls.place(namespace, at.value);
    if (done.kind === 'trouble') return this.#refused(done);
    await this.#keeper.giveUpMissing(namespace, at.value);
    await this.#keeper.read();
    const path = this.#path(namespace);
    return ok({ id: namespace, path, sentence: `${name} is in ${path ?? place}, on all your devices.` });
  }

  async here(which: string, here: boolean, call: Call): Promise<Answer<ShareDone>> {
    const found = await this.#find(which, (each) => each.standing === 'member');
    if (found.kind === 'refused') return found;
    const { namespace, name } = found.value;
    if (here) {
      this.#keeper.setAway(namespace, false);
      await this.#keeper.read();
      const path = this.#path(namespace);
      const where = path === null ? 'Its folder comes soon' : `Its folder is ${path}`;
      return ok({ id: namespace, path, sentence: `${where}; what is in ${name} comes down.` });
    }
    const running = this.#keeper.running.get(namespace);
    // Whatever only this computer has would be put aside: it is sent first, or looked at.
    if (running && !(await isInStep(running.engine, call)))
      return refused('share-not-sent', { share: this.#path(namespace) ?? name });
    this.#keeper.setAway(namespace, true);
    await this.#keeper.read();
    const sentence = `${name} is not on this computer any more; it stays on your others. Its folder stays in the trash here for 30 days.`;
    return ok({ id: namespace, path: null, sentence });
  }

  // --- which one, and where ------------------------------------------------------------------------------------

  async #find(which: string, fits: (share: Share) => boolean = () => true): Promise<Answer<Share>> {
    const { main } = this.#keeper;
    const cut = noServer(main);
    if (cut) return cut;
    await this.#keeper.read();
    const shares = (this.#keeper.known?.shares ?? []).filter(fits);
    const exact = shares.find((each) => each.namespace === which || this.#path(each.namespace) === which);
    if (exact) return ok(exact);
    const [first, ...others] = shares.filter((each) => each.name === which);
    if (!first) return refused('no-such-share', { share: which });
    if (others.length === 0) return ok(first);
    const names = [first, ...others].map((each) => this.#path(each.namespace) ?? each.namespace);
    return refused('share-unclear', { share: which, others: names.join(', ') });
  }

  /** A path of the user's as a place: its folder is one that all their devices know. */
  async #placeOf(namespace: NamespaceId, path: string): Promise<Answer<SharePlace>> {
    const { main } = this.#keeper;
    const name = checkName(baseName(path));
    if (name.kind === 'refused') return refused('bad-name', { file: path, detail: name.sentence });
    const parent = main.state.nodeAt(folderOf(path));
    const isFolder =
      parent !== null && (folderOf(path) === '' || main.state.synced.get(parent)?.kind === 'folder');
    if (!isFolder) return refused('no-such-folder', { file: folderOf(path) });
    const wanted = { parent, name: baseName(path) };
    return ok(await freePlace(main, namespace, wanted));
  }

  #path(namespace: NamespaceId): string | null {
    const { main } = this.#keeper;
    const mount = main.state.mounts.get(namespace);
    return mount && pathOfPlace(main, mount.place);
  }

  /** What the server says to a person who asked for too much is a sentence of its own. */
  #refused(trouble: ServerTrouble): Refused {
    const isWord =
      trouble.code === 'unprocessable' || trouble.code === 'forbidden' || trouble.code === 'not-found';
    return isWord
      ? refused('share-refused', { detail: trouble.detail })
      : refusedBy(this.#keeper.main, trouble);
  }
}
