import { test } from 'node:test';
import { COMMIT } from './chain-2-commit.ts';
import { runDrill } from './run-drill.ts';

test('failure chain 2: bytes without a commit, a killed server and a lost answer end in exactly one version', async (t) => {
  await runDrill(COMMIT, (line) => t.diagnostic(line));
});
