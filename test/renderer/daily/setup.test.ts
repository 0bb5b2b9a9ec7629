import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificatesChosen } from '../../../src/ipc/window.ts';
import {
  afterChoice,
  NO_CERTIFICATES,
  trustedId,
  withTrust,
} from '../../../src/renderer/screens/first-run/certificates.ts';
import {
  fieldOf,
  isEmptyPlan,
  linkOf,
  type Setup,
  type SetupAction,
  setupOf,
  setupStep,
} from '../../../src/renderer/screens/first-run/setup.ts';

const start = setupOf({ folder: '/home/anna/Tidemark', device: 'Anna-Laptop' });
const after = (...actions: readonly SetupAction[]): Setup => actions.reduce(setupStep, start);
const PLAN = {
  identical: 0,
  upload: 0,
  download: 0,
  differ: 0,
  excluded: 0,
  unseen: 0,
  zombies: 0,
  unportable: 0,
  samples: { identical: [], upload: [], download: [], differ: [], zombies: [], unportable: [], unseen: [] },
};
const planned: SetupAction = { kind: 'planned', plan: PLAN, folder: '/home/anna/Tidemark' };
const typed = (field: 'server' | 'user' | 'password' | 'folder' | 'device', value: string): SetupAction => ({
  kind: 'typed',
  field,
  value,
});

test('trying it here needs nothing typed: one click to the setup, one to begin', () => {
  assert.deepEqual(linkOf(after({ kind: 'way', way: 'here' })), {
    target: { kind: 'here' },
    folder: '/home/anna/Tidemark',
    device: 'Anna-Laptop',
  });
  assert.ok(isEmptyPlan(PLAN));
  assert.ok(!isEmptyPlan({ ...PLAN, unseen: 1 }));
});

test('a server needs address, user and password, and keeps the password as it was typed', () => {
  const server: SetupAction = { kind: 'way', way: 'server' };
  const address = typed('server', ' https://sync.example.org ');
  assert.equal(linkOf(after(server, address, typed('user', 'anna'))), null);
  assert.deepEqual(
    linkOf(after(server, address, typed('user', 'anna'), typed('password', ' p w ')))?.target,
    {
      kind: 'server',
      server: 'https://sync.example.org',
      user: 'anna',
      password: ' p w ',
      certificates: null,
    },
  );
});

test('a plan is never kept for another folder or server than it was made for', () => {
  const here: SetupAction = { kind: 'way', way: 'here' };
  assert.equal(after(here, planned).plan.kind, 'planned');
  assert.equal(after(here, planned, typed('folder', '/other')).plan.kind, 'none');
  assert.equal(after(here, planned, typed('user', 'ben')).plan.kind, 'none');
  assert.equal(after(here, planned, typed('device', 'Laptop')).plan.kind, 'planned');
  assert.equal(after(here, planned, { kind: 'way', way: null }).plan.kind, 'none');
});

test('a refusal loses nothing that was typed', () => {
  const refusal = { code: 'wrong-password', facts: {} };
  const refused = after(
    { kind: 'way', way: 'server' },
    typed('user', 'anna'),
    typed('password', 'secret'),
    { kind: 'beginning' },
    { kind: 'begin-refused', refusal },
  );
  assert.equal(refused.fields.password, 'secret');
  assert.equal(refused.isBeginning, false);
  assert.deepEqual(refused.refusal, refusal);
  assert.equal(setupStep(refused, { kind: 'way', way: null }).fields.user, 'anna');
});

test('a refusal stands beside what it is about', () => {
  assert.equal(fieldOf('wrong-password', 'server'), 'password');
  assert.equal(fieldOf('no-server', 'server'), 'server');
  assert.equal(fieldOf('root-nested', 'here'), 'folder');
  assert.equal(fieldOf('unreachable', 'here'), null);
  assert.equal(fieldOf('bad-certificate', 'server'), 'certificates');
  assert.equal(fieldOf('bad-certificate', 'here'), null);
  assert.equal(fieldOf('internal', 'server'), null);
});

const choice = (id: string): CertificatesChosen => ({
  kind: 'certificates',
  file: `${id}.pem`,
  id,
  shown: [],
});

test('a certificate counts only once it is trusted, and another one not because of it', () => {
  const chosen = afterChoice(NO_CERTIFICATES, choice('a'));
  assert.equal(trustedId(chosen), null);
  const trusted = withTrust(chosen, true);
  assert.equal(trustedId(trusted), 'a');
  assert.equal(trustedId(withTrust(trusted, false)), null);
  assert.equal(trustedId(afterChoice(trusted, choice('b'))), null);
  assert.equal(trustedId(afterChoice(trusted, choice('a'))), 'a');
  assert.equal(trustedId(withTrust(NO_CERTIFICATES, true)), null);
});

test('a file that is no certificate is told, and loses nothing', () => {
  const trusted = withTrust(afterChoice(NO_CERTIFICATES, choice('a')), true);
  assert.equal(afterChoice(trusted, { kind: 'nothing' }), trusted);
  const told = afterChoice(trusted, { kind: 'no-certificate', file: 'photo.jpg' });
  assert.deepEqual([trustedId(told), told.fault?.file], ['a', 'photo.jpg']);
  assert.equal(afterChoice(told, choice('a')).fault, null);
});

test('a plan is made anew when other certificates are trusted, which go to a server only', () => {
  const certificates = withTrust(afterChoice(NO_CERTIFICATES, choice('a')), true);
  const ready = [
    { kind: 'way', way: 'server' },
    typed('server', 'https://sync.example.org'),
    typed('user', 'anna'),
    typed('password', 'secret'),
    planned,
    { kind: 'certificates', certificates },
  ] as const;
  const setup = after(...ready);
  assert.equal(setup.plan.kind, 'none');
  const target = linkOf(setup)?.target;
  assert.equal(target?.kind === 'server' && target.certificates, 'a');
  assert.deepEqual(linkOf(after(...ready, { kind: 'way', way: 'here' }))?.target, { kind: 'here' });
});
