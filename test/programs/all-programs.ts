import { ARCHIVES } from './archives.ts';
import { DATABASES } from './databases.ts';
import { EDITORS } from './editors.ts';
import { GIT } from './git.ts';
import type { ProgramCase } from './program-case.ts';

export const ALL_PROGRAMS: readonly ProgramCase[] = [...GIT, ...EDITORS, ...ARCHIVES, ...DATABASES];
