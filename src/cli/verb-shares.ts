/** Verbs about shared folders and team spaces. */
import type { Params } from '../ipc/contract.ts';
import { EXIT } from '../ipc/exit.ts';
import type { ProblemRow } from '../ipc/shapes.ts';
import type { ShareRow } from '../ipc/shares.ts';
import { allPages, ask, askOnce, withEngine } from './ask-engine.ts';
import { table, when } from './text.ts';
import { UsageError } from './usage-error.ts';
import type { VerbInput, VerbRun } from './verbs.ts';

const ROLES = ['owner', 'editor', 'viewer'] as const;
type Role = (typeof ROLES)[number];
const KINDS = { folder: 'shared folder', team: 'team space' } as const;

function roleOf(typed: string): Role {
  const role = ROLES.find((each) => each === typed);
  if (role === undefined) throw new UsageError(`${typed} is no role: it is owner, editor or viewer.`);
  return role;
}

function line(row: ShareRow): string[] {
  const from = row.invitedBy === null ? 'made by you' : `invited by ${row.invitedBy}`;
  const where = row.standing === 'invited' ? 'not accepted' : (row.path ?? 'no folder yet');
  return [row.name, KINDS[row.kind], row.role, where, from];
}

export const listShares: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const asked = await ask(input.out, client, 'shares.list', {});
    if (asked.kind === 'told') return asked.exit;
    const { shares } = asked.value;
    input.out.result(asked.value);
    if (shares.length === 0) input.out.say('Nothing is shared with you.');
    else input.out.say(...table(shares.map(line)));
    const invitations = shares.filter((each) => each.standing === 'invited');
    if (invitations.length > 0)
      input.out.say('', 'Answer with: tidemark shares accept SHARE, or: tidemark shares decline SHARE');
    const told = shares.filter((each) => each.state === 'warning' || each.state === 'error');
    if (told.length > 0) input.out.say('', ...told.map((each) => `${each.name}: ${each.sentence}`));
    return EXIT.ok;
  });

export const listMembers: VerbRun = (input) =>
  askOnce(input, 'shares.members', { share: word(input, 0) }, ({ members }) => {
    const rows = members.map(({ user, role, standing, at }) => [
      user,
      role,
      standing === 'invited' ? 'invited, not answered' : 'in',
      when(at),
    ]);
    input.out.say(...table(rows));
  });

type Doing = `shares.${'create' | 'answer' | 'member' | 'remove' | 'leave' | 'move' | 'here'}`;

/** One question that is answered with a sentence. */
function doing<M extends Doing>(method: M, params: (input: VerbInput) => Params<M>): VerbRun {
  return (input) => askOnce(input, method, params(input), (result) => input.out.say(result.sentence));
}

const word = (input: VerbInput, at: number): string => input.positionals[at] ?? '';

export const createShare = doing('shares.create', (input) => {
  const { folder } = input.options;
  return {
    name: word(input, 0),
    kind: input.switches.has('team') ? 'team' : 'folder',
    ...(folder === undefined ? {} : { folder }),
  };
});
export const acceptShare = doing('shares.answer', (input) => {
  const { place } = input.options;
  return { share: word(input, 0), accept: true, ...(place === undefined ? {} : { place }) };
});
export const declineShare = doing('shares.answer', (input) => ({ share: word(input, 0), accept: false }));
export const inviteMember = doing('shares.member', (input) => ({
  share: word(input, 0),
  user: word(input, 1),
  role: roleOf(input.options['role'] ?? 'editor'),
}));
export const changeRole = doing('shares.member', (input) => ({
  share: word(input, 0),
  user: word(input, 1),
  role: roleOf(word(input, 2)),
}));
export const removeMember = doing('shares.remove', (input) => ({
  share: word(input, 0),
  user: word(input, 1),
}));
export const leaveShare = doing('shares.leave', (input) => ({ share: word(input, 0) }));
export const shareHere = doing('shares.here', (input) => ({ share: word(input, 0), here: true }));
export const shareAway = doing('shares.here', (input) => ({ share: word(input, 0), here: false }));

const ENDED = ['share-ended', 'share-ended-kept', 'share-away-kept'];

export const dismissShare: VerbRun = (input) =>
  withEngine(input, async (client) => {
    const [which] = input.positionals;
    const put: string[] = [];
    for (const code of ENDED) {
      const told = await allPages<ProblemRow>(async (after) => {
        const params = { code, ...(after === undefined ? {} : { after }) };
        const asked = await ask(input.out, client, 'problems.list', params);
        if (asked.kind === 'told') return asked;
        return { kind: 'ok', value: { rows: asked.value.problems, next: asked.value.next } };
      });
      if (told.kind === 'told') return told.exit;
      for (const { path, facts } of told.value) {
        if (which !== undefined && which !== path && which !== facts['share']) continue;
        const done = await ask(input.out, client, 'problems.remedy', { path, code, remedy: 'dismiss' });
        if (done.kind === 'told') return done.exit;
        put.push(done.value.sentence);
      }
    }
    input.out.result({ dismissed: put.length });
    if (put.length > 0) input.out.say(...put);
    else input.out.say(which === undefined ? 'Nothing is told.' : `Nothing is told about ${which}.`);
    return EXIT.ok;
  });

export const usage: VerbRun = (input) =>
  askOnce(input, 'usage', {}, ({ namespaces }) => input.out.say(...namespaces.map((each) => each.sentence)));

export const moveShare = doing('shares.move', (input) => ({ share: word(input, 0), place: word(input, 1) }));
