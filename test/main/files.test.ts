import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runsOnBattery } from '../../src/main/battery.ts';
import { desktopEntry } from '../../src/main/desktop-entry.ts';
import { toolArguments } from '../../src/main/merge-tool.ts';
import { runsWhenOpened } from '../../src/main/runs-when-opened.ts';
import { safeName } from '../../src/main/version-content.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidemark-main-'));
after(() => rm(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

test('what runs by being opened is known by its name or by its first bytes', async () => {
  const programs = [
    'setup.exe',
    'a.BAT',
    'x.desktop',
    'notes.pdf.sh',
    'a.lnk',
    'x.jar',
    'y.AppImage',
    'trick.exe. . ',
  ];
  for (const name of programs) assert.equal(await runsWhenOpened(file(name, 'x')), true, name);
  assert.equal(await runsWhenOpened(file('holiday.jpg', '#!/bin/sh\nrm -rf ~')), true);
  assert.equal(await runsWhenOpened(file('report', Buffer.from('7f454c4602', 'hex'))), true);
  assert.equal(await runsWhenOpened(file('report.doc', Buffer.from('4d5a9000', 'hex'))), true);
});

test('documents and pictures are opened', async () => {
  for (const name of ['a.txt', 'b.docx', 'c.pdf', 'd.jpeg', 'e', 'no dot', 'exe'])
    assert.equal(await runsWhenOpened(file(name, 'plain words')), false, name);
  assert.equal(await runsWhenOpened(file('empty.txt', '')), false);
});

test('the copy of a version has a name that every system takes', () => {
  assert.equal(safeName('work/report.docx', 41), 'report (version 41).docx');
  assert.equal(safeName('a:b<c>?.txt', 2), 'a_b_c__ (version 2).txt');
  assert.equal(safeName('-rf', 1), '_rf (version 1)');
  assert.equal(safeName('..', 1), '_ (version 1)');
  assert.equal(safeName('nul\u0000\u001b[2J.txt', 1), 'nul__[2J (version 1).txt');
  assert.ok(safeName(`${'x'.repeat(300)}.txt`, 1).length < 120);
});

test('the four words of a merge tool are filled in wherever they stand, and given in order when none does', () => {
  const files = { BASE: '/t/b', LEFT: '/t/l', RIGHT: '/t/r', OUT: '/t/o' };
  assert.deepEqual(toolArguments(['--base=BASE', 'LEFT', '$RIGHT', '-o', 'OUT'], files), [
    '--base=/t/b',
    '/t/l',
    '/t/r',
    '-o',
    '/t/o',
  ]);
  assert.deepEqual(toolArguments(['--wait'], files), ['--wait', '/t/b', '/t/l', '/t/r', '/t/o']);
  assert.deepEqual(toolArguments(['LAYOUT', 'BASE'], files), ['LAYOUT', '/t/b']);
});

test('a desktop entry keeps a command together, whatever is in its path', () => {
  const text = desktopEntry(['/opt/My "app" 100%/$HOME/`x`\\run', '--hidden']);
  assert.match(text, /^Exec="\/opt\/My \\"app\\" 100%%\/\\\$HOME\/\\`x\\`\\\\run" "--hidden"$/m);
});

test('a computer runs on its battery when that is discharging and nothing feeds it', async () => {
  const supplies = (name: string, rows: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
    for (const [supply, facts] of Object.entries(rows))
      for (const [fact, value] of Object.entries(facts)) file(`${name}/${supply}/${fact}`, `${value}\n`);
    return join(folder, name);
  };
  const BAT0 = { type: 'Battery', status: 'Discharging' };
  assert.equal(await runsOnBattery(supplies('out', { BAT0, AC: { type: 'Mains', online: '0' } })), true);
  assert.equal(await runsOnBattery(supplies('in', { BAT0, AC: { type: 'Mains', online: '1' } })), false);
  assert.equal(await runsOnBattery(supplies('full', { BAT0: { type: 'Battery', status: 'Full' } })), false);
  assert.equal(await runsOnBattery(supplies('mouse', { mouse: { ...BAT0, scope: 'Device' } })), false);
  assert.equal(await runsOnBattery(join(folder, 'none')), false);
});
