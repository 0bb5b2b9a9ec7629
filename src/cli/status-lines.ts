/** The status as people read it. Checked by hand and not by schema: `status` must answer at once, and schemas load slowly. */
import type { Status } from '../ipc/status.ts';
import { bytes, duration, plural, table, when } from './text.ts';

const MEMBERS = {
  state: 'string',
  sentence: 'string',
  pendingUploads: 'number',
  pendingDownloads: 'number',
  unseen: 'number',
  conflicts: 'number',
  review: 'number',
  problems: 'number',
  bytesSent: 'number',
  bytesReceived: 'number',
  folder: 'string',
  device: 'string',
  user: 'string',
  server: 'string',
  connected: 'boolean',
  lagSeconds: 'number',
} as const;

type Plain = Pick<Status, keyof typeof MEMBERS>;
/** What is shown of a status. */
export type StatusView = Plain &
  Pick<Status, 'lastScanAt'> & {
    readonly halted: Said | null;
    readonly problemList: readonly Said[];
    /** Path of the change that waits the longest. */
    readonly oldest: string | null;
    readonly shares: readonly ShareSaid[];
  };
interface ShareSaid {
  readonly name: string;
  readonly path: string | null;
  readonly role: string;
  readonly isInvited: boolean;
  readonly sentence: string;
}

interface Said {
  readonly sentence: string;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isPlain(value: Record<string, unknown>): value is Record<string, unknown> & Plain {
  return Object.entries(MEMBERS).every(([name, type]) => typeof value[name] === type);
}

function sentenceIn(value: unknown): string | null {
  return isObject(value) && typeof value['sentence'] === 'string' ? value['sentence'] : null;
}

/** Those that can be read; an older engine tells of none. */
function sharesIn(value: unknown): ShareSaid[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((row: unknown): ShareSaid[] => {
    const sentence = sentenceIn(row);
    if (!isObject(row) || sentence === null) return [];
    const { name, path, role, standing } = row;
    if (typeof name !== 'string' || typeof role !== 'string') return [];
    const where = typeof path === 'string' ? path : null;
    return [{ name, path: where, role, isInvited: standing === 'invited', sentence }];
  });
}

/** Null when it is not what a status looks like. */
export function readStatus(value: unknown): StatusView | null {
  if (!isObject(value) || !isPlain(value)) return null;
  const { lastScanAt, halted, problemList, oldest } = value;
  if ((lastScanAt !== null && typeof lastScanAt !== 'number') || !Array.isArray(problemList)) return null;
  const haltedBy = sentenceIn(halted);
  if (halted !== null && haltedBy === null) return null;
  const problems: Said[] = [];
  for (const row of problemList) {
    const sentence = sentenceIn(row);
    if (sentence === null) return null;
    problems.push({ sentence });
  }
  return {
    ...value,
    lastScanAt,
    halted: haltedBy === null ? null : { sentence: haltedBy },
    problemList: problems,
    oldest: isObject(oldest) && typeof oldest['path'] === 'string' ? oldest['path'] : null,
    shares: sharesIn(value['shares']),
  };
}

function waiting(status: StatusView): string {
  const parts: string[] = [];
  if (status.pendingUploads > 0) parts.push(`${plural(status.pendingUploads, 'change')} to send`);
  if (status.pendingDownloads > 0) parts.push(`${plural(status.pendingDownloads, 'change')} to fetch`);
  if (parts.length === 0) return 'nothing';
  const oldest = status.oldest ? `the oldest (${status.oldest})` : 'the oldest';
  if (status.lagSeconds >= 5) parts.push(`${oldest} for ${duration(status.lagSeconds)}`);
  return parts.join(', ');
}

function attention(status: StatusView): string[] {
  const lines: string[] = [];
  const { conflicts, review, problems, unseen } = status;
  const { halted } = status;
  if (halted !== null && halted.sentence !== status.sentence) lines.push(halted.sentence);
  if (conflicts > 0) lines.push(`${plural(conflicts, 'conflict')} to settle: tidemark conflicts list`);
  if (review > 0) lines.push(`${plural(review, 'large change')} held for your yes: tidemark review list`);
  if (unseen > 0) lines.push(`${plural(unseen, 'path')} could not be looked at`);
  for (const { sentence } of status.problemList) lines.push(sentence);
  if (problems > status.problemList.length) lines.push(`${plural(problems, 'file')} with a trouble in all`);
  return lines;
}

function shareRows({ shares }: StatusView): string[][] {
  return shares.map((each) => [
    each.isInvited ? 'Invitation' : 'Share',
    each.isInvited
      ? `${each.sentence} Answer with: tidemark shares accept ${each.name}`
      : `${each.path ?? each.name}, ${each.role}`,
  ]);
}

export function statusLines(status: StatusView): string[] {
  const server = status.connected ? '' : ', not reached';
  const lines = [
    status.sentence,
    ...table(
      [
        ['Folder', status.folder],
        ['Device', `${status.device}, user ${status.user}`],
        ['Server', `${status.server}${server}`],
        ...shareRows(status),
        ['Waiting', waiting(status)],
        ['Last look', status.lastScanAt === null ? 'not yet' : when(status.lastScanAt)],
        ['Moved', `${bytes(status.bytesSent)} sent, ${bytes(status.bytesReceived)} fetched since the start`],
      ],
      '  ',
    ),
  ];
  const needs = attention(status);
  return needs.length === 0 ? lines : [...lines, '', ...needs];
}
