import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Keychain, StoredToken } from '../../src/main/keychain.ts';
import { watchToken } from '../../src/main/token-watch.ts';

function keychain(read: (mayAsk: boolean) => StoredToken): Keychain {
  return {
    expected: 'strong',
    tried: () => 'strong',
    keep: () => Promise.resolve(),
    read: (mayAsk) => Promise.resolve(read(mayAsk)),
    forget: () => Promise.resolve(),
  };
}

const TOKEN: StoredToken = { kind: 'token', token: 'x'.repeat(43) };

/** Resolves with everything that happened once `last` did. */
function watched(read: (mayAsk: boolean) => StoredToken, last: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const said: string[] = [];
    const say = (word: string): void => {
      said.push(word);
      if (word !== last) return;
      watch.stop();
      resolve(said);
    };
    const watch = watchToken({
      keychain: keychain(read),
      give: async () => {
        say('given');
        return true;
      },
      onLocked: () => say('locked'),
      onOpen: () => say('open'),
      startAgain: () => say('again'),
      pauseMs: 5,
    });
    watch.engineIsUp();
  });
}

test('an open keychain gives its token to the engine at once', async () => {
  assert.deepEqual(await watched(() => TOKEN, 'given'), ['given']);
});

test('a closed one is waited for, and asked to open only after a while', async () => {
  let looks = 0;
  const asked: boolean[] = [];
  const said = await watched((mayAsk) => {
    asked.push(mayAsk);
    looks += 1;
    return looks < 6 ? { kind: 'locked' } : TOKEN;
  }, 'given');
  assert.deepEqual(said, ['locked', 'locked', 'locked', 'locked', 'locked', 'open', 'given']);
  assert.deepEqual(asked, [false, false, false, false, true, false]);
});
