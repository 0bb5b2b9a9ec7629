/**
 * The ignore rules of a folder: `.tidemarkignore`, synced like any file, and `.tidemarkignore.local` beside it, which
 * never leaves this computer and has the last word. What a change would do is read from the trees, not from the disk.
 */

import { type IgnoreFault, ignoreFaults } from '../../core/ignore/faults.ts';
import { IgnoreRules, LOCAL_IGNORE_FILE } from '../../core/ignore/rules.ts';
import { folderOf, pathIn } from '../../core/names/path-parts.ts';
import { type Answer, ok, type Params, type Result, refused } from '../../ipc/contract.ts';
import { type NodeId, ROOT_NODE, toHex } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import type { RelPath, Stamp } from '../environment/disk.ts';
import { IGNORE_FILE, joinRules } from '../local/ignore-files.ts';

type Preview = Result<'ignore.preview'>;
/** The longest text that can be shown and taken. */
const LONGEST = 256 * 1024;
const TOLD = 100;

interface RulesFile {
  readonly path: RelPath;
  /** Null: there is none. */
  readonly stamp: Stamp | null;
  readonly text: string;
}

export async function getIgnore(engine: Engine, path: RelPath): Promise<Answer<Result<'ignore.get'>>> {
  const read = await readRules(engine, path);
  return read.kind === 'ok' ? ok({ shared: read.value.shared.text, local: read.value.local.text }) : read;
}

async function readRules(
  engine: Engine,
  path: RelPath,
): Promise<Answer<{ readonly shared: RulesFile; readonly local: RulesFile }>> {
  if (!engine.ready) return refused('unavailable');
  if (folderAt(engine, path) === null) return refused('not-found', { file: path });
  const shared = await readFile(engine, path, IGNORE_FILE);
  if (shared.kind === 'refused') return shared;
  const local = await readFile(engine, path, LOCAL_IGNORE_FILE);
  return local.kind === 'refused' ? local : ok({ shared: shared.value, local: local.value });
}

async function readFile(engine: Engine, folder: RelPath, name: string): Promise<Answer<RulesFile>> {
  const path = pathIn(folder, name);
  const [read] = await engine.parts.env.disk.readSmall([path], LONGEST);
  if (read?.kind === 'read')
    return ok({ path, stamp: read.stamp, text: new TextDecoder().decode(read.bytes) });
  if (read?.trouble === 'gone') return ok({ path, stamp: null, text: '' });
  return refused('disk-error', { file: path, detail: read?.detail ?? '' });
}

function folderAt({ state }: Engine, path: RelPath): NodeId | null {
  const node = path === '' ? ROOT_NODE : state.nodeAt(path);
  return node === ROOT_NODE || (node !== null && state.local.get(node)?.kind === 'folder') ? node : null;
}

export function previewIgnore(engine: Engine, params: Params<'ignore.preview'>): Promise<Answer<Preview>> {
  if (!engine.ready) return Promise.resolve(refused('unavailable'));
  const folder = folderAt(engine, params.folder);
  if (folder === null) return Promise.resolve(refused('not-found', { file: params.folder }));
  return Promise.resolve(ok(preview(engine, folder, params)));
}

function preview(engine: Engine, folder: NodeId, params: Params<'ignore.preview'>): Preview {
  const { state, scanner } = engine;
  const files = scanner.rules;
  const now = IgnoreRules.of(files);
  const others = files.filter((each) => each.folder !== params.folder);
  const text = joinRules(params.shared, params.local);
  const next = IgnoreRules.of([...others, { folder: params.folder, text }]);
  const stops = new Tally();
  const starts = new Tally();
  const prefix = params.folder === '' ? '' : `${params.folder}/`;
  for (const { path, kind, size, condition } of state.selection.here(folder, prefix)) {
    if (kind === 'folder') continue;
    const was = now.isExcluded(path, false).excluded;
    if (was === next.isExcluded(path, false).excluded) continue;
    if (was) starts.add(path, size);
    else if (condition === 'seen') stops.add(path, size);
  }
  for (const { path, kind, size } of state.selection.onlyThere(folder, prefix)) {
    if (kind === 'folder' || !now.isExcluded(path, false).excluded) continue;
    if (!next.isExcluded(path, false).excluded) starts.add(path, size);
  }
  return {
    stops: stops.files,
    stopsBytes: stops.bytes,
    stopsPaths: stops.paths,
    starts: starts.files,
    startsPaths: starts.paths,
    faults: [...faultsIn('shared', params.shared), ...faultsIn('local', params.local)],
  };
}

class Tally {
  files = 0;
  bytes = 0;
  readonly paths: string[] = [];

  add(path: RelPath, size: number): void {
    this.files += 1;
    this.bytes += size;
    if (this.paths.length < TOLD) this.paths.push(path);
  }
}

function faultsIn(where: 'shared' | 'local', text: string) {
  return ignoreFaults(text).map((fault: IgnoreFault) => ({ where, ...fault }));
}

/** Saves what differs, as an editor would: another file beside it, then the name. The scan takes it from there. */
export async function setIgnore(
  engine: Engine,
  params: Params<'ignore.set'>,
): Promise<Answer<Result<'ignore.set'>>> {
  const read = await readRules(engine, params.folder);
  if (read.kind === 'refused') return read;
  const folder = folderAt(engine, params.folder);
  if (folder === null) return refused('not-found', { file: params.folder });
  const { seen } = params;
  const now = { shared: read.value.shared.text, local: read.value.local.text };
  const isStale = (which: 'shared' | 'local') =>
    seen !== undefined && params[which] !== seen[which] && ![seen[which], params[which]].includes(now[which]);
  if (isStale('shared') || isStale('local'))
    return refused('unprocessable', { detail: 'the rules were changed meanwhile; look at them again' });
  // Not touched by whoever asks: what it has become since stays.
  const wanted = (which: 'shared' | 'local') =>
    params[which] === seen?.[which] ? now[which] : params[which];
  const next = { shared: wanted('shared'), local: wanted('local') };
  const { stops, starts } = preview(engine, folder, { folder: params.folder, ...next });
  for (const [file, text] of [
    [read.value.shared, next.shared],
    [read.value.local, next.local],
  ] as const) {
    if (file.text === text) continue;
    const saved = await save(engine, file, text);
    // It is not told whether the disk let go of what was in staging.
    engine.lanes.downloads.tidyLater();
    if (saved !== null) return saved;
  }
  await engine.scanner.lookThrough(folder);
  return ok({ sentence: savedSentence(stops, starts) });
}

async function save(
  engine: Engine,
  { path, stamp }: RulesFile,
  text: string,
): Promise<ReturnType<typeof refused> | null> {
  const { disk, clock, random } = engine.parts.env;
  const failed = (detail: string) => refused('disk-error', { file: path, detail });
  const name = `rules-${toHex(random.bytes(8))}`;
  const meta = { executable: false, mtimeNs: BigInt(Math.floor(clock.now())) * 1_000_000n };
  const [staged] = await disk.stage([{ name, bytes: new TextEncoder().encode(text), meta }]);
  if (staged?.kind !== 'found') return failed(staged?.detail ?? '');
  const flushed = await disk.flushStaged([name]);
  if (flushed.kind === 'failed') return failed(flushed.detail);
  const mode = stamp === null ? 'new' : 'exchange';
  const [placed] = await disk.place([{ staged: name, path, mode }]);
  if (placed?.kind !== 'placed') {
    await disk.eraseStaged([name]);
    return failed(placed?.detail ?? '');
  }
  const saved = placed.displaced;
  if (
    saved &&
    stamp &&
    (saved.fileId !== stamp.fileId || saved.mtimeNs !== stamp.mtimeNs || saved.size !== stamp.size)
  ) {
    // Saved by somebody else since it was read: that one stands.
    await disk.place([{ staged: name, path, mode: 'exchange' }]);
    await disk.eraseStaged([name]);
    return failed('it was saved by another program a moment ago');
  }
  if (saved) await disk.eraseStaged([name]);
  await disk.flushFolders([folderOf(path)]);
  return null;
}

function savedSentence(stops: number, starts: number): string {
  const files = (count: number) => `${count} file${count === 1 ? '' : 's'}`;
  const parts = [
    ...(stops > 0 ? [`${files(stops)} no longer synced: they stay here and on the server`] : []),
    ...(starts > 0 ? [`${files(starts)} synced from now on`] : []),
  ];
  return parts.length === 0 ? 'Saved. Nothing else changes.' : `Saved: ${parts.join('; ')}.`;
}
