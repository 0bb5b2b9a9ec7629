/** What one operation is: how it is prepared, begun and judged. Every run of it happens in a folder of its own. */
import type { Held } from './contents.ts';
import type { Stage } from './stage.ts';

export interface Operation {
  readonly name: string;
  readonly what: string;
  /** Made by the other device; both are in step before the run goes on. */
  prepare(stage: Stage, at: string): void | Promise<void>;
  /** Right before the calls are counted; the engine runs. */
  ready?(stage: Stage, at: string): Promise<void>;
  /** Begins it; the calls of the process under test are counted. */
  act(stage: Stage, at: string): void | Promise<void>;
  /** After a restart: what the user does once more when nothing came of it. */
  again?(stage: Stage, at: string): Promise<void>;
  /** Everything that may stand at a path of the device under test at any moment: labels by path. */
  readonly moments: (at: string) => Readonly<Record<string, readonly string[]>>;
  /** Paths at which something stands at every moment. */
  readonly always?: readonly string[];
  /** How it may end, with the number of versions by path; one of them. */
  readonly ends: (at: string) => readonly End[];
  /** What the status says at rest. */
  readonly restsAs?: readonly string[];
}

export interface End {
  readonly held: Held;
  readonly versions: Readonly<Record<string, number>>;
}

/** The label of the content that a path gets as its n-th version in the run `at`. */
export function label(at: string, path: string, version: number | string): string {
  return `${at}/${path} as ${version}`;
}
