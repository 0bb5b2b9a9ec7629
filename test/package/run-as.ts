/** Runs the packed app as a plain user, with Chromium's real sandbox, also when the test runs as root. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PLAIN_USER = 'nobody';

export interface PlainRun {
  /** What is started in place of the app: it becomes the app. */
  readonly executable: string;
  readonly args: readonly string[];
  /** A folder that belongs to the user. */
  readonly base: string;
  readonly hasSandbox: boolean;
  /** The start of a command that is to run as the same user. */
  readonly prefix: readonly string[];
}

const asRoot = process.getuid?.() === 0;

/** The user may be kept out of the folder that the repository is in; then there is only root, without a sandbox. */
function mayRun(executable: string): boolean {
  return spawnSync('runuser', ['-u', PLAIN_USER, '--', 'test', '-x', executable]).status === 0;
}

export function plainRun(executable: string): PlainRun {
  const base = mkdtempSync(join(tmpdir(), 'tidemark-packed-'));
  if (!asRoot) return { executable, args: [], base, hasSandbox: true, prefix: [] };
  if (!mayRun(executable)) return { executable, args: ['--no-sandbox'], base, hasSandbox: false, prefix: [] };
  const launcher = join(base, 'as-plain-user.sh');
  // Playwright adds --no-sandbox for whoever is root; what it starts here is not.
  const lines = [
    '#!/bin/sh',
    'for word do',
    '  shift',
    '  [ "$word" = --no-sandbox ] || set -- "$@" "$word"',
    'done',
    `exec runuser -u ${PLAIN_USER} -- '${executable}' "$@"`,
  ];
  writeFileSync(launcher, `${lines.join('\n')}\n`);
  chmodSync(launcher, 0o755);
  const own = join(base, 'own');
  mkdirSync(own);
  execFileSync('chown', [PLAIN_USER, own]);
  chmodSync(base, 0o755);
  return {
    executable: launcher,
    args: [],
    base: own,
    hasSandbox: true,
    prefix: ['runuser', '-u', PLAIN_USER, '--'],
  };
}
