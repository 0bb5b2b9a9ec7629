/** The troubles that a run may draw, in an order that seeds rely on. */
import { hints } from './hints.ts';
import { kill } from './kill.ts';
import { messages } from './messages.ts';
import { offline } from './offline.ts';
import { serverRestart } from './server-restart.ts';
import type { Trouble } from './trouble.ts';

export const ALL_TROUBLES: readonly Trouble[] = [kill, offline, serverRestart, messages, hints];
