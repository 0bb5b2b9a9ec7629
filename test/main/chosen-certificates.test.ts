import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { MOST_CERTIFICATE_BYTES } from '../../src/engine/remote/node-certificates.ts';
import { createChosenCertificates } from '../../src/main/chosen-certificates.ts';
import { fingerprintOf, newAuthority } from '../support/certificates.ts';

let root = '';
let caFile = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'tidemark-certificates-'));
  caFile = newAuthority(root).caFile;
});
after(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(root, name), content);
  return join(root, name);
}

async function lookedAt(path: string, now = Date.now()) {
  const certificates = createChosenCertificates(() => now);
  const looked = await certificates.look(path);
  assert(looked.kind === 'certificates', looked.kind);
  return { ...looked, pem: certificates.pemOf(looked.id) };
}

test('a certificate is shown as openssl shows it, and trusted as it was shown', async () => {
  const certificates = createChosenCertificates(Date.now);
  const chosen = join(root, 'chosen.pem');
  copyFileSync(caFile, chosen);
  const looked = await certificates.look(chosen);
  assert(looked.kind === 'certificates');
  const [shown] = looked.shown;
  assert.deepEqual([looked.file, looked.shown.length], ['chosen.pem', 1]);
  assert.deepEqual(
    [shown?.subject, shown?.fingerprint, shown?.isOver],
    ['CN=of this test', fingerprintOf(caFile), false],
  );
  writeFileSync(chosen, 'another file by now');
  assert.equal(certificates.pemOf(looked.id), readFileSync(caFile, 'utf8'));
  assert.equal(certificates.pemOf(null), null);
  assert.throws(() => certificates.pemOf('f'.repeat(64)), /no chosen certificates/);
});

test('DER, a whole chain, and a file with a key in it: the certificates, and nothing else', async () => {
  const pem = readFileSync(caFile, 'utf8');
  assert.equal((await lookedAt(file('ca.cer', new X509Certificate(pem).raw))).pem, pem);
  const key = readFileSync(join(root, 'ca.key'), 'utf8');
  const both = await lookedAt(file('both.pem', `of our office\n${key}${pem}${pem}`));
  assert.deepEqual([both.shown.length, both.pem], [2, pem + pem]);
  const inAYear = Date.now() + 366 * 86_400_000;
  assert.deepEqual(
    (await lookedAt(caFile, inAYear)).shown.map(({ isOver }) => isOver),
    [true],
  );
});

test('what is not a certificate, is broken, too long, a folder or not there is told', async () => {
  const { look } = createChosenCertificates(Date.now);
  const pem = readFileSync(caFile, 'utf8');
  mkdirSync(join(root, 'folder.pem'));
  for (const [path, kind] of [
    [file('text.pem', 'no certificate'), 'no-certificate'],
    [file('empty.pem', ''), 'no-certificate'],
    [file('der.cer', Buffer.from([0x30, 0x82, 0x01, 0x00, 0x30])), 'no-certificate'],
    [file('broken.pem', pem.replace(/MII/, 'MIX')), 'no-certificate'],
    [file('half.pem', pem + pem.replace(/\n(.{20})/, '\n$1$1')), 'no-certificate'],
    [file('long.pem', pem + ' '.repeat(MOST_CERTIFICATE_BYTES)), 'no-certificate'],
    [join(root, 'folder.pem'), 'unreadable'],
    [join(root, 'absent.pem'), 'unreadable'],
  ] as const)
    assert.equal((await look(path)).kind, kind, path);
});
