/** What the executor's lanes share. */
import type { TreeView } from '../../core/tree/view.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { CrossingWaits } from '../elsewhere.ts';
import type { Environment } from '../environment/environment.ts';
import type { Scanner } from '../local/scanner.ts';
import type { Server, ServerTrouble } from '../remote/server.ts';
import type { Deed } from '../state/ledger.ts';
import type { State } from '../state/state.ts';
import type { ContentCache } from './content-cache.ts';
import type { Self } from './deeds.ts';
import type { Flusher } from './flusher.ts';
import type { Operations } from './operations.ts';
import type { OwnRows } from './own-rows.ts';
import type { StandingPaths } from './standing-paths.ts';
import type { ToldCursor } from './told-cursor.ts';
import type { UnflushedFolders } from './unflushed-folders.ts';

export interface Context {
  readonly env: Environment;
  readonly state: State;
  readonly view: TreeView;
  readonly operations: Operations;
  readonly scanner: Scanner;
  readonly server: Server;
  readonly contents: ContentCache;
  readonly ownRows: OwnRows;
  readonly flusher: Flusher;
  /** Flushed before every durable commit. */
  readonly unflushed: UnflushedFolders;
  readonly paths: StandingPaths;
  /** How far we are, for requests. */
  readonly toldCursor: ToldCursor;
  /** False on file systems that know no execute bit: then the agreed one stands. */
  readonly keepsExecutableBits: boolean;
  /** A call failed: offline, signed out, asked to wait. The loop decides what that means. */
  readonly onTrouble: (trouble: ServerTrouble) => void;
  /** Something was done; the loop may plan again. */
  readonly onProgress: () => void;
  /** True once the engine is stopping or halted: lanes start nothing new. */
  readonly stopped: () => boolean;
  /** False where the user may only look: nothing is claimed. */
  readonly mayWrite: () => boolean;
  /** What is moved between this namespace and others on this device. */
  readonly crossings: () => CrossingWaits;
  /** Is the root still ours? Asked before every batch that removes anything. */
  readonly rootIsOurs: () => Promise<boolean>;
  /** Reads the journal up to the server's head; false when it cannot be read now. */
  readonly catchUp: () => Promise<boolean>;
  /** The server has changes up to this seq: being in step takes them all. */
  readonly onServerHead: (seq: number) => void;
  /** Contents are waiting for their upload: reading ahead has a limit then. */
  readonly uploading: () => boolean;
  /** A large file came down: its signature is made when there is time. */
  readonly signLater: (node: NodeId) => void;
  readonly self: Self;
  /** Notes in the ledger what was done, by which rule; with a deed the user is told of it. */
  readonly record: (node: NodeId, verb: string, rule: string, detail?: string, deed?: Deed | null) => void;
}
