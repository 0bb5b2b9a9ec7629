/**
 * Brings three things together: what is shared with this user (the server's word), what is written down here, and what
 * stands on the disk. Everything is done in one queue, in steps that may be done twice; what cannot be done now is tried
 * again when something happens.
 */
import { folderOf } from '../../core/names/path-parts.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { NamespaceId } from '../../protocol/ids.ts';
import type { Share, SharePlace, SharesAnswer } from '../../protocol/shares.ts';
import type { Engine } from '../engine.ts';
import { readMarkerIn } from '../local/boundaries.ts';
import { stateTrouble } from '../state/database.ts';
import type { Mount } from '../state/mounts-table.ts';
import { Crossings } from './crossings.ts';
import { bordersOfShare, type Seen } from './mount-borders.ts';
import { shownIn } from './outward.ts';
import { type EndingMount, endShare } from './share-ending.ts';
import type { ShareEngine, ShareHomes } from './share-home.ts';
import { absolute, type MakingParts, makeMount, placeFor, planMount, tokenFor } from './share-making.ts';
import { isAgreed, isHere, pathOfPlace, samePlace, standingAt } from './share-places.ts';
import { type FolderStanding, isOpenFolder, lookAtFolder } from './share-standing.ts';

/** What is not done yet is tried again so much later, and ever more patiently. */
const AGAIN_MS = 500;
const AGAIN_MOST_MS = 8000;

export interface ShareTrouble {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, string>>;
}

export class ShareKeeper {
  readonly main: Engine;
  readonly homes: ShareHomes;
  readonly running = new Map<NamespaceId, ShareEngine>();
  readonly troubles = new Map<NamespaceId, ShareTrouble>();
  /** The server's word, as far as it was heard in this life. */
  known: SharesAnswer | null = null;
  private readonly making: MakingParts;
  private mustRead = true;
  private seen: Seen[] = [];
  private working: Promise<void> | null = null;
  private again = false;
  private tries = 0;
  private cancelAgain: () => void = () => undefined;
  private closed = false;
  /** Something of it waits: for the server, for a folder, for a step to be done again. */
  pending = true;
  private wasOnline = false;
  private begun = false;
  private readonly crossings: Crossings;

  constructor(main: Engine, homes: ShareHomes) {
    this.main = main;
    this.homes = homes;
    this.making = { main, homes };
    this.crossings = new Crossings(
      () => [main, ...[...this.running.values()].map(({ engine }) => engine)],
      () => this.isUnseen(),
    );
    this.crossings.join(main);
    main.shareNews = {
      mark: () => this.known?.mark ?? null,
      heard: (mark) => {
        if (mark !== this.known?.mark) this.read();
      },
    };
    main.onChange(() => this.follow());
  }

  get idle(): boolean {
    return this.working === null && !this.again && !this.pending;
  }

  /** A folder of a share stands somewhere else than it should: the user moved it. */
  noteSeen(seen: Seen): void {
    this.seen.push(seen);
    this.wake();
  }

  /** Asks the server anew. Resolves when what follows from it was tried. */
  read(): Promise<void> {
    this.mustRead = true;
    return this.wake();
  }

  wake(): Promise<void> {
    this.tries = 0;
    return this.go();
  }

  private go(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = null;
      if (!this.closed) this.main.notify();
    });
    return this.working;
  }

  /** Given a place anew while its folder is nowhere: it is made again, and all of it comes down. */
  async giveUpMissing(namespace: NamespaceId, place: SharePlace): Promise<void> {
    const { state } = this.main;
    const mount = state.mounts.get(namespace);
    if (mount === null || this.troubles.get(namespace)?.code !== 'share-missing') return;
    await this.stop(namespace);
    state.mounts.put({ ...mount, place, fileId: null, marked: false });
    this.troubles.delete(namespace);
  }

  /** The user does not want its folder on this computer. */
  isAway(namespace: NamespaceId): boolean {
    return this.main.state.meta.get(awayKey(namespace)) !== null;
  }

  /** Durable before the folder goes, or may come. */
  setAway(namespace: NamespaceId, isAway: boolean): void {
    const { meta, mounts } = this.main.state;
    if (!isAway) {
      meta.remove(awayKey(namespace));
      return;
    }
    meta.set(awayKey(namespace), 'yes');
    const mount = mounts.get(namespace);
    if (mount !== null && mount.ending === null)
      mounts.put({ ...mount, ending: { why: 'away', kept: null, trash: null } });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.crossings.close();
    this.cancelAgain();
    await this.working;
    await Promise.all([...this.running.keys()].map((namespace) => this.stop(namespace)));
  }

  /** Cheap: hears of everything that happens in the engine of the root. */
  private follow(): void {
    if (this.closed || !this.main.ready) return;
    for (const [namespace, { engine }] of this.running) {
      // One that ends sends nothing any more: what is put aside of it would be deleted for everybody.
      const isStill = this.main.paused || this.isEnding(namespace);
      if (engine.paused !== isStill) isStill ? engine.pause() : engine.resume();
    }
    const isOnline = this.main.connection.online;
    const cameBack = isOnline && !this.wasOnline;
    this.wasOnline = isOnline;
    if (cameBack) this.mustRead = true;
    const isFirst = !this.begun;
    this.begun = true;
    if (isFirst || cameBack || this.isOutOfPlace()) void this.wake();
  }

  /** In a folder that is here somebody may be at work, and no engine can say what stands in it; why is not known, or passes. */
  private isUnseen(): boolean {
    return this.main.state.mounts.list().some(({ namespace, fileId, ending }) => {
      const engine = this.running.get(namespace)?.engine;
      const isSeen = engine?.ready === true && engine.halted?.recovers !== true;
      const code = this.troubles.get(namespace)?.code ?? 'disk-error';
      const mayBeThere = code === 'other-mount' || code === 'disk-error';
      return fileId !== null && ending === null && !isSeen && mayBeThere;
    });
  }

  private isEnding(namespace: NamespaceId): boolean {
    return (this.main.state.mounts.get(namespace)?.ending ?? null) !== null;
  }

  private isOutOfPlace(): boolean {
    for (const mount of this.main.state.mounts.list()) {
      const path = pathOfPlace(this.main, mount.place);
      const folder = this.running.get(mount.namespace)?.folder;
      if (folder !== undefined && (path === null || folder !== absolute(this.main, path))) return true;
    }
    return false;
  }

  private async work(): Promise<void> {
    this.cancelAgain();
    while (this.again && !this.closed && this.main.ready && !this.main.stopping) {
      this.again = false;
      this.pending = false;
      try {
        await this.turn();
      } catch (error) {
        if (stateTrouble(error) !== null) throw error;
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.main.parts.env.log('error', 'shares could not be looked after', { detail });
        this.pending = true;
      }
    }
    if (!this.pending || this.closed) return;
    const ms = Math.min(AGAIN_MOST_MS, AGAIN_MS * 2 ** this.tries);
    this.tries += 1;
    this.cancelAgain = this.main.parts.env.clock.after(ms, () => void this.go());
  }

  private async turn(): Promise<void> {
    if (this.main.halted !== null) {
      this.pending = true;
      return;
    }
    await this.takeSeen();
    const { mounts } = this.main.state;
    const isFresh = await this.ask();
    const members = new Map<NamespaceId, Share>();
    for (const each of this.known?.shares ?? [])
      if (each.standing === 'member') members.set(each.namespace, each);
    for (const mount of mounts.list()) {
      if (isFresh && mount.ending === null && !members.has(mount.namespace))
        mounts.put({ ...mount, ending: { why: 'removed', kept: null, trash: null } });
    }
    for (const mount of mounts.list()) {
      const share = members.get(mount.namespace);
      const { ending } = mount;
      if (ending !== null) await this.end({ ...mount, ending });
      else await this.keep(mount, share ?? null);
    }
    for (const share of members.values()) {
      if (mounts.get(share.namespace) !== null || this.isAway(share.namespace)) continue;
      const mount = await planMount(this.making, share);
      if (mount === null) this.pending = true;
      else await this.keep(mount, share);
    }
  }

  /** True: this is what the server says now. */
  private async ask(): Promise<boolean> {
    if (!this.main.connection.online) return false;
    if (!this.mustRead) return this.known !== null;
    const answer = await this.main.shareCalls.list();
    if (answer.kind === 'trouble') {
      this.pending = true;
      return false;
    }
    this.mustRead = false;
    this.known = answer.value;
    return true;
  }

  private async takeSeen(): Promise<void> {
    const { state, parts } = this.main;
    for (const { namespace, place } of this.seen.splice(0)) {
      const mount = state.mounts.get(namespace);
      const path = pathOfPlace(this.main, place);
      if (!mount?.marked || mount.ending !== null || path === null || samePlace(mount.place, place)) continue;
      const look = await parts.env.disk.look(path);
      if (look.kind === 'found' && look.stamp.fileId === mount.fileId) state.mounts.put({ ...mount, place });
    }
  }

  // --- one share -----------------------------------------------------------------------------------------------

  private async keep(planned: Mount, share: Share | null): Promise<void> {
    const agreed = share === null ? planned : await this.agree(planned, share);
    const mount = agreed.marked ? agreed : await makeMount(this.making, agreed);
    if (mount === null) this.pending = true;
    else await this.run(mount, share);
  }

  /** One place, on this device and by the server's word: a newer word moves the folder, a folder that was moved is told. */
  private async agree(mount: Mount, share: Share): Promise<Mount> {
    const { main } = this;
    const there = share.place;
    if (there !== null && !samePlace(there, mount.agreed)) {
      if (!samePlace(there, mount.place)) return this.moveTo(mount, share);
      return main.state.mounts.put({ ...mount, name: share.name, agreed: there });
    }
    if (samePlace(there, mount.place)) return mount;
    // Elsewhere the name is taken as long as the server knows of what had it here.
    const isTaken = (await standingAt(main, mount.namespace, mount.place)) === 'going';
    if (!main.connection.online || !isAgreed(main, mount.place.parent) || isTaken) {
      this.pending = true;
      return mount;
    }
    const told = await main.shareCalls.place(mount.namespace, mount.place);
    if (told.kind === 'trouble') {
      this.pending = true;
      return mount;
    }
    this.mustRead = true;
    this.again = true;
    return main.state.mounts.put({ ...mount, agreed: mount.place });
  }

  /** Another device of this user has it elsewhere now. */
  private async moveTo(mount: Mount, { place: there, name }: Share): Promise<Mount> {
    const { main } = this;
    const { state, parts } = main;
    if (there === null || !isHere(main, there.parent)) {
      this.pending = true;
      return mount;
    }
    const place = await placeFor(main, mount.namespace, there);
    if (place === null) {
      this.pending = true;
      return mount;
    }
    const [from, to] = [pathOfPlace(main, mount.place), pathOfPlace(main, place)];
    const next = { ...mount, name, place, agreed: there };
    if (from === null || to === null || mount.fileId === null) return state.mounts.put(next);
    const isHidden = !(await isOpenFolder(main, from)) || !(await isOpenFolder(main, folderOf(to)));
    if (isHidden || !(await main.context.rootIsOurs())) {
      this.pending = true;
      return mount;
    }
    await this.stop(mount.namespace);
    const look = await parts.env.disk.look(from);
    if (look.kind === 'found' && look.stamp.fileId === mount.fileId) {
      const [moved] = await parts.env.disk.move([{ from, to }]);
      if (moved?.kind !== 'found') {
        this.pending = true;
        return mount;
      }
      await parts.env.disk.flushFolders([folderOf(from), folderOf(to)]);
    }
    return state.mounts.put(next);
  }

  private async run(mount: Mount, share: Share | null): Promise<void> {
    const { main } = this;
    const { namespace } = mount;
    const path = pathOfPlace(main, mount.place);
    const folder = path === null ? null : absolute(main, path);
    const running = this.running.get(namespace);
    if (running && running.folder !== folder) await this.stop(namespace);
    const standing = path === null ? 'gone' : await this.standing(mount, path);
    if (path === null || folder === null || standing !== 'ours') {
      // An engine that runs has noticed by itself, and waits for its folder.
      const facts = { share: mount.name, file: path ?? mount.place.name };
      this.troubles.set(namespace, troubleOf(standing, facts));
      this.pending = true;
      return;
    }
    if (running?.engine.halted?.code === 'signed-out') await this.tokenEnded(namespace);
    const mayWrite = share === null ? this.mayWriteBefore(namespace) : share.role !== 'viewer';
    if (share !== null) main.state.meta.set(roleKey(namespace), share.role);
    const now = this.running.get(namespace);
    if (now) {
      now.engine.setMayWrite(mayWrite);
      this.crossings.lookAtHeld();
      this.troubles.delete(namespace);
      return;
    }
    await this.begin(mount, folder, mayWrite);
  }

  private async begin({ namespace }: Mount, folder: string, mayWrite: boolean): Promise<void> {
    const { main } = this;
    const token = await tokenFor(this.making, namespace, folder);
    if (token === null) {
      this.pending = true;
      return;
    }
    const { paused } = main;
    const boundaries = bordersOfShare(main.state.mounts);
    const started = await this.homes.start({ namespace, folder, token, paused, mayWrite, boundaries });
    if (started.kind === 'refused') {
      this.troubles.set(namespace, { code: started.code, facts: { file: folder, detail: started.detail } });
      this.pending = true;
      return;
    }
    this.troubles.delete(namespace);
    this.running.set(namespace, started.running);
    started.running.engine.shown = (path) => this.shownIn(namespace, path);
    this.crossings.join(started.running.engine);
    started.running.engine.onChange(() => this.shareChanged(started.running));
  }

  /** A path in the share, from the synced folder. */
  private shownIn(namespace: NamespaceId, below: string): string {
    const mount = this.main.state.mounts.get(namespace);
    return shownIn((mount && pathOfPlace(this.main, mount.place)) ?? mount?.name ?? '', below);
  }

  private shareChanged({ engine }: ShareEngine): void {
    if (this.closed) return;
    if (engine.halted?.code === 'signed-out' && this.main.connection.online && !this.mustRead)
      void this.read();
    this.crossings.lookAtHeld();
    this.main.notify();
  }

  /** Until it is heard again, what was heard last holds. */
  private mayWriteBefore(namespace: NamespaceId): boolean {
    return this.main.state.meta.get(roleKey(namespace)) !== 'viewer';
  }

  /** In it still, and its token ended: with the device that linked it, for instance. A new one is asked for. */
  private async tokenEnded(namespace: NamespaceId): Promise<void> {
    await this.stop(namespace);
    this.homes.forgetToken(namespace);
  }

  /** It is the folder that it was, or one put back in its place that carries its mark. */
  private async standing(mount: Mount, path: string): Promise<FolderStanding> {
    const { state, parts } = this.main;
    const standing = await lookAtFolder(this.main, path, mount.fileId);
    if (standing !== 'other') return standing;
    const marker = await readMarkerIn(parts.env.disk, path);
    const account = this.homes.account(mount.namespace);
    if (marker === null || account === null || marker.instance !== account.instance) return standing;
    const look = await parts.env.disk.look(path);
    if (look.kind === 'failed') return 'unknown';
    await this.stop(mount.namespace);
    state.mounts.put({ ...mount, fileId: look.stamp.fileId });
    return 'ours';
  }

  private async end(mount: EndingMount): Promise<void> {
    const { main, homes, making } = this;
    const path = pathOfPlace(main, mount.place);
    // Its scanner says what in it is new: it looks at everything, and sends nothing.
    if (
      path !== null &&
      mount.marked &&
      !this.running.has(mount.namespace) &&
      (await this.standing(mount, path)) === 'ours'
    )
      await this.beginToEnd(mount, absolute(main, path));
    const engine = this.running.get(mount.namespace)?.engine ?? null;
    const isOver = await endShare(making, mount, { by: this.endedBy(mount.namespace), engine }, () =>
      this.stop(mount.namespace),
    );
    if (!isOver) {
      this.pending = true;
      return;
    }
    homes.remove(mount.namespace);
    main.state.meta.remove(roleKey(mount.namespace));
    this.troubles.delete(mount.namespace);
    main.scanner.listFolder(mount.place.parent);
  }

  /** Not told of who went by themselves, on whichever device. */
  private endedBy(namespace: NamespaceId): string {
    const { main } = this;
    const by = this.known?.ended?.find((each) => each.namespace === namespace)?.by ?? '';
    return by === (main.state.meta.get('user') ?? main.parts.account.user) ? '' : by;
  }

  private async beginToEnd({ namespace }: Mount, folder: string): Promise<void> {
    if (this.homes.account(namespace) === null) return;
    const boundaries = bordersOfShare(this.main.state.mounts);
    const options = { namespace, folder, token: '', paused: true, mayWrite: false, boundaries };
    const started = await this.homes.start(options);
    if (started.kind === 'running') this.running.set(namespace, started.running);
  }

  private async stop(namespace: NamespaceId): Promise<void> {
    const running = this.running.get(namespace);
    this.running.delete(namespace);
    await running?.close();
  }
}

/** What its user is told. */
function troubleOf(standing: FolderStanding, facts: ShareTrouble['facts']): ShareTrouble {
  switch (standing) {
    case 'covered':
      return { code: 'other-mount', facts };
    case 'unknown':
      return { code: 'disk-error', facts: { ...facts, detail: 'it cannot be looked at' } };
    default:
      return { code: 'share-missing', facts };
  }
}

function awayKey(namespace: NamespaceId): string {
  return `away ${namespace}`;
}

function roleKey(namespace: NamespaceId): string {
  return `role ${namespace}`;
}
