import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { usageOf, verbHelp } from '../../src/cli/help.ts';
import { VERBS } from '../../src/cli/verbs.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the README spells every verb as its help does', () => {
  for (const verb of VERBS) {
    const spelling = usageOf(verb).replace(' [--json]', '');
    assert.ok(readme.includes(`\n${spelling}\n`), spelling);
  }
});

test('the README gives every exit code the meaning that the help gives it', () => {
  const [first] = VERBS;
  assert.ok(first);
  const help = verbHelp(first);
  const codes = help.slice(help.indexOf('Exit codes') + 1).map((line) => /^ {2}(\d) {2}(.+)$/.exec(line));
  assert.equal(codes.length, 6);
  for (const code of codes) assert.ok(readme.includes(`| ${code?.[1]} | ${code?.[2]} |`), code?.[0]);
});
