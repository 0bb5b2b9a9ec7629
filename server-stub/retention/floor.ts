/** How far the journal of a namespace may be forgotten: no further than the slowest device that is not expired. Pure. */

export interface DeviceStand {
  /** How far it says that it is, in the epoch of today; null: it never said, or of another epoch. */
  readonly acked: number | null;
  /** Lived hours since it was last noticed to have been seen. */
  readonly unseenHours: number;
}

export interface FloorFacts {
  readonly devices: readonly DeviceStand[];
  readonly floor: number;
  readonly head: number;
  /** Where the journal was when what may go was still new; null: nothing is that old. */
  readonly aged: number | null;
  /** A device that was not seen for longer is expired: should it return, it reads a snapshot. */
  readonly deviceHours: number;
}

/** The new floor: never below the one there is. */
export function floorOf({ devices, floor, head, aged, deviceHours }: FloorFacts): number {
  const needed = devices.filter((each) => each.unseenHours <= deviceHours).map(({ acked }) => acked ?? 0);
  return Math.max(floor, Math.min(head, aged ?? 0, ...needed));
}
