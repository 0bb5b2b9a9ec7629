/** What `npm run bench` can be told. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

export interface Settings {
  readonly workloads: readonly string[];
  /** Shrinks every workload: for a first look, not for figures. */
  readonly scale: number;
  /** Another system to measure in the same run, where it can do the workload. */
  readonly peer: 'syncthing' | null;
  /** Every measurement as a line of JSON is appended here. */
  readonly out: string | null;
  /** Where trees are made: a real disk, or the figures mean nothing. */
  readonly tmp: string;
  /** A pair that is not equal after this many seconds has failed. */
  readonly timeout: number;
  readonly idleSeconds: number;
  readonly edits: number;
}

export const USAGE = `npm run bench [-- OPTIONS]
  --workload W1,W2,…   which ones (default: all)
  --scale 0.1          shrink them
  --peer syncthing     measure it beside, in the same run
  --out FILE           append each measurement as a line of JSON
  --tmp DIR            where trees are made; a real disk with 4 GiB free for each workload
  --timeout S          give a measurement up after this long (default 600)
  --idle S             how long W6 watches idle devices (default 60)
  --edits N            how many edits W5 makes (default 100)`;

export type Parsed =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'wrong'; readonly why: string };

const OPTIONS = {
  workload: { type: 'string' },
  scale: { type: 'string', default: '1' },
  peer: { type: 'string' },
  out: { type: 'string' },
  tmp: { type: 'string', default: tmpdir() },
  timeout: { type: 'string', default: '600' },
  idle: { type: 'string', default: '60' },
  edits: { type: 'string', default: '100' },
} as const;

/** The settings that were asked for, or why they make no sense. */
export function parseSettings(words: readonly string[], known: readonly string[]): Parsed {
  const wrong = (why: string): Parsed => ({ kind: 'wrong', why });
  let values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];
  try {
    values = parseArgs({ args: [...words], options: OPTIONS }).values;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  const workloads = values.workload === undefined ? known : values.workload.split(',');
  const strange = workloads.filter((name) => !known.includes(name));
  if (strange.length > 0) return wrong(`no workload ${strange.join(', ')}; there are ${known.join(', ')}`);
  const { peer = null } = values;
  if (peer !== null && peer !== 'syncthing') return wrong(`no peer ${peer}`);
  const [scale, timeout, idleSeconds, edits] = [values.scale, values.timeout, values.idle, values.edits].map(
    Number,
  );
  const positive = (value: number | undefined): value is number => value !== undefined && value > 0;
  if (!positive(scale) || !positive(timeout) || !positive(idleSeconds) || !positive(edits))
    return wrong('--scale, --timeout, --idle and --edits are numbers above 0');
  const { out = null } = values;
  return {
    kind: 'settings',
    settings: { workloads, scale, peer, out, tmp: values.tmp, timeout, idleSeconds, edits },
  };
}
