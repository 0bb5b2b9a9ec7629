/** The engine of one device: wires state, lanes, loop and connection over one Environment. */
import type { Platform } from '../core/names/portability.ts';
import { BRAKE_DEFAULT, type BrakeLimits } from '../core/planner/brake.ts';
import { type NodeId, ROOT_NODE, toHex } from '../protocol/ids.ts';
import type { Account } from './account.ts';
import { Connection } from './connection.ts';
import { type CrossingWaits, NO_CROSSINGS, type ShareNews } from './elsewhere.ts';
import { type DiskAbilities, ReservedUnreadable } from './environment/disk.ts';
import type { Environment } from './environment/environment.ts';
import { BrakeGate } from './executor/brake-gate.ts';
import { ContentCache } from './executor/content-cache.ts';
import type { Context } from './executor/context.ts';
import { hereDeed } from './executor/deeds.ts';
import { DownloadLane } from './executor/download-lane.ts';
import { Flusher } from './executor/flusher.ts';
import { HashLane } from './executor/hash-lane.ts';
import { JournalLane } from './executor/journal-lane.ts';
import { Operations } from './executor/operations.ts';
import { OwnRows } from './executor/own-rows.ts';
import { resendUnanswered } from './executor/resend.ts';
import { Signer } from './executor/signer.ts';
import { StandingPaths } from './executor/standing-paths.ts';
import { StructureLane } from './executor/structure-lane.ts';
import { ToldCursor } from './executor/told-cursor.ts';
import { UnflushedFolders } from './executor/unflushed-folders.ts';
import { ContentLane, ShapeLane } from './executor/upload-lane.ts';
import type { Halt } from './halt.ts';
import { Housekeeping } from './housekeeping.ts';
import { type Boundaries, NO_BOUNDARIES } from './local/boundaries.ts';
import { Scanner } from './local/scanner.ts';
import { readyToPlan } from './older-state.ts';
import { Pauses } from './pauses.ts';
import { noteStart, noteStop, setAsideCutShort } from './power-cut.ts';
import { RecentLog } from './recent-log.ts';
import { recover } from './recovery.ts';
import { type AccountCalls, createAccountCalls } from './remote/account-calls.ts';
import { createServer } from './remote/create-server.ts';
import type { Server, ServerTrouble } from './remote/server.ts';
import { createShareCalls, type ShareCalls } from './remote/share-calls.ts';
import { TransferMeter } from './remote/transfer-meter.ts';
import { Settings } from './settings.ts';
import { type Db, stateTrouble } from './state/database.ts';
import { PlannerView } from './state/planner-view.ts';
import { isNotice, type Problem, problemSentence } from './state/problems.ts';
import { State } from './state/state.ts';
import { type Lanes, SyncLoop } from './sync-loop.ts';
import { SyncRoot } from './sync-root.ts';
import { UploadNotice } from './upload-notice.ts';

export interface EngineParts {
  readonly env: Environment;
  readonly db: Db;
  readonly account: Account;
  /** Null: it is kept elsewhere, and given once the engine runs. */
  readonly token: string | null;
  readonly platform: Platform;
  readonly paused: boolean;
  /** Folders in the root that are not this namespace's. */
  readonly boundaries?: Boundaries;
}

/** A full scan at least this often: hints can be lost, and nothing may depend on them. */
const SCAN_EVERY_MS = 15 * 60_000;
const SCAN_EVERY_UNWATCHED_MS = 30_000;
const ROOT_CHECK_MS = 2000;
const PROBLEM_AGAIN_MS = 3_600_000;

export class Engine {
  readonly parts: EngineParts;
  readonly log: RecentLog;
  readonly state: State;
  readonly operations: Operations;
  private readonly root: SyncRoot;
  context!: Context;
  scanner!: Scanner;
  lanes!: Lanes;
  private signer: Signer | null = null;
  private housekeeping: Housekeeping | null = null;
  private uploadNotice: UploadNotice | null = null;
  loop!: SyncLoop;
  journal!: JournalLane;
  connection!: Connection;
  server!: Server;
  abilities!: DiskAbilities;
  paused: boolean;
  /** Why it is paused, and until when. */
  readonly pauses: Pauses;
  readonly settings: Settings;
  readonly transfers = new TransferMeter();
  /** Hears when what other devices send has changed. */
  onPeers: () => void = () => undefined;
  /** A path of this namespace as the user reads it: from the folder that all their namespaces stand in. */
  shown: (path: string) => string = (path) => path;
  /** What is shared with this user, as far as somebody here keeps that. */
  shareNews: ShareNews = { mark: () => null, heard: () => undefined };
  shareCalls!: ShareCalls;
  accountCalls!: AccountCalls;
  /** Of other namespaces on this device, where there are some. */
  crossings: CrossingWaits = NO_CROSSINGS;
  /** What of the work since all was last in step is done: for the progress. */
  readonly burst = { done: 0, total: 0 };
  /** False where the user may only look: then nothing is sent, and what differs is told. */
  mayWrite = true;
  /** The token as it was given last; null while it is waited for. */
  token: string | null;
  halted: Halt | null = null;
  /** The power was cut since the last life. */
  private wasCut = false;
  ready = false;
  /** Nothing new is begun; soon the state is closed. */
  stopping = false;
  private behindSince: number | null = null;
  private cancelScan: () => void = () => undefined;
  private cancelRootCheck: () => void = () => undefined;
  private listeners = new Set<() => void>();

  constructor(parts: EngineParts) {
    this.log = new RecentLog(parts.env.clock);
    this.parts = { ...parts, env: { ...parts.env, log: this.log.tee(parts.env.log) } };
    this.token = parts.token;
    this.state = new State(parts.db);
    this.state.frontier.now = () => parts.env.clock.monotonic();
    this.pauses = new Pauses(this.state.meta, parts.env.clock, parts.paused);
    this.settings = new Settings(this.state.meta, parts.env.transport);
    this.paused = this.pauses.any;
    this.pauses.onEnd = (over) => (over ? this.resume() : this.notify());
    this.operations = new Operations(parts.env.clock, this.state.frontier);
    this.root = new SyncRoot(this.parts.env, this.state, parts.account);
  }

  /** Prepares the disk, proves that the root is ours, settles what a kill left, and begins. A `Halt` says why not. */
  async start(): Promise<Halt | null> {
    const { env } = this.parts;
    const opened = await this.root.open();
    if ('code' in opened) return this.halt(opened);
    this.halted = null;
    this.abilities = opened.abilities;
    this.compose();
    this.scanner.setRoot(opened.root, opened.abilities.foldsCase);
    noteStart(this.parts.db, this.state.meta, env.bootId());
    this.wasCut = this.state.meta.get('power-cut') === 'yes';
    const unsettled = await this.settleStop();
    if (unsettled) return this.halt(unsettled);
    this.state.frontier.recompute();
    await env.watch.start((hints) => this.scanner.hint(hints));
    this.ready = true;
    this.signer = new Signer(this.context, () => this.inStep());
    this.housekeeping = new Housekeeping(this.context, () => this.inStep());
    this.housekeeping.start();
    this.uploadNotice = new UploadNotice({
      clock: env.clock,
      transfers: this.transfers,
      nameOf: ({ node }) => this.state.nameOf(node),
      isOnline: () => this.connection.online,
      tell: (sending) => this.server.tellSending(sending),
    });
    void this.scan();
    if (!this.paused) this.connection.start();
    return null;
  }

  /** Puts together what a stop cut in two. Where our own folder cannot be read nothing begins; it is tried again. */
  private async settleStop(): Promise<Halt | null> {
    try {
      await recover(this.context);
      await setAsideCutShort(this.context);
      return null;
    } catch (error) {
      if (!(error instanceof ReservedUnreadable)) throw error;
      return this.root.haltOf(error.failure);
    }
  }

  /** The token of a device that does not keep it itself: for the start, or after a sign-in. */
  giveToken(token: string): boolean {
    if (this.parts.account.keychain !== true || this.stopping) return false;
    const isOther = this.token !== token;
    this.token = token;
    if (isOther && this.halted?.code === 'signed-out') {
      this.goOnAfterHalt();
      this.connection?.hurry();
      this.progressed();
    }
    this.notify();
    return true;
  }

  private compose(): void {
    const { env, account, platform } = this.parts;
    const token = () => this.token ?? '';
    const start = toHex(env.random.bytes(16));
    const speaker = {
      transport: env.transport,
      clock: env.clock,
      random: env.random,
      log: env.log,
      account: {
        serverUrl: account.serverUrl,
        serverId: account.serverId,
        get token() {
          return token();
        },
        instance: account.instance,
        generation: this.root.generation,
        start,
        device: account.device,
      },
    };
    const { disk, hashing } = env;
    const sharesMark = () => this.shareNews.mark();
    this.server = createServer({ ...speaker, disk, hashing, transfers: this.transfers, sharesMark });
    this.shareCalls = createShareCalls(speaker);
    this.accountCalls = createAccountCalls(speaker);
    this.state.problems.onNew = (problem) => this.noteProblem(problem);
    this.scanner = new Scanner(env, this.state, this.operations);
    this.scanner.lookElsewhere = () => this.crossings.look();
    this.scanner.borders.boundaries = this.parts.boundaries ?? NO_BOUNDARIES;
    this.scanner.onRootTrouble = (failure) => this.halt(this.root.haltOf(failure));
    const view = new PlannerView(
      this.state,
      { platform, foldsCase: this.abilities.foldsCase, symlinks: this.abilities.symlinks },
      this.operations,
    );
    const flusher = new Flusher(env, () => this.stopping);
    const unflushed = new UnflushedFolders(this.state, flusher);
    this.context = {
      env,
      state: this.state,
      view,
      operations: this.operations,
      scanner: this.scanner,
      server: this.server,
      contents: new ContentCache(),
      ownRows: new OwnRows(),
      flusher,
      unflushed,
      paths: new StandingPaths(),
      toldCursor: new ToldCursor(this.state, unflushed),
      keepsExecutableBits: this.abilities.executableBits !== false,
      onTrouble: (trouble: ServerTrouble) => this.connection.onTrouble(trouble),
      onProgress: () => this.progressed(),
      stopped: () => this.stopping || this.paused || this.halted !== null || !this.ready,
      catchUp: async () => (await this.journal.pull()) === 'caught-up',
      onServerHead: (seq) => this.journal.heardOfHead(seq),
      uploading: () => !this.lanes.contents.idle,
      signLater: (node) => this.signer?.add(node),
      mayWrite: () => this.mayWrite,
      crossings: () => this.crossings,
      rootIsOurs: () => this.rootIsOurs(),
      self: account,
      record: (node, verb, rule, detail = '', deed = null) => {
        if (deed !== null) this.burst.done += 1;
        this.state.ledger.add({
          at: env.clock.now(),
          node,
          path: this.state.nameOf(node),
          verb,
          rule,
          detail,
          deed,
        });
      },
    };
    this.lanes = {
      hash: new HashLane(this.context, 'up', 2),
      contents: new ContentLane(this.context, 'up', 3),
      shape: new ShapeLane(this.context, 'up', 1),
      downloads: new DownloadLane(this.context, 'down', 3),
      structure: new StructureLane(this.context),
    };
    this.journal = new JournalLane(this.context);
    this.journal.onHostile = (detail) =>
      this.halt({ code: 'hostile-server', facts: { server: account.serverUrl, detail }, recovers: false });
    this.connection = new Connection({
      env,
      state: this.state,
      server: this.server,
      journal: this.journal,
      account,
      generation: this.root.generation,
      start,
      cursor: () => this.context.toldCursor.flush(),
      onHalt: (halt) => this.halt(halt),
      onChange: () => this.progressed(),
      onShares: (mark) => this.shareNews.heard(mark),
      beforeOnline: () => resendUnanswered(this.context),
    });
    // Whoever has the same identity must show before either goes on (RULES 25).
    this.journal.onNewEpoch = () => this.connection.greetAgain();
    this.connection.onPeers = () => this.onPeers();
    this.loop = new SyncLoop(
      this.context,
      this.lanes,
      new BrakeGate(this.context, this.brakeLimits()),
      () => this.connection.online,
      () => readyToPlan(this.context, account.folder, this.wasCut),
    );
    this.loop.onTurn = () => this.turned();
    this.scanner.onProgress = () => this.progressed();
  }

  private brakeLimits(): BrakeLimits {
    const { brakeFiles } = this.parts.account;
    return { ...BRAKE_DEFAULT, files: brakeFiles };
  }

  // --- the root ------------------------------------------------------------------------------------------------

  private noteProblem(problem: Problem): void {
    const { account, env } = this.parts;
    const { ledger } = this.state;
    const at = env.clock.now();
    // What comes and goes is told once an hour.
    if (isNotice(problem) || ledger.toldProblem(problem.path, problem.code, at - PROBLEM_AGAIN_MS)) return;
    ledger.add({
      at,
      node: problem.node ?? ROOT_NODE,
      path: problem.path,
      verb: 'problem',
      rule: problem.code,
      detail: problemSentence(problem, this.shown(problem.path)),
      deed: hereDeed(account, 'problem'),
    });
  }

  private async rootIsOurs(): Promise<boolean> {
    const trouble = await this.root.trouble();
    if (trouble) this.halt(trouble);
    return trouble === null;
  }

  /** Nothing moves any more. A cause that may go away by itself is looked at again. */
  halt(halt: Halt): Halt {
    const isNews = this.halted?.code !== halt.code;
    this.halted = halt;
    if (halt.recovers) this.watchForRoot();
    if (!isNews) return halt;
    this.parts.env.log('info', 'halted', { code: halt.code, ...halt.facts });
    this.notify();
    return halt;
  }

  /** What was being sent has ended without its answers: they are asked for before anything new is (RULES 5). */
  private goOnAfterHalt(): void {
    this.halted = null;
    this.connection?.greetAgain();
  }

  private watchForRoot(): void {
    this.cancelRootCheck();
    this.cancelRootCheck = this.parts.env.clock.after(ROOT_CHECK_MS, () => void this.tryRootAgain());
  }

  private async tryRootAgain(): Promise<void> {
    if (this.stopping || !this.halted?.recovers) return;
    if ((await this.root.trouble()) !== null) {
      this.watchForRoot();
      return;
    }
    if (!this.ready) {
      await this.start();
      return;
    }
    this.goOnAfterHalt();
    void this.scan();
    this.progressed();
  }

  // --- running -------------------------------------------------------------------------------------------------

  /** Scans everything, now and then again after the usual interval. */
  async scan(): Promise<void> {
    this.cancelScan();
    await this.scanner.scanAll();
    if (this.stopping) return;
    const every = this.parts.env.watch.health().complete ? SCAN_EVERY_MS : SCAN_EVERY_UNWATCHED_MS;
    this.cancelScan = this.parts.env.clock.after(every, () => void this.scan());
    this.progressed();
  }

  private progressed(): void {
    if (!this.ready || this.stopping) return;
    this.loop.progress();
    this.signer?.pump();
    this.notify();
  }

  /** In step after a turn: a union merge ends with it, and those who follow the status hear of it. */
  private turned(): void {
    if (!this.inStep()) return;
    this.behindSince = null;
    this.burst.done = 0;
    this.burst.total = 0;
    this.state.frontier.settleAll();
    this.lanes.downloads.tidy();
    if (this.state.meta.get('union-merge') === 'yes') this.state.meta.remove('union-merge');
    this.notify();
  }

  /** Proof of being up to date: cursor at the head, nothing different, nothing under way, the last scan complete. */
  inStep(): boolean {
    const cursor = this.state.meta.cursor();
    return (
      this.ready &&
      this.connection.online &&
      cursor !== null &&
      cursor.seq >= this.journal.serverHead &&
      !this.journal.isTold &&
      this.loop.idle &&
      !this.scanner.busy &&
      !this.scanner.firstScanPending &&
      this.operations.deferredCount() === 0
    );
  }

  /** How long the oldest change has been waiting to be in step; without one, how long we have not been. */
  lagSeconds(): number {
    const now = this.parts.env.clock.monotonic();
    if (!this.ready || this.inStep()) this.behindSince = null;
    else this.behindSince ??= now;
    if (this.behindSince === null) return 0;
    return (now - (this.oldest()?.since ?? this.behindSince)) / 1000;
  }

  /** The change that waits the longest, with when it began to, by the monotonic clock. */
  oldest(): { readonly node: NodeId; readonly since: number } | null {
    return this.state.frontier.oldest((node) => this.operations.inFlight(node));
  }

  /** The user got another role. What waited for it goes up. */
  setMayWrite(mayWrite: boolean): void {
    if (this.mayWrite === mayWrite) return;
    this.mayWrite = mayWrite;
    if (mayWrite) this.state.problems.clearCode('share-read-only');
    this.state.frontier.retryWaiting();
    this.progressed();
  }

  pause(): void {
    this.paused = true;
    void this.connection?.stop();
    this.notify();
  }

  resume(): void {
    if (!this.paused) {
      this.connection?.hurry();
      return;
    }
    this.paused = false;
    if (!this.ready) return;
    this.connection.start();
    this.state.frontier.retryWaiting();
    this.progressed();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.pauses.close();
    this.cancelScan();
    this.cancelRootCheck();
    this.uploadNotice?.stop();
    if (this.ready) {
      // Should one of them have failed, that was told when it did.
      await Promise.allSettled([
        this.connection.stop(),
        this.scanner.close(),
        this.signer?.stop(),
        this.housekeeping?.stop(),
      ]);
      for (const lane of [this.lanes.hash, this.lanes.contents, this.lanes.shape, this.lanes.downloads])
        lane.clear();
      for (let waited = 0; this.operations.busy && waited < 5000; waited += 20)
        await this.parts.env.clock.sleep(20);
      if (!this.operations.busy) this.noteCleanStop();
    }
    await this.parts.env.watch.close();
  }

  /** Where the state cannot be written, the stop is taken for one that was not clean. */
  private noteCleanStop(): void {
    try {
      noteStop(this.parts.db, this.state.meta);
    } catch (error) {
      if (stateTrouble(error) === null) throw error;
    }
  }

  /** Hears that something about the engine may have changed. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Those who follow it look again. */
  notify(): void {
    for (const listener of this.listeners) listener();
  }
}
