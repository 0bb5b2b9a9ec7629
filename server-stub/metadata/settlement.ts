/** How a conflict was settled, as it is written down: who, when, and how both sides stood before. */
import { type Static, Type } from 'typebox';
import {
  DeviceIdSchema,
  Millis,
  nullable,
  parserOf,
  record,
  VersionIdSchema,
} from '../../src/protocol/schema.ts';

const SideBefore = record({ head: nullable(VersionIdSchema), live: Type.Boolean(), name: Type.String() });

export const Settlement = record({
  device: DeviceIdSchema,
  at: Millis,
  original: SideBefore,
  copy: SideBefore,
  /** Head of the original afterwards, if settling made one. */
  made: nullable(VersionIdSchema),
  /** The copy's name from then on, if settling renamed it. */
  copyName: nullable(Type.String()),
});
export type Settlement = Static<typeof Settlement>;

const parse = parserOf(Settlement);

export function parseSettlement(text: string): Settlement {
  const parsed = parse(JSON.parse(text));
  if (parsed.kind === 'invalid') throw new Error(`a settlement is damaged: ${parsed.why}`);
  return parsed.value;
}
