import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overview, usageOf, verbHelp } from '../../src/cli/help.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { VERBS } from '../../src/cli/verbs.ts';
import { METHODS } from '../../src/ipc/contract.ts';
import { typed } from '../support/typed.ts';

/** The spellings that other tools rely on, and what they take. */
const SPELLINGS = [
  'server --data D --host 127.0.0.1 --port 0 --tls-cert F --tls-key F --sign-up invite --console 127.0.0.1:0 --console-actions --ready-file F',
  'server --data D --replica D --replica-mode same-site',
  'server --data D --cold D --thaw-delay 5',
  'server keys rotate --data D --dry-run',
  'server keys rewrap --data D --to F --dry-run',
  'server backup TO --data D --with-master-key --without-chunks',
  'server rebuild --data D --replica D',
  'server forget-replica --data D',
  'server restore FROM --data D --master-key F',
  'server fsck --data D --repair',
  'server export WHAT TO --data D --replica D',
  'user quota --data D --name U --set 10G',
  'admin devices --data D',
  'admin conflicts --data D',
  'admin jobs --data D',
  'admin administrators --data D',
  'admin grant U --data D',
  'admin withdraw U --data D --yes',
  'admin invite --data D --days 3',
  'admin invites --data D',
  'admin uninvite CODE --data D',
  'admin shares --data D',
  'admin quota SHARE --data D --set 10G',
  'sign-up --server URL --user U --password-file F --code-file F --ca F',
  'password --password-file F --new-password-file F --unlink-others --state S',
  'admin explain WHAT --data D --user U --after P',
  'admin stores --data D',
  'admin switch NAME on --data D --why TEXT',
  'user add --data D --name U --password-file F',
  'link --server URL --user U --password-file F --device N --state S --folder D --dry-run --brake-files off --ca F',
  'run --state S --paused',
  'status --state S',
  'wait --state S --timeout 5',
  'pause --state S --for 30m',
  'pause --state S --until 14:30',
  'activity --state S',
  'activity PATH --limit 5 --state S',
  'activity undo ID --state S',
  'problems --state S',
  'shares dismiss SHARE --state S',
  'limits --up 500 --down off --from 09:00 --to 17:00 --days mon,tue --then-up 10 --proxy none --state S',
  'limits --always --state S',
  'devices --state S',
  'devices revoke ID --state S',
  'bundle --names --state S',
  'resume --state S',
  'stop --state S',
  'rescan --state S',
  'conflicts list --state S',
  'conflicts show ID --state S',
  'conflicts list --resolved --state S',
  'conflicts resolve ID --keep both --name N --state S',
  'conflicts resolve ID --keep merged --from F --state S',
  'conflicts undo ID --state S',
  'history PATH --state S',
  'cat PATH --version 3 --state S',
  'restore PATH --version 3 --as N --state S',
  'restore FOLDER --at 3d --dry-run --remove-newer --state S',
  'trash list --state S',
  'trash restore ID --state S',
  'trash restore --batch 5 --state S',
  'review list --state S',
  'review approve ID --state S',
  'review reject ID --state S',
  'explain PATH --state S',
  'repair --replay --state S',
  'repair --surface PATH --state S',
  'repair --file PATH --state S',
  'doctor --state S',
  'start',
  'demo',
];

/** Methods that only a window has a use for. */
const FOR_THE_APP: ReadonlySet<string> = new Set(['review.files', 'transfers', 'problems.remedy']);

for (const spelling of SPELLINGS) {
  test(`"tidemark ${spelling}" is understood, with and without --json`, () => {
    const plain = parseArguments(spelling.split(' '));
    assert.equal(plain.kind, 'verb');
    assert.equal(parseArguments([...spelling.split(' '), '--json']).kind, 'verb');
  });
}

test('options may stand before and after what they belong to', () => {
  for (const words of [
    ['conflicts', 'resolve', '--keep', 'mine', 'ID', '--state', 'S'],
    ['conflicts', 'resolve', '--state=S', 'ID', '--keep=mine'],
  ]) {
    const parsed = parseArguments(words);
    assert.equal(parsed.kind, 'verb');
    assert.deepEqual(parsed.positionals, ['ID']);
    assert.deepEqual({ ...parsed.options }, { state: 'S', keep: 'mine', name: undefined, from: undefined });
  }
});

/** Methods whose verb has another name, as people would say it. */
const SAID_AS: Readonly<Record<string, string>> = {
  'shares.list': 'shares',
  'shares.answer': 'shares accept',
  'shares.member': 'shares invite',
  'shares.here': 'shares on',
  'moment.plan': 'restore',
  'moment.restore': 'restore',
  'ignore.get': 'ignore',
  'ignore.preview': 'ignore test',
  'folders.list': 'folders',
  'activity.list': 'activity',
  'problems.list': 'problems',
  'devices.list': 'devices',
  'settings.get': 'limits',
  'settings.set': 'limits',
  'retention.get': 'retention',
  'retention.set': 'retention',
};

test('every method of the engine can be reached by a verb of its name', () => {
  for (const method of Object.keys(METHODS))
    assert.ok(
      FOR_THE_APP.has(method) ||
        VERBS.some(({ name }) => name === (SAID_AS[method] ?? method.replace('.', ' '))),
      method,
    );
});

test('what is missing, unknown or too much is said in one sentence', () => {
  const sentence = (...words: string[]) => {
    const parsed = parseArguments(words);
    return parsed.kind === 'wrong' ? parsed.sentence : parsed.kind;
  };
  assert.equal(sentence('frobnicate'), 'There is no verb "frobnicate". "tidemark --help" lists all.');
  assert.equal(
    sentence('conflicts'),
    '"conflicts" needs one more word: "conflicts list", "conflicts show", "conflicts resolve", "conflicts undo".',
  );
  assert.equal(sentence('status'), '"tidemark status" needs --state DIR: state folder of the device.');
  assert.equal(sentence('history', '--state', 'S'), '"tidemark history" needs PATH.');
  assert.equal(
    sentence('status', 'now', '--state', 'S'),
    '"tidemark status" does not know what to do with "now".',
  );
  assert.equal(sentence('status', '--stat', 'S'), 'Unknown option "--stat".');
  const noValue = '--state needs a value; one that begins with "-" is written --state=VALUE.';
  assert.equal(sentence('status', '--state'), noValue);
  assert.equal(sentence('status', '--state', '--json'), noValue);
  assert.match(sentence('--state', 'S', 'status'), /verb comes first/);
});

test('help is found however it is asked for', () => {
  for (const words of [[], ['--help'], ['-h'], ['help'], ['nothing', '--help']]) {
    const parsed = parseArguments(words);
    assert.ok(parsed.kind === 'help' && parsed.verb === null, words.join(' '));
  }
  for (const words of [
    ['trash', 'restore', '--help'],
    ['trash', 'restore', '-h'],
    ['help', 'trash', 'restore'],
  ]) {
    const parsed = parseArguments(words);
    assert.ok(parsed.kind === 'help' && parsed.verb?.name === 'trash restore', words.join(' '));
  }
});

test('the overview of the help', (t) => {
  t.assert.snapshot(overview().join('\n'), { serializers: [String] });
});

for (const verb of VERBS) {
  test(`the help of "${verb.name}"`, (t) => {
    t.assert.snapshot(verbHelp(verb).join('\n'), { serializers: [String] });
  });
}

test('help says what every option is for, in lines that fit', () => {
  for (const verb of VERBS) {
    for (const line of verbHelp(verb)) assert.ok([...line].length <= 120, line);
    for (const name of Object.keys(verb.options)) assert.ok(usageOf(verb).includes(`--${name}`), verb.name);
    assert.match(verb.summary, /^[A-Z].*\.$/);
  }
});

test('the version is the last word of one line', async () => {
  const said = await typed(['--version']);
  assert.equal(said.code, 0);
  assert.match(said.stdout, /^tidemark \d+\.\d+\.\d+\n$/);
});

test('a usage error is code 2, with the usage on the error stream and an object for programs', async () => {
  const said = await typed(['status', '--json']);
  assert.equal(said.code, 2);
  assert.match(said.stderr, /needs --state DIR.*\nUsage: tidemark status --state DIR \[--json\]\n$/);
  const { error } = JSON.parse(said.stdout) as { error: { code: string } };
  assert.equal(error.code, 'usage');
});

test('help goes to standard output, with code 0', async () => {
  const said = await typed(['wait', '--help']);
  assert.equal(said.code, 0);
  assert.match(said.stdout, /^Usage: tidemark wait --state DIR --timeout SECONDS \[--json\]\n/);
  assert.equal(said.stderr, '');
});
