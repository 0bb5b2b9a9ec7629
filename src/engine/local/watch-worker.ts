/** The thread that only watches: it empties the system's queue at once, however busy the engine is. */
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../protocol/assert-never.ts';
import { FolderWatches } from './node-watch-folders.ts';
import { HintQueue } from './node-watch-hints.ts';
import { type FromWatcher, parseWatchOptions, type ToWatcher } from './node-watch-messages.ts';
import { TreeWatch } from './node-watch-tree.ts';

const post = (message: FromWatcher): void => parentPort?.postMessage(message);
const { root, strategy } = parseWatchOptions(workerData);
const hints = new HintQueue((batch) => post({ kind: 'hints', hints: batch }));
const onHealth = (why: string | null): void =>
  post({ kind: 'health', complete: why === null, why: why ?? '' });

let folders: FolderWatches | null = null;

parentPort?.on('message', (message: ToWatcher) => {
  switch (message.kind) {
    case 'add':
      for (const folder of message.folders) folders?.add(folder, message.listedAfter);
      post({ kind: 'live', id: message.id });
      return;
    case 'remove':
      folders?.remove(message.folders);
      return;
    case 'flush':
      // Once through the event loop and back: what waits in the system's queues is read in between.
      setImmediate(() =>
        setImmediate(() => {
          hints.flush();
          post({ kind: 'live', id: message.id });
        }),
      );
      return;
    case 'taken':
      hints.taken();
      return;
    default:
      assertNever(message, 'message to the watch thread');
  }
});

if (strategy === 'folders') {
  folders = new FolderWatches(root, hints, onHealth);
  folders.add('', true);
  post({ kind: 'started' });
} else {
  new TreeWatch(root, hints, () => post({ kind: 'started' }), onHealth);
}
