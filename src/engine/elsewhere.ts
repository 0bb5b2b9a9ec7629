/** What an engine hears of the other namespaces on this device, where there are some. */
import type { NodeId } from '../protocol/ids.ts';

/** Whoever keeps the user's shares: what of them is known, and where another mark is told. */
export interface ShareNews {
  readonly mark: () => string | null;
  readonly heard: (mark: string) => void;
}

/** What was moved out of this namespace into another one on this device. */
export interface CrossingWaits {
  /** The server does not have it there yet: its deletion here is not told. */
  readonly waitsFor: (node: NodeId) => boolean;
  /** The others have looked at everything that had happened by now. */
  readonly look: () => Promise<void>;
}
