/** Paths that cannot sync, by cause, and why a file is as it is. */
import type { ProblemRow, VersionRow } from '../../../src/ipc/shapes.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import { DAY, HOUR, MINUTE, NOW, ok, type Replies } from './scene.ts';

const problem = (code: string, path: string, about: Partial<ProblemRow> = {}): ProblemRow => ({
  path,
  code,
  facts: { file: path, detail: 'as the engine put it' },
  sentence: '',
  since: NOW - 3 * HOUR,
  ...about,
});

const PROBLEMS: readonly ProblemRow[] = [
  problem('name-held', 'Projects/Harbour/plan: east <draft>?.docx', { since: NOW - 9 * MINUTE }),
  problem('name-held', 'Notes/con.txt'),
  problem('name-held', 'Receipts/ferry ticket .'),
  problem('no-access', 'Projects/Harbour/keys/private.pem'),
  problem('case-twin', 'Notes/Readme.md', { facts: { file: 'Notes/Readme.md', other: 'README.md' } }),
  problem('silent-change', 'Archive/2019/scan-0041.tiff', { since: NOW - 2 * DAY }),
  ...Array.from({ length: 1204 }, (_, index) =>
    problem('disk-full', `Projects/Harbour/film/rushes/take-${String(index + 1).padStart(4, '0')}.mov`, {
      since: NOW - 40 * MINUTE,
    }),
  ),
];
const REMEDIES = {
  'name-held': ['rename'],
  'case-twin': ['rename'],
  'no-access': ['retry'],
  'disk-full': ['retry'],
  'silent-change': ['take-as-edit'],
} as const;

function problemReplies(problems: readonly ProblemRow[]): Replies {
  return {
    'problems.list': ({ code, after, limit = 100 }) => {
      const wanted = problems.filter((each) => code === undefined || each.code === code);
      const start = after === undefined ? 0 : Number(after);
      const end = start + limit;
      const codes = [...new Set(problems.map((each) => each.code))];
      const groups = codes.map((each) => ({
        code: each,
        count: problems.filter((one) => one.code === each).length,
        remedies: [...(Object.entries(REMEDIES).find(([name]) => name === each)?.[1] ?? [])],
      }));
      return ok({
        groups: groups.sort((one, two) => two.count - one.count),
        problems: wanted.slice(start, end),
        next: end < wanted.length ? String(end) : null,
      });
    },
    'problems.remedy': ({ path }) => ok({ path, sentence: '' }),
  };
}

const version = (number: number, about: Partial<VersionRow>): VersionRow => ({
  version: `0a1b2c3d4e5f.${number}`,
  number,
  base: number === 1 ? null : `0a1b2c3d4e5f.${number - 1}`,
  kind: 'file',
  size: 40_000 + number * 411,
  executable: false,
  device: 'Studio-PC',
  user: 'ben',
  reason: number === 1 ? 'created' : 'edited',
  content: `c${number}`,
  at: NOW - (20 - number) * 7 * HOUR,
  editedAt: NOW - (20 - number) * 7 * HOUR,
  current: number === 19,
  ...about,
});

const PATH = 'Projects/Harbour/roadmap.xlsx';
const NODE = '01990000-0000-7000-8000-000000008999';
const MANIFEST = 'b3f1c9d2a7e4560819aa0c4de1f2b37755d0c1e2f3a4b5c6d7e8f90a1b2c3d4e';
const tree = {
  node: NODE,
  path: PATH,
  kind: 'file',
  state: 'known',
  version: '0a1b2c3d4e5f.19',
  number: 19,
  manifest: MANIFEST,
  target: null,
  size: 48_213,
  executable: false,
  mtimeNs: `${NOW - 2 * MINUTE}000000`,
  entryRev: 3,
  headSeq: 88_401,
  entrySeq: 80_112,
  fileId: '2049:7713312',
} as const;

export const troubleReplies: Replies = {
  ...problemReplies([]),
  explain: ({ path }) =>
    path === PATH
      ? ok({
          path,
          sentence: 'engine text',
          local: { ...tree, state: 'unhashed', version: null, number: null, manifest: null, size: 48_902 },
          remote: { ...tree, mtimeNs: null, fileId: null },
          synced: { ...tree, number: null, headSeq: null, fileId: null },
          lineage: [
            version(19, { at: NOW - 2 * MINUTE }),
            version(18, { device: 'Anna-Laptop', user: 'anna', reason: 'resolved' }),
            version(17, {}),
            version(16, { device: 'Anna-Laptop', user: 'anna', reason: 'restored' }),
          ],
          cursor: 88_412,
          serverHead: 88_412,
          rule: { name: 'hash', sentence: 'changed on disk: read it first' },
          pending: ['hash: changed on disk: read it first'],
          problem: null,
          excludedBy: null,
          events: [
            { at: NOW - 2 * MINUTE, what: 'updated', sentence: `${PATH}: updated` },
            { at: NOW - 8 * HOUR, what: 'uploaded', sentence: `${PATH}: uploaded` },
            { at: NOW - 26 * HOUR, what: 'conflict', sentence: `${PATH}: conflict` },
            { at: NOW - 9 * DAY, what: 'moved here', sentence: `${PATH}: moved here` },
            { at: NOW - 30 * DAY, what: 'downloaded', sentence: `${PATH}: downloaded` },
          ],
        })
      : path.endsWith('.tmp')
        ? ok({
            path,
            sentence: '',
            local: {
              ...tree,
              path,
              node: null,
              state: 'excluded',
              version: null,
              number: null,
              manifest: null,
            },
            remote: null,
            synced: null,
            lineage: [],
            cursor: 88_412,
            serverHead: 88_412,
            rule: { name: 'nothing', sentence: 'excluded: nothing to do' },
            pending: [],
            problem: null,
            excludedBy: 'Projects/.tidemarkignore:3: *.tmp',
            events: [],
          })
        : HOSTILE_NAMES.includes(path)
          ? ok({
              path,
              sentence: '',
              local: { ...tree, path },
              remote: { ...tree, path, fileId: null },
              synced: { ...tree, path },
              lineage: [version(19, { device: '<b>PC</b>\u202e', user: 'бен\u200f' })],
              cursor: 88_412,
              serverHead: 88_412,
              rule: { name: 'nothing', sentence: 'same × same: nothing to do' },
              pending: [],
              problem: problem('name-held', path),
              excludedBy: null,
              events: [{ at: NOW - HOUR, what: 'downloaded', sentence: `${path}: downloaded` }],
            })
          : { kind: 'refused', code: 'not-found', facts: { file: path } },
};

export const manyProblems: Replies = problemReplies(PROBLEMS);
export const hostileProblems: Replies = problemReplies(
  HOSTILE_NAMES.map((path) => problem('name-held', path)),
);
