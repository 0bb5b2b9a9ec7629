/** What the engine says about a case is read in the user's language, down to the reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameTroubles, type Platform } from '../../src/core/names/portability.ts';
import { checkName } from '../../src/core/names/valid-name.ts';
import { certificateFault } from '../../src/engine/remote/node-trust.ts';
import { sentenceOf } from '../../src/protocol/errors.ts';
import { germanDetail } from '../../src/renderer/words/details-de.ts';
import { errorSentence } from '../../src/renderer/words/errors.ts';

const LONG = 'x'.repeat(300);
const REFUSED = ['', '.', '..', 'a/b', 'a\0b', `${'a'}\ud800`, LONG, '.tidemark', 'say "a/b"'];
const HELD = ['a:b', 'a\u0001b', 'end ', 'end.', 'NUL.txt', 'a"b', LONG, '"?'];
const PLATFORMS: readonly Platform[] = ['linux', 'windows'];

test('every reason against a name has its German', () => {
  const reasons = [
    ...REFUSED.flatMap((name) => {
      const check = checkName(name);
      return check.kind === 'refused' ? [check.sentence] : [];
    }),
    ...HELD.flatMap((name) =>
      PLATFORMS.flatMap((platform) => nameTroubles(name, platform).filter((each) => each.impossible)),
    ).map((each) => each.sentence),
  ];
  assert.ok(reasons.length >= REFUSED.length + HELD.length);
  for (const reason of reasons) assert.doesNotMatch(germanDetail(reason), / (is|has|it|not) /, reason);
});

test('a reason in a sentence is one sentence: one full stop, the name as it is', () => {
  const facts = { file: 'a:b', detail: nameTroubles('a:b', 'windows')[0]?.sentence ?? '' };
  assert.equal(
    errorSentence('de', 'name-held', facts),
    'a:b kann auf dieser Festplatte nicht so heißen: Windows kennt den Namen "a:b" nicht: „:“ (Zeichen 2) ist nicht erlaubt. Benenne sie für alle um, dann kommt sie herunter.',
  );
  assert.equal(
    sentenceOf('name-held', facts),
    'a:b cannot exist under this name on this disk: Windows cannot hold the name "a:b": ":" (character 2) is not allowed. Rename it for everyone, and it comes down.',
  );
});

test('words that nobody here wrote are shown as they came', () => {
  assert.equal(germanDetail('EIO: i/o error, read'), 'EIO: i/o error, read');
});

test('every reason against a certificate has its German', () => {
  for (const code of [
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_REVOKED',
    'SELF_SIGNED_CERT_IN_CHAIN',
  ]) {
    const reason = certificateFault(Object.assign(new Error('refused'), { code })) ?? '';
    assert.match(reason, /^its certificate /, code);
    assert.match(germanDetail(reason), /^sein Zertifikat /, code);
  }
});
