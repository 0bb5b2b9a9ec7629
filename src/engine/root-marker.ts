/**
 * The marker in the root: proof, before anything is removed, that this is the folder we know. It carries the identity of
 * the device and its generation, so that a copy or a rollback of state, marker or server shows.
 */
import { type Static, Type } from 'typebox';
import { DeviceIdSchema, NamespaceIdSchema, parserOf, record } from '../protocol/schema.ts';
import type { Disk, DiskFailure, DiskOutcome, Done, Stamp } from './environment/disk.ts';

export const RootMarker = record({
  format: Type.Literal(1),
  serverId: Type.String(),
  namespace: NamespaceIdSchema,
  deviceId: DeviceIdSchema,
  instance: Type.String(),
  generation: Type.Integer({ minimum: 0 }),
  /** File system the root was on. */
  volume: Type.String(),
});
export type RootMarker = Static<typeof RootMarker>;

const NAME = 'root.json';
const parse = parserOf(RootMarker);

export type MarkerFound =
  | { readonly kind: 'marker'; readonly marker: RootMarker }
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly detail: string }
  | DiskFailure;

export async function readMarker(disk: Disk): Promise<MarkerFound> {
  const read = await disk.readControl(NAME);
  if (read === null) return { kind: 'none' };
  return read.kind === 'failed' ? read : parseMarker(read.bytes);
}

export function parseMarker(bytes: Uint8Array): Extract<MarkerFound, { kind: 'marker' | 'damaged' }> {
  try {
    const parsed = parse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.kind === 'ok'
      ? { kind: 'marker', marker: parsed.value }
      : { kind: 'damaged', detail: parsed.why };
  } catch {
    return { kind: 'damaged', detail: 'not JSON' };
  }
}

export function writeMarker(disk: Disk, marker: RootMarker): Promise<DiskOutcome<Done>> {
  return disk.writeControl(NAME, new TextEncoder().encode(`${JSON.stringify(marker, null, 2)}\n`));
}

export function markerOf(
  account: {
    readonly serverId: string;
    readonly namespace: RootMarker['namespace'];
    readonly deviceId: RootMarker['deviceId'];
    readonly instance: string;
  },
  generation: number,
  root: Stamp,
): RootMarker {
  return {
    format: 1,
    serverId: account.serverId,
    namespace: account.namespace,
    deviceId: account.deviceId,
    instance: account.instance,
    generation,
    volume: root.device,
  };
}
