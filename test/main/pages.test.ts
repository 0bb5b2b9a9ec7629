import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageFile } from '../../src/main/app-protocol.ts';
import { pictureType, previewedVersion } from '../../src/main/preview-protocol.ts';

test('an address means a file of the pages folder by its plain name, and nothing else', () => {
  assert.equal(pageFile('tidemark-app://pages/'), 'index.html');
  assert.equal(pageFile('tidemark-app://pages/index.html#/conflicts/1'), 'index.html');
  assert.equal(pageFile('tidemark-app://pages/chunk-AB12.js?x'), 'chunk-AB12.js');
  const none = [
    'tidemark-app://pages/../main.mjs',
    'tidemark-app://pages/%2e%2e/main.mjs',
    'tidemark-app://pages/..%2fmain.mjs',
    'tidemark-app://pages/a/b.js',
    'tidemark-app://pages/.hidden.js',
    'tidemark-app://pages/main.js.map',
    'tidemark-app://pages/x.json',
    'tidemark-app://pages//etc/passwd',
    'tidemark-app://other/index.html',
    'file:///etc/passwd',
    'https://pages/index.html',
    'no address',
  ];
  for (const address of none) assert.equal(pageFile(address), null, address);
});

const NODE = '01a202ba-aa86-75f7-bc72-4296da726d95';

test('a preview address names one version of one node', () => {
  const named = previewedVersion(`tidemark-preview://version/${NODE}/12ec7ee029b0.41`);
  assert.deepEqual(named, { node: NODE, version: '12ec7ee029b0.41' });
  for (const rest of [`${NODE}`, `${NODE}/41`, `${NODE}/12ec7ee029b0.41/x`, '../../etc', `x/12ec7ee029b0.41`])
    assert.equal(previewedVersion(`tidemark-preview://version/${rest}`), null, rest);
  assert.equal(previewedVersion(`tidemark-preview://other/${NODE}/12ec7ee029b0.41`), null);
});

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

test('pictures and PDFs are known by their first bytes', () => {
  assert.equal(pictureType(bytes('89504e470d0a1a0a 0000')), 'image/png');
  assert.equal(pictureType(bytes('ffd8ffe0 0010')), 'image/jpeg');
  assert.equal(pictureType(Buffer.from('GIF89a…')), 'image/gif');
  assert.equal(pictureType(Buffer.from('RIFF\x10\0\0\0WEBPVP8 ')), 'image/webp');
  assert.equal(pictureType(Buffer.from('\0\0\0\x20ftypavif')), 'image/avif');
  assert.equal(pictureType(bytes('424d 36000000 0000 0000 36000000 28000000')), 'image/bmp');
  assert.equal(pictureType(Buffer.from('%PDF-1.7')), 'application/pdf');
});

test('nothing that can run or load is a picture, whatever it is called', () => {
  for (const text of [
    '<svg xmlns="…" onload="x()"/>',
    '<!doctype html>',
    '',
    'B',
    'BM is a text',
    'RIFF....WAVE',
    '{}',
  ])
    assert.equal(pictureType(Buffer.from(text)), null, text);
});
