/** New keys for the files that a server stores. */
import { resolve } from 'node:path';
import { masterKeySource } from '../../server-stub/chunks/folder/master-key.ts';
import { type KeyOptions, rewrapServerKeys, rotateServerKeys } from '../../server-stub/server-keys.ts';
import { EXIT } from '../ipc/exit.ts';
import { orRefusal } from './verb-server.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

function keyOptions({ options, switches, io }: VerbInput): KeyOptions {
  const data = resolve(io.cwd, options['data'] ?? '');
  return { data, masterKey: masterKeySource(io.env), dryRun: switches.has('dry-run') };
}

export const rotateKeys: VerbRun = (input) =>
  orRefusal(input, async () => {
    const wanted = keyOptions(input);
    const rotated = await rotateServerKeys(wanted);
    input.out.result({ rotated, dryRun: wanted.dryRun });
    const users = rotated === 1 ? '1 user' : `${rotated} users`;
    if (wanted.dryRun) input.out.say(`${users} would get a new key.`);
    else input.out.say(`${users} got a new key; what they store from now on is under it.`);
    return EXIT.ok;
  });

export const rewrapKeys: VerbRun = (input) =>
  orRefusal(input, async () => {
    const wanted = keyOptions(input);
    const to = input.options['to'];
    const { keys, masterKey } = await rewrapServerKeys(
      wanted,
      to === undefined ? null : resolve(input.io.cwd, to),
    );
    input.out.result({ keys, masterKey, dryRun: wanted.dryRun });
    const count = keys === 1 ? '1 key' : `${keys} keys`;
    if (wanted.dryRun) input.out.say(`${count} would be wrapped by another master key.`);
    else input.out.say(`${count} wrapped by the master key ${masterKey}, which is the one in use now.`);
    return EXIT.ok;
  });
