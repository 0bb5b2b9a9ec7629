/** How far journals and the dead in them are let go. */
import type { DeviceId, NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import type { DeviceHour, FloorPlace, JournalHour } from './floor-rows.ts';
import type { Awaitable } from './metadata-store.ts';

export interface FloorReads {
  deviceHour(device: DeviceId): Awaitable<DeviceHour | null>;
  /** The newest that was noted in this lived hour or before. */
  journalHour(ns: NamespaceId, hour: number): Awaitable<JournalHour | null>;
  /** Where nodes stood at this seq, as far as it was written down, by node. */
  floorPlaces(
    ns: NamespaceId,
    seq: number,
    after: NodeId | null,
    limit: number,
  ): Awaitable<readonly FloorPlace[]>;
  /** Files and links that died up to this seq and whose trash is released, by id. */
  lettableDead(
    ns: NamespaceId,
    seq: number,
    after: NodeId | null,
    limit: number,
  ): Awaitable<readonly NodeId[]>;
}

export interface FloorWrites {
  setDeviceHour(device: DeviceId, row: DeviceHour): Awaitable<void>;
  setJournalHour(ns: NamespaceId, row: JournalHour): Awaitable<void>;
  /** Those noted before this lived hour. */
  dropJournalHours(ns: NamespaceId, before: number): Awaitable<void>;
  addFloorPlace(ns: NamespaceId, seq: number, row: FloorPlace): Awaitable<void>;
  /** Those that a later one up to the floor replaces, and those beyond the floor; how many. */
  dropFloorPlaces(ns: NamespaceId, limit: number): Awaitable<number>;
  /** Cursors before it expire. `at`: no moment before can be told; null: none at all up to it. */
  setJournalFloor(ns: NamespaceId, seq: number, hash: string, at: number | null): Awaitable<void>;
  /** Rows up to the floor; how many. */
  dropJournal(ns: NamespaceId, limit: number): Awaitable<number>;
  /** A dead node that nothing stands in, with its versions. */
  forgetNode(ns: NamespaceId, node: NodeId): Awaitable<void>;
}
