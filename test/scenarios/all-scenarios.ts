import { ATTRIBUTES } from './attributes.ts';
import { CONFLICTS } from './conflicts.ts';
import { CRASHES } from './crashes.ts';
import { DELETE_BRAKE } from './delete-brake.ts';
import { DELETES } from './deletes.ts';
import { DISK_TROUBLES } from './disk-troubles.ts';
import { EDITS } from './edits.ts';
import { FOLDERS } from './folders.ts';
import { IGNORE_RULES } from './ignore-rules.ts';
import { LINKS } from './links.ts';
import { MOUNTS } from './mounts.ts';
import { MOVES } from './moves.ts';
import { NAMES } from './names.ts';
import { OVERWRITE_BRAKE } from './overwrite-brake.ts';
import { REARRANGEMENTS } from './rearrangements.ts';
import { SAVES } from './saves.ts';
import type { Scenario } from './scenario.ts';
import { UNION_MERGES } from './union-merges.ts';

/** Every scenario, by theme. */
export const THEMES: Readonly<Record<string, readonly Scenario[]>> = {
  edits: EDITS,
  attributes: ATTRIBUTES,
  saves: SAVES,
  moves: MOVES,
  rearrangements: REARRANGEMENTS,
  deletes: DELETES,
  folders: FOLDERS,
  names: NAMES,
  links: LINKS,
  'ignore rules': IGNORE_RULES,
  'union merges': UNION_MERGES,
  'delete brake': DELETE_BRAKE,
  'overwrite brake': OVERWRITE_BRAKE,
  conflicts: CONFLICTS,
  crashes: CRASHES,
  'disk troubles': DISK_TROUBLES,
  mounts: MOUNTS,
};
