/** What the store's threads are told and what they answer. Both ends are ours, so the types are the check. */
import type {
  ChunkLocation,
  ChunkStat,
  HeapUse,
  PutOutcome,
  ReadOutcome,
  StoredChunk,
} from '../chunk-store.ts';
import type { KeyedChunk } from './chunk-folder.ts';
import type { DataKey } from './sealing.ts';

export interface LaneSettings {
  readonly folder: string;
  readonly lane: string;
  readonly segmentBytes: number;
  readonly appends: boolean;
}

export type LaneJob =
  | { readonly kind: 'put'; readonly chunks: readonly KeyedChunk[] }
  | { readonly kind: 'get'; readonly chunks: readonly StoredChunk[] }
  | { readonly kind: 'erase'; readonly chunks: readonly StoredChunk[] }
  | { readonly kind: 'stat'; readonly chunk: StoredChunk }
  | {
      readonly kind: 'list';
      readonly after: ChunkLocation | null;
      readonly limit: number;
      readonly heap?: string;
    }
  | { readonly kind: 'heaps'; readonly after: string | null; readonly limit: number }
  | { readonly kind: 'heapUse'; readonly heap: string }
  | { readonly kind: 'close' };

export type LaneMessage =
  | { readonly kind: 'keys'; readonly tenant: string; readonly keys: readonly DataKey[] }
  | { readonly kind: 'job'; readonly call: number; readonly job: LaneJob };

/** By kind of job. */
export interface LaneResults {
  readonly put: readonly PutOutcome[];
  readonly get: readonly ReadOutcome[];
  readonly erase: null;
  readonly stat: ChunkStat;
  readonly list: readonly StoredChunk[];
  readonly heaps: readonly string[];
  readonly heapUse: HeapUse | null;
  readonly close: null;
}

export type LaneAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly call: number; readonly result: LaneResults[keyof LaneResults] }
  | { readonly kind: 'broken'; readonly call: number; readonly detail: string };
