/**
 * New contents on their way to the disk: assembled in staging, verified, made durable as a group, then placed: under a
 * free name, or by exchange with what stands there, which is looked at once it is in our hand.
 */

import { encodeManifest } from '../../core/manifest/manifest.ts';
import { pathIn } from '../../core/names/path-parts.ts';
import { decide, decideContent } from '../../core/planner/decide.ts';
import type { ContentIntent, Intent } from '../../core/planner/intents.ts';
import type { RemoteHead } from '../../core/tree/nodes.ts';
import type { NodeId } from '../../protocol/ids.ts';
import {
  type DiskFailure,
  type DiskOutcome,
  ifReadable,
  type Placed,
  type Placement,
  type RelPath,
  type Stamp,
} from '../environment/disk.ts';
import { SMALL_FILE } from '../environment/hashing.ts';
import { codeOfTrouble, reportDiskTrouble } from '../local/disk-problems.ts';
import type { DownloadFailure, DownloadItem } from '../remote/server.ts';
import type { ExchangeIntent } from '../state/exchange-intents.ts';
import type { RemoteRecord } from '../state/remote-tree.ts';
import { encodeStamp, sameBytesLikely } from '../state/stamps.ts';
import { arrivalDeed } from './deeds.ts';
import { type Displaced, discardDisplaced, giveBack, isKnownContent } from './displaced.ts';
import { settleExchanges } from './exchanges.ts';
import { isStrangersPlace, vacate } from './in-the-way.ts';
import { Lane } from './lane.ts';
import { waitingForWriters } from './open-files.ts';
import { slotKey } from './operations.ts';
import { reusable } from './reuse.ts';
import { clearStaging, stagedName } from './staging.ts';

/** One node on its way, with where it goes. */
export interface Arrival {
  readonly intent: ContentIntent;
  readonly node: NodeId;
  readonly remote: RemoteRecord;
  readonly head: RemoteHead;
  readonly staged: string;
  readonly parent: NodeId;
  readonly name: string;
  readonly path: RelPath;
  readonly folder: RelPath;
}

/** … and, once it is staged, the stamp of our file and how its bytes look. */
interface Staged extends Arrival {
  readonly ours: Stamp;
  readonly entropy: number | null;
}

/** A disk that does not let go of an old version is asked again so much later. */
const ERASE_AGAIN_MS = 1000;

export class DownloadLane extends Lane<ContentIntent> {
  protected readonly capacity = 8 * 1024 * 1024;
  protected readonly most = 1000;
  /** Something may lie in staging, from before the start or not placed: kept while it may be wanted. */
  private keepsStaged = true;
  private tidying: Promise<void> = Promise.resolve();

  /** Somebody else put something into staging, and is not told whether the disk let go of it. */
  tidyLater(): void {
    this.keepsStaged = true;
  }

  protected weigh(intent: ContentIntent): number {
    const content = this.context.state.remote.get(intent.node)?.head?.content;
    return content?.kind === 'file' ? content.size : 0;
  }

  /** A fetch whose name was taken while it waited is planned again. */
  protected override stillWanted(intent: ContentIntent): boolean {
    if (!super.stillWanted(intent)) return false;
    const remote = this.context.state.remote.get(intent.node);
    return (
      intent.kind !== 'fetch' ||
      (remote !== null && this.context.view.localAt(remote.parent, remote.name) === null)
    );
  }

  protected async run(batch: readonly ContentIntent[]): Promise<void> {
    const arrivals = await this.settled(batch.flatMap((intent) => this.arrival(intent) ?? []));
    const staged = [...(await this.stageLinks(arrivals)), ...(await this.stageFiles(arrivals))];
    if (staged.length === 0) return;
    if (this.context.stopped()) {
      this.keepsStaged = true;
      return;
    }
    const flushed = await this.context.env.disk.flushStaged(staged.map((each) => each.staged));
    if (flushed.kind === 'failed') {
      this.context.env.log('warn', 'staged files could not be made durable', { detail: flushed.detail });
      // Asked again, the system may say yes of bytes that it has dropped: they are written anew.
      await this.context.env.disk.eraseStaged(staged.map((each) => each.staged));
      // Nor is it told whether the disk let go of them.
      this.keepsStaged = true;
      for (const each of staged) this.context.operations.defer(each.node);
      return;
    }
    await this.context.paths.hold(() => this.place(this.whereTheyAre(staged)));
  }

  /** While they came down, folders above them may have been renamed. What has no path now is decided about again. */
  private whereTheyAre(staged: readonly Staged[]): readonly Staged[] {
    return staged.flatMap((each) => {
      const folder = this.context.state.pathOf(each.parent);
      if (folder === null) {
        this.keepsStaged = true;
        return [];
      }
      return [folder === each.folder ? each : { ...each, folder, path: pathIn(folder, each.name) }];
    });
  }

  /** Where an exchange ended unseen, staging may hold a save under the very name: nothing is written there before it went. */
  private async settled(arrivals: readonly Arrival[]): Promise<readonly Arrival[]> {
    await this.tidying;
    const { state, operations } = this.context;
    const nodes = new Set(arrivals.map((each) => each.node));
    const open = state.intents.open().filter((each) => nodes.has(each.node));
    if (open.length === 0) return arrivals;
    await ifReadable(settleExchanges(this.context, open));
    // What was settled changed what there is to do: all of them are decided again.
    const again = new Set(open.map((each) => each.node));
    for (const node of again) operations.defer(node);
    return arrivals.filter((each) => !again.has(each.node));
  }

  private arrival(intent: ContentIntent): Arrival | null {
    const { state, operations } = this.context;
    const remote = state.remote.get(intent.node);
    const place = intent.kind === 'fetch' ? remote : state.local.get(intent.node);
    const folder = place && state.pathOf(place.parent);
    if (!remote?.head || !place || folder === null) {
      // Its folder stands nowhere for the moment: decided again at once, it would be planned without end.
      operations.defer(intent.node);
      return null;
    }
    const { parent, name } = place;
    return {
      intent,
      node: intent.node,
      remote,
      head: remote.head,
      staged: stagedName(remote.head.version, intent.node),
      parent,
      name,
      folder,
      path: pathIn(folder, name),
    };
  }

  private async stageLinks(arrivals: readonly Arrival[]): Promise<readonly Staged[]> {
    const ready: Staged[] = [];
    for (const each of arrivals) {
      const { content } = each.head;
      if (content.kind !== 'symlink') continue;
      const made = await this.context.env.disk.stageLink(each.staged, content.target);
      if (made.kind === 'found') ready.push({ ...each, ours: made.stamp, entropy: null });
      else this.unplaced(each, made);
    }
    return ready;
  }

  private async stageFiles(arrivals: readonly Arrival[]): Promise<readonly Staged[]> {
    const items = arrivals.flatMap((each) => this.itemOf(each));
    if (items.length === 0) return [];
    const result = await this.context.server.download(items);
    this.keepsStaged ||= result.kind === 'trouble' || result.value.some((each) => each.kind !== 'staged');
    if (result.kind === 'trouble') {
      this.context.onTrouble(result);
      for (const each of items) this.context.operations.defer(each.node, result.retryAfterMs);
      return [];
    }
    const byNode = new Map(result.value.map((each) => [each.node, each]));
    return arrivals.flatMap((arrival) => {
      const came = byNode.get(arrival.node);
      if (came?.kind === 'failed') this.notStaged(arrival, came);
      if (came?.kind !== 'staged') return [];
      this.keepManifest(arrival, encodeManifest(came.manifest));
      return [{ ...arrival, ours: came.stamp, entropy: came.entropy }];
    });
  }

  private notStaged({ node, path }: Arrival, { code, detail, retryAfterMs }: DownloadFailure): void {
    const { state, operations, env } = this.context;
    operations.defer(node, retryAfterMs);
    const seconds = Math.ceil(retryAfterMs / 1000);
    const facts = { detail, ...(seconds > 0 ? { seconds: String(seconds) } : {}) };
    state.problems.put({ subject: node, node, path, code, facts, since: env.clock.now() });
  }

  private keepManifest(arrival: Arrival, encoded: Uint8Array): void {
    const { content } = arrival.head;
    if (content.kind !== 'file' || content.size <= SMALL_FILE) return;
    this.context.signLater(arrival.node);
    this.context.state.manifests.put(content.manifest, encoded, null, this.context.env.clock.now());
  }

  private itemOf({ node, staged, remote, head }: Arrival): readonly DownloadItem[] {
    if (head.content.kind !== 'file') return [];
    const { manifest, size, executable } = head.content;
    const reuse = reusable(this.context, node, manifest, size);
    const { encoded } = remote;
    return [{ node, staged, manifestId: manifest, encoded, size, executable, mtimeNs: head.mtimeNs, reuse }];
  }

  // --- placing -------------------------------------------------------------------------------------------------

  private async place(staged: readonly Staged[]): Promise<void> {
    const { state, operations, env } = this.context;
    const keys = staged.flatMap((each) => [each.node, slotKey(each.parent, each.name)]);
    operations.touch(keys);
    try {
      const wanted = await this.recheck(staged);
      await this.eraseUnwanted(staged, wanted);
      const items = wanted.map(
        (each): Placement => ({
          staged: each.staged,
          path: each.path,
          mode: each.intent.kind === 'fetch' ? 'new' : 'exchange',
        }),
      );
      const exchanges = wanted.filter((each) => each.intent.kind === 'replace');
      await this.context.unflushed.flush();
      if (wanted.length > 0) state.intents.begin(wanted.map((each) => this.intentOf(each)));
      const placed = await env.disk.place(items);
      await this.context.flusher.folders([...new Set(wanted.map((each) => each.folder))]);
      const clean: Displaced[] = [];
      const suspects: { arrival: Staged; placed: Placed }[] = [];
      state.transaction(() => {
        wanted.forEach((arrival, i) => {
          const outcome = placed[i];
          const expected = this.agreedStamp(arrival.node);
          if (outcome?.kind !== 'placed') this.unplaced(arrival, outcome);
          else if (outcome.displaced && !sameBytesLikely(expected, outcome.displaced))
            suspects.push({ arrival, placed: outcome });
          else {
            this.agree(arrival, outcome.stamp);
            if (outcome.displaced) clean.push({ arrival, out: outcome.displaced });
          }
        });
      });
      const left = new Set<NodeId>();
      for (const each of await discardDisplaced(this.context, clean)) left.add(each.node);
      for (const each of suspects)
        if (!(await this.judge(each.arrival, each.placed))) left.add(each.arrival.node);
      for (const each of await this.unseenEnds(exchanges, wanted, placed)) left.add(each.node);
      await this.context.unflushed.flush();
      // What came out is erased without a word of whether the disk did so.
      this.keepsStaged ||= exchanges.length > 0;
      state.intents.finish(wanted.filter((each) => !left.has(each.node)));
    } finally {
      operations.letGo(keys);
    }
  }

  private intentOf({ intent, node, staged, path, ours }: Staged): ExchangeIntent {
    return intent.kind === 'fetch'
      ? { kind: 'new', node, staged, path, stamp: encodeStamp(ours), ours: '' }
      : { kind: 'exchange', node, staged, path, stamp: this.agreedStamp(node), ours: encodeStamp(ours) };
  }

  private agreedStamp(node: NodeId): string {
    return this.context.state.synced.get(node)?.stamp ?? '';
  }

  /** Just before placing: still wanted, and the file there still is what was last agreed on, in nobody's hands. */
  private async recheck(staged: readonly Staged[]): Promise<readonly Staged[]> {
    const wanted = this.stillTheSame(staged);
    const replaced = wanted.filter((each) => each.intent.kind === 'replace');
    if (replaced.length === 0) return wanted;
    const kept = await this.changedHere(replaced);
    const files = replaced.filter((each) => each.remote.kind === 'file' && !kept.has(each.node));
    // Last, since a descriptor opened from here on is only met after the exchange.
    const waiting = await waitingForWriters(this.context, files);
    return wanted.filter((each) => !kept.has(each.node) && !waiting.has(each.node));
  }

  private stillTheSame(staged: readonly Staged[]): readonly Staged[] {
    const { state } = this.context;
    return staged.filter((each) => {
      const remote = state.remote.get(each.node);
      const same = remote?.head?.version === each.head.version;
      return (
        same &&
        this.kindNow(each.node) === each.intent.kind &&
        (each.intent.kind === 'replace' || (remote?.parent === each.parent && remote.name === each.name))
      );
    });
  }

  /**
   * What is to be done about a node now; of one that has to go elsewhere, about its content. A ring of renames cannot turn
   * while one of them comes down: if what came were not wanted because of the ring, each would be what the next waits for.
   */
  private kindNow(node: NodeId): Intent['kind'] {
    const { view, operations } = this.context;
    return operations.asIfIdle(node, () => {
      const { kind } = decide(view, node);
      const isPlaced = kind !== 'move-here' && kind !== 'move';
      return isPlaced ? kind : (decideContent(view, node)?.kind ?? kind);
    });
  }

  /** What is, by its full stamp, not what was last agreed on. */
  private async changedHere(replaced: readonly Staged[]): Promise<ReadonlySet<NodeId>> {
    const { state, operations, scanner, env } = this.context;
    const looks = await env.disk.lookMany(replaced.map((each) => each.path));
    const changed = new Set<NodeId>();
    replaced.forEach((each, i) => {
      const look = looks[i];
      if (look?.kind === 'found' && encodeStamp(look.stamp) === state.synced.get(each.node)?.stamp) return;
      changed.add(each.node);
      scanner.lookAt(each.parent, each.name);
      // Decided again at once it would be placed again, and what a scan sees while we are at work on a name does not count:
      // that the file is gone would never be seen.
      operations.defer(each.node);
    });
    return changed;
  }

  /** What came down for nothing goes; what only waits for its place stays, and need not come down again. */
  private async eraseUnwanted(staged: readonly Staged[], wanted: readonly Staged[]): Promise<void> {
    if (wanted.length === staged.length) return;
    this.keepsStaged = true;
    const kept = new Set(wanted);
    const unwanted = staged.filter((each) => {
      if (kept.has(each)) return false;
      const kind = this.kindNow(each.node);
      return kind !== each.intent.kind && kind !== 'wait';
    });
    await this.context.env.disk.eraseStaged(unwanted.map((each) => each.staged));
  }

  /** What came out is not, by its stamp, what was agreed on: its bytes decide. False: it still lies in staging. */
  private async judge(arrival: Staged, placed: Placed): Promise<boolean> {
    if (!(await isKnownContent(this.context, arrival))) return giveBack(this.context, arrival, placed);
    this.context.state.transaction(() => this.agree(arrival, placed.stamp));
    const out = placed.displaced;
    return out === null || (await discardDisplaced(this.context, [{ arrival, out }])).length === 0;
  }

  /** Exchanges that failed, and not before they were made: our file is not in staging any more. */
  private async unseenEnds(
    exchanges: readonly Staged[],
    wanted: readonly Staged[],
    placed: readonly DiskOutcome<Placed>[],
  ): Promise<readonly Staged[]> {
    const failed = exchanges.filter((each) => placed[wanted.indexOf(each)]?.kind !== 'placed');
    if (failed.length === 0) return [];
    const entries = await ifReadable(this.context.env.disk.listStaged());
    // Where it cannot be told, the promise of each stays open until it can.
    if (entries === null) return failed;
    const ours = new Map(entries.map(({ name, stamp }) => [name, stamp.fileId]));
    return failed.filter((each) => ours.get(each.staged) !== each.ours.fileId);
  }

  /** A new ctime is our own doing; another size, time or object is a save made since, an edit on what arrived (RULES 18 d). */
  private agree(arrival: Staged, stamp: Stamp): void {
    const { state, operations } = this.context;
    const { head } = arrival;
    const synced = state.synced.get(arrival.node);
    const { parent, name, entryRev } = synced ?? { ...arrival, entryRev: arrival.remote.entryRev };
    const untouched = sameBytesLikely(encodeStamp(arrival.ours), stamp);
    const content = untouched ? head.content : null;
    vacate(this.context, arrival.node, arrival);
    state.local.put(arrival.node, arrival.parent, arrival.name, stamp, content, { entropy: arrival.entropy });
    state.synced.put({
      node: arrival.node,
      kind: arrival.remote.kind,
      parent,
      name,
      entryRev,
      version: head.version,
      content: head.content,
      stamp: encodeStamp(untouched ? stamp : arrival.ours),
    });
    operations.succeed(arrival.node);
    if (state.problems.count() > 0) state.problems.clear(arrival.node);
    this.context.record(
      arrival.node,
      arrival.intent.kind === 'fetch' ? 'downloaded' : 'updated',
      arrival.intent.rule,
      `V${head.number} by ${arrival.remote.author}`,
      arrivalDeed(this.context.self, arrival.remote, arrival.intent.kind === 'fetch', synced !== null),
    );
  }

  /** Everything is in step: what came down and was not placed is not wanted any more. */
  tidy(): void {
    if (!this.keepsStaged || !this.idle) return;
    this.keepsStaged = false;
    this.tidying = ifReadable(this.tidyUp()).then((isTidy) => {
      // What cannot be read now is looked at again.
      if (isTidy !== null) return;
      this.tidyLater();
      this.context.env.clock.after(ERASE_AGAIN_MS, () => this.tidyAgain());
    });
  }

  private async tidyUp(): Promise<true> {
    const { state } = this.context;
    const open = await settleExchanges(this.context, state.intents.open());
    const { kept, stuck } = await clearStaging(this.context);
    this.keepsStaged ||= kept + stuck + open.length > 0;
    if (stuck > 0) this.context.env.clock.after(ERASE_AGAIN_MS, () => this.tidyAgain());
    return true;
  }

  private tidyAgain(): void {
    if (!this.context.stopped()) this.tidy();
  }

  private unplaced(arrival: Arrival, failure: DiskFailure | undefined): void {
    const { state, operations, scanner, env } = this.context;
    this.keepsStaged = true;
    scanner.lookAt(arrival.parent, arrival.name);
    operations.defer(arrival.node);
    if (failure === undefined || failure.trouble === 'gone') return;
    if (failure.trouble === 'taken' && !isStrangersPlace(this.context, arrival.node, arrival)) return;
    reportDiskTrouble(state, arrival.node, arrival.path, failure, env.clock.now());
    env.log('warn', 'a file could not be placed', {
      path: arrival.path,
      code: codeOfTrouble(failure.trouble),
      detail: failure.detail,
    });
  }
}
