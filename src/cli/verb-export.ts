/** A namespace of a server as plain files. */
import { resolve } from 'node:path';
import { masterKeySource } from '../../server-stub/chunks/folder/master-key.ts';
import { exportNamespace } from '../../server-stub/export/export-namespace.ts';
import { EXIT } from '../ipc/exit.ts';
import { plural } from './text.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbRun } from './verbs.ts';

export const exportFiles: VerbRun = (input) => {
  const { io, out, options, positionals } = input;
  const data = resolve(io.cwd, options['data'] ?? '');
  const [what = '', target = ''] = positionals;
  const to = resolve(io.cwd, target);
  return orRefusal(input, async () => {
    const replica = options['replica'];
    const second = replica === undefined ? {} : { replica: resolve(io.cwd, replica) };
    const done = await exportNamespace({ data, what, to, masterKey: masterKeySource(io.env), ...second });
    out.result(done);
    out.say(
      `${plural(done.files, 'file')} in ${plural(done.folders, 'folder')} are in ${to}/files, and ${plural(done.versions, 'version')} are told in history.jsonl.`,
    );
    for (const path of done.renamed) out.say(`renamed, because this disk cannot hold its name: ${path}`);
    for (const trouble of done.unreadable) out.say(`not whole: ${trouble}`);
    return done.unreadable.length === 0 ? EXIT.ok : EXIT.no;
  });
};
