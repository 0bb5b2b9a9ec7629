/** Measurements as a Markdown table. */
import type { Row } from './bench-run.ts';
import { WORKLOADS } from './workloads.ts';

const HEAD = [
  'workload',
  'step',
  'system',
  'wall s',
  'of peer',
  'CPU s',
  'peak RSS MiB',
  'wire',
  'of peer',
  "others' CPU s",
  'equal',
];

function size(bytes: number): string {
  if (bytes >= 2 ** 20) return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${(bytes / 1024).toFixed(1)} KiB`;
}

/** A sum, and what each part has in it. */
function parts(byPart: Readonly<Record<string, number>>, format: (value: number) => string): string {
  const each = Object.entries(byPart).map(([part, value]) => `${part} ${format(value)}`);
  return each.length === 0 ? '' : ` (${each.join(', ')})`;
}

/** Ours against the same step of the peer in the same run. */
function ratio(row: Row, rows: readonly Row[], value: (row: Row) => number | null): string {
  if (row.system !== 'tidemark') return '';
  const peer = rows.find(
    ({ workload, step, system }) => workload === row.workload && step === row.step && system !== row.system,
  );
  const [mine, theirs] = [value(row), peer === undefined ? null : value(peer)];
  return mine === null || theirs === null || theirs === 0 ? '' : `${(mine / theirs).toFixed(2)} ×`;
}

function cells(row: Row, rows: readonly Row[]): readonly string[] {
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return [
    `${row.workload} ${WORKLOADS.find(({ name }) => name === row.workload)?.about ?? ''}`,
    row.step,
    row.system,
    row.wallSeconds?.toFixed(3) ?? '–',
    ratio(row, rows, ({ wallSeconds }) => wallSeconds),
    row.cpuSeconds.toFixed(2) + parts(row.cpuByPart, (seconds) => seconds.toFixed(2)),
    mib(row.rssPeak) + parts(row.rssByPart, mib),
    size(row.wireBytes),
    ratio(row, rows, ({ wireBytes }) => wireBytes),
    row.othersCpuSeconds.toFixed(1),
    [row.equal ? 'yes' : 'NO', row.note].filter((text) => text !== '').join('; '),
  ];
}

/** The table, and under it what its figures mean. */
export function reportOf(rows: readonly Row[], privateLoopback: boolean): string {
  const line = (words: readonly string[]) =>
    `| ${words.map((word) => word.replaceAll('|', '/')).join(' | ')} |`;
  const versions = [...new Set(rows.map(({ system, version }) => `${system} ${version}`))];
  const scale = rows.find((row) => row.scale !== 1)?.scale;
  const notes = [
    `Measured: ${versions.join(', ')}.${scale === undefined ? '' : ` Workloads shrunk to ${scale}: no figures to quote.`}`,
    'Wall: from the change to both trees equal. First syncs start when both sides, set up and connected, are let go;',
    'by then tidemark, while paused, has listed the folder but read no file, and a paused syncthing has done neither.',
    'CPU and memory: all processes, both ends and the server. Memory is sampled; its peaks may be at different moments.',
    'Wire: all bytes on loopback, headers included. Tidemark moves everything twice, to the server and from it: a figure',
    'per hop is half of it. Syncthing goes from peer to peer, and runs with its watcher delay at 1 s instead of 10 s.',
    "Others' CPU: where it is not small beside the wall seconds, trust CPU and wire, not wall.",
    ...(privateLoopback
      ? []
      : ['The loopback device was shared: wire counts what other programs sent as well.']),
  ];
  const body = rows.map((row) => line(cells(row, rows)));
  return [line(HEAD), `|${'---|'.repeat(HEAD.length)}`, ...body, '', ...notes].join('\n');
}
