/** Looks through what a server holds. */
import { resolve } from 'node:path';
import { checkServer } from '../../server-stub/fsck/check-server.ts';
import type { Finding } from '../../server-stub/fsck/finding.ts';
import { EXIT } from '../ipc/exit.ts';
import { plural } from './text.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbRun } from './verbs.ts';

function lineOf({ code, subject, sentence, repair }: Finding): string {
  return `${code}  ${subject}: ${sentence}${repair === null ? '' : ` Repair: ${repair}`}`;
}

export const fsck: VerbRun = (input) => {
  const { io, out, options, switches } = input;
  const data = resolve(io.cwd, options['data'] ?? '');
  return orRefusal(input, async () => {
    const checked = await checkServer(data, switches.has('repair'));
    const { findings, repaired, kept, newEpochs } = checked;
    out.result(checked);
    for (const finding of repaired) out.say(`repaired  ${lineOf(finding)}`);
    if (kept !== null) out.say(`The database as it was is kept as ${kept}.`);
    if (newEpochs > 0) out.say('Devices compare everything on their next contact; nothing is deleted.');
    for (const finding of findings) out.say(lineOf(finding));
    if (findings.length === 0) out.say('Everything fits together.');
    else {
      const mendable = findings.filter(({ repair }) => repair !== null).length;
      out.say(
        `${plural(findings.length, 'finding')}; "--repair" can mend ${mendable}, while the server stands still. What has no repair is in a backup, or on a device.`,
      );
    }
    return findings.length === 0 ? EXIT.ok : EXIT.no;
  });
};
