import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkDevice } from '../../src/engine/remote/link.ts';
import { checkServerUrl } from '../../src/engine/remote/server-url.ts';
import {
  bodyOf,
  JumpingClock,
  response,
  type Script,
  ScriptedTransport,
  SERVER_ID,
} from './scripted-transport.ts';

const REQUEST = {
  user: 'ada',
  password: 'correct horse',
  device: 'desk',
  os: 'linux',
  instance: '0'.repeat(32),
};
const ANSWER = {
  deviceId: '018f0000-0000-7000-8000-000000000001',
  token: 'T'.repeat(43),
  userId: '018f0000-0000-7000-8000-000000000002',
  namespace: '018f0000-0000-7000-8000-000000000003',
  serverId: SERVER_ID,
  epoch: '0123456789ab',
};

async function linkOver(script: Script, url = 'https://sync.example') {
  const transport = new ScriptedTransport(script);
  const opened: string[] = [];
  const result = await linkDevice(
    {
      clock: new JumpingClock(),
      connect: (serverUrl) => {
        opened.push(serverUrl);
        return transport;
      },
    },
    url,
    REQUEST,
  );
  return { result, transport, opened };
}

test('linking sends the password once, in the body, and gives back the account', async () => {
  const { result, transport, opened } = await linkOver(
    () => response(200, ANSWER),
    'https://sync.example/tide/',
  );
  assert.deepEqual(result, { kind: 'linked', answer: ANSWER, serverUrl: 'https://sync.example/tide' });
  assert.deepEqual(opened, ['https://sync.example/tide']);
  assert.equal(transport.requests.length, 1);
  assert.deepEqual(bodyOf(transport.requests[0]), REQUEST);
  assert.equal(transport.requests[0]?.headers['authorization'], undefined);
});

test('a wrong password, a silent server and a page of HTML are told apart', async () => {
  const code = async (script: Script) => {
    const { result } = await linkOver(script);
    return result.kind === 'trouble' ? result.code : result.kind;
  };
  assert.equal(await code(() => response(401, { code: 'wrong-password', detail: '' })), 'wrong-password');
  assert.equal(await code(() => ({ kind: 'unreachable', detail: 'ENOTFOUND' })), 'unreachable');
  assert.equal(await code(() => response(200, '<html></html>')), 'bad-answer');
  assert.equal(await code(() => response(200, { ...ANSWER, serverId: 'c'.repeat(32) })), 'bad-answer');
});

test('an address that would carry the password in clear is refused with one sentence before anything is sent', async () => {
  for (const url of [
    'http://sync.example',
    'http://192.168.1.5:8080',
    'http://127.0.0.1.evil.example',
    'http://[::2]',
  ]) {
    const { result, transport } = await linkOver(() => response(200, ANSWER), url);
    assert.equal(result.kind, 'refused', url);
    assert.match(
      result.kind === 'refused' ? result.sentence : '',
      /^[^.].*without encryption.*https:\/\/\S+\.$/,
    );
    assert.equal(transport.requests.length, 0);
  }
});

test('loopback addresses may be plain, and all addresses are brought into one form', () => {
  const url = (text: string) => {
    const checked = checkServerUrl(text);
    return checked.kind === 'ok' ? checked.url : checked.kind;
  };
  assert.equal(url('http://localhost:8080/'), 'http://localhost:8080');
  assert.equal(url('http://127.0.0.1:1'), 'http://127.0.0.1:1');
  assert.equal(url('http://127.9.9.9'), 'http://127.9.9.9');
  assert.equal(url('http://[::1]:9'), 'http://[::1]:9');
  assert.equal(url('HTTPS://Sync.Example:443/a//'), 'https://sync.example/a');
  for (const bad of [
    '',
    'sync.example',
    'ftp://x',
    'file:///etc',
    'https://u:p@x',
    'https://x/?a=1',
    'https://x/#a',
  ]) {
    assert.equal(url(bad), 'refused', bad);
  }
});
