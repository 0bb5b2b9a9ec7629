/** A sample of `npm run network-faults`, in a process of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ALL_CASES } from './all-cases.ts';
import { SAMPLE } from './sample.ts';

let said = '';
before(
  async () => {
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, '--sample'], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await once(child, 'close');
  },
  { timeout: 280_000 },
);

for (const name of SAMPLE)
  test(name, () => {
    const line = said.split('\n').find((each) => each.endsWith(` s  ${name}`));
    assert.match(line ?? said, /^ok /, said);
  });

test('every case has a name of its own', () => {
  const names = ALL_CASES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
