/** What an operator asks of a server. */
import { resolve } from 'node:path';
import {
  conflictLines,
  deviceLines,
  explanation,
  jobLines,
  shareLines,
  storeLines,
  switchLines,
} from '../../server-stub/admin/questions.ts';
import { pageOf } from '../../server-stub/explain/page-of.ts';
import { EXIT } from '../ipc/exit.ts';
import { explainLines } from './explain-text.ts';
import { count, plural, bytes as size, table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

const dataOf = ({ io, options }: VerbInput) => resolve(io.cwd, options['data'] ?? '');

export const devices: VerbRun = (input) =>
  orRefusal(input, async () => {
    const lines = await deviceLines(dataOf(input));
    input.out.result({ devices: lines });
    input.out.say(`${plural(lines.length, 'device')}.`);
    const rows = lines.map(({ user, device, os, lastSeenAt, revoked, behind }) => [
      user,
      device,
      os,
      lastSeenAt === null ? 'never seen' : `seen ${when(lastSeenAt)}`,
      revoked ? 'ended' : behind === null ? 'has acknowledged nothing' : `${count(behind)} changes behind`,
    ]);
    input.out.say(...table(rows, '  '));
    return EXIT.ok;
  });

export const conflicts: VerbRun = (input) =>
  orRefusal(input, async () => {
    const lines = await conflictLines(dataOf(input));
    input.out.result({ conflicts: lines });
    input.out.say(`${plural(lines.length, 'conflict')} open.`);
    const rows = lines.map(({ id, user, path, cause, device, at }) => [
      when(at),
      user,
      cause,
      device,
      path ?? '',
      id,
    ]);
    input.out.say(...table(rows, '  '));
    return EXIT.ok;
  });

export const jobs: VerbRun = (input) =>
  orRefusal(input, async () => {
    const lines = await jobLines(dataOf(input));
    input.out.result({ jobs: lines });
    input.out.say(`${plural(lines.length, 'job')}; the last decisions of each are below it.`);
    for (const { job, endedAt, said, decisions } of lines) {
      input.out.say(`${job}: ${endedAt === null ? 'under way' : `ended ${when(endedAt)}`}: ${said}.`);
      for (const { at, subject, decision, why } of decisions)
        input.out.say(`  ${when(at)}  ${decision}  ${subject}: ${why}`);
    }
    return EXIT.ok;
  });

export const stores: VerbRun = (input) =>
  orRefusal(input, async () => {
    const lines = await storeLines(dataOf(input));
    input.out.result({ stores: lines });
    const rows = lines.map(({ store, chunks, bytes, erasures, missing, missingSince }) => [
      store,
      plural(chunks, 'chunk'),
      size(bytes),
      missing === 0 || missingSince === null ? '' : `${count(missing)} missing since ${when(missingSince)}`,
      erasures === 0 ? '' : `${count(erasures)} to be erased`,
    ]);
    input.out.say(...table(rows));
    return EXIT.ok;
  });

export const shares: VerbRun = (input) =>
  orRefusal(input, async () => {
    const lines = await shareLines(dataOf(input));
    input.out.result({ shares: lines });
    const rows = lines.map(({ id, kind, name, owners, members, used, quota }) => [
      id,
      kind === 'team' ? 'team space' : 'shared folder',
      name,
      owners === '' ? 'owned by nobody' : `owned by ${owners}`,
      plural(members, 'member'),
      quota === null ? size(used) : `${size(used)} of ${size(quota)}`,
    ]);
    input.out.say(...(rows.length === 0 ? ['Nothing is shared.'] : table(rows)));
    return EXIT.ok;
  });

export const switches: VerbRun = (input) => {
  const [name, to] = input.positionals;
  if ((name === undefined) !== (to === undefined) || (to !== undefined && to !== 'on' && to !== 'off'))
    throw new UsageError('"admin switch" takes a name and on or off, or nothing to list them.');
  return orRefusal(input, async () => {
    const why = input.options['why'] ?? 'not said';
    const lines = await switchLines(
      dataOf(input),
      name === undefined ? null : { name, on: to === 'on', why },
    );
    input.out.result({ switches: lines });
    input.out.say(...table(lines.map(({ name: each, on, meaning }) => [each, on ? 'ON' : 'off', meaning])));
    return EXIT.ok;
  });
};

export const explain: VerbRun = (input) =>
  orRefusal(input, async () => {
    const { positionals, options } = input;
    const question = {
      about: positionals[0] ?? '',
      user: options['user'] ?? null,
      after: options['after'] ?? null,
    };
    const answer = await explanation(dataOf(input), question);
    input.out.result(answer);
    input.out.say(...explainLines(pageOf(answer)));
    return answer.kind === 'nothing' ? EXIT.no : EXIT.ok;
  });
