import type { Volume } from './volume.ts';

/** What an engine's disk and its watcher need of a volume: also of a folder in one. */
export type FileTree = Pick<
  Volume,
  | 'root'
  | 'find'
  | 'place'
  | 'childOf'
  | 'create'
  | 'write'
  | 'setTimes'
  | 'setMode'
  | 'rename'
  | 'exchange'
  | 'remove'
  | 'removeAll'
  | 'stamp'
  | 'flushFile'
  | 'flushFolder'
  | 'flushAll'
  | 'listen'
  | 'used'
> &
  Readonly<Pick<Volume, 'options' | 'capacity'>>;
