/** A server's backup, and the way back. */
import { resolve } from 'node:path';
import { backUp } from '../../server-stub/backup/back-up.ts';
import { restoreBackup } from '../../server-stub/backup/restore.ts';
import { masterKeySource } from '../../server-stub/chunks/folder/master-key.ts';
import { forgetReplicas, rebuildFromReplica } from '../../server-stub/replication/rebuild.ts';
import { EXIT } from '../ipc/exit.ts';
import { bytes, plural, when } from './text.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbRun } from './verbs.ts';

export const backup: VerbRun = (input) => {
  const { io, out, options, switches, positionals } = input;
  const data = resolve(io.cwd, options['data'] ?? '');
  const to = resolve(io.cwd, positionals[0] ?? '');
  return orRefusal(input, async () => {
    const withoutChunks = switches.has('without-chunks');
    const done = await backUp({ data, to, withMasterKey: switches.has('with-master-key'), withoutChunks });
    out.result(done);
    out.say(
      `${plural(done.files, 'file')} (${bytes(done.bytes)}) in ${to}; ${plural(done.newFiles, 'file')} (${bytes(done.newBytes)}) new. Every one was read back.`,
    );
    if (!done.withMasterKey)
      out.say('The master key is not in it. Keep it somewhere else: without it nothing can be read.');
    if (withoutChunks)
      out.say(
        'What is stored is not in it: "tidemark server rebuild" brings that back from the second store.',
      );
    if (done.missing.length === 0) return EXIT.ok;
    out.say(
      `${plural(done.missing.length, 'chunk')} could not be backed up: the first store does not have them any more. "tidemark server fsck" names the files, and "tidemark server rebuild" brings back what a second store has.`,
    );
    return EXIT.no;
  });
};

export const restore: VerbRun = (input) => {
  const { io, out, options, positionals } = input;
  const data = resolve(io.cwd, options['data'] ?? '');
  const from = resolve(io.cwd, positionals[0] ?? '');
  const key = options['master-key'];
  return orRefusal(input, async () => {
    const keyFile = key === undefined ? null : resolve(io.cwd, key);
    const cold = options['cold'] === undefined ? {} : { cold: resolve(io.cwd, options['cold']) };
    const done = await restoreBackup({ from, data, masterKey: masterKeySource(io.env), keyFile, ...cold });
    out.result(done);
    out.say(
      `${plural(done.files, 'file')} (${bytes(done.bytes)}) of the backup of ${when(done.at)} are in ${data}, each as it was.`,
      'Start the server there. Every device then compares everything: what the server lost goes up once more, and nothing is deleted.',
    );
    if (done.withoutChunks)
      out.say('What is stored was not in it: now bring it back with "tidemark server rebuild".');
    else if (done.missing > 0)
      out.say(`${plural(done.missing, 'chunk')} were missing when the backup was made, and still are.`);
    return EXIT.ok;
  });
};

export const rebuild: VerbRun = (input) => {
  const { io, out, options } = input;
  const data = resolve(io.cwd, options['data'] ?? '');
  const replica = resolve(io.cwd, options['replica'] ?? '');
  return orRefusal(input, async () => {
    const done = await rebuildFromReplica({ data, replica, masterKey: masterKeySource(io.env) });
    out.result(done);
    out.say(
      `${plural(done.chunks, 'chunk')} read; ${done.broughtBack} brought back from ${replica}, ${done.missing} in neither store.`,
    );
    if (done.missing === 0) return EXIT.ok;
    out.say('"tidemark server fsck" names the files. A device that has one sends it when it is saved again.');
    return EXIT.no;
  });
};

export const forgetReplica: VerbRun = (input) =>
  orRefusal(input, async () => {
    const copies = await forgetReplicas(resolve(input.io.cwd, input.options['data'] ?? ''));
    input.out.result({ forgotten: copies });
    input.out.say(`${plural(copies, 'second copy', 'second copies')} forgotten; nothing was erased.`);
    return EXIT.ok;
  });
