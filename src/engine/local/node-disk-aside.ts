/**
 * Two-step renames for file systems without an atomic exchange or a no-replace rename. The user's object waits in
 * staging under `<key>~out` while its name is free, and `<key>~to` says where it belongs, so that the next start can
 * put it back after a kill between the steps.
 */
import type { DiskEntry, DiskOutcome, Done, RelPath } from '../environment/disk.ts';
import type { DiskCalls, Renamed } from './node-disk-calls.ts';
import { failed, isFailure } from './node-disk-errors.ts';
import { areaFolder, areaPath } from './node-disk-paths.ts';

const OUT = '~out';
const TO = '~to';
const LONGEST_PATH = 64 * 1024;

export class Aside {
  readonly #calls: () => DiskCalls;
  /** Renames an object of ours onto a free name; fails as `taken` otherwise. */
  readonly #placeNew: (from: RelPath, to: RelPath) => Promise<DiskOutcome<Renamed>>;

  constructor(
    calls: () => DiskCalls,
    placeNew: (from: RelPath, to: RelPath) => Promise<DiskOutcome<Renamed>>,
  ) {
    this.#calls = calls;
    this.#placeNew = placeNew;
  }

  /** Takes the object at `path` aside and runs `act`; when that fails the object goes back to its place. */
  async around(
    path: RelPath,
    key: string,
    act: (out: RelPath, aside: Renamed) => Promise<DiskOutcome<Renamed>>,
  ): Promise<DiskOutcome<Renamed>> {
    const calls = this.#calls();
    const note = areaPath('staging', key + TO);
    const out = areaPath('staging', key + OUT);
    const meta = { executable: false, mtimeNs: 0n };
    const [noted] = await calls.stage([{ path: note, bytes: Buffer.from(path), meta }]);
    if (noted === undefined || isFailure(noted)) return noted ?? failed('EIO', path);
    const [aside] = await calls.rename([{ from: path, to: out, how: 'plain' }]);
    if (aside === undefined || isFailure(aside)) {
      await calls.remove([note], 'file');
      return aside ?? failed('EIO', path);
    }
    const outcome = await act(out, aside);
    if (isFailure(outcome)) {
      const back = await this.#placeNew(out, path);
      // The name was retaken meanwhile: the object stays in staging, found and claimed like any displaced one.
      if (isFailure(back)) return failed('EIO', path);
    }
    await calls.remove([note], 'file');
    return outcome;
  }

  /** Puts back what a kill left between two steps. Called before anything looks at staging. */
  async repair(): Promise<DiskOutcome<Done>> {
    const calls = this.#calls();
    const listing = await calls.list(areaFolder('staging'));
    if (isFailure(listing)) return listing;
    const names = new Set(listing.entries.map((entry) => entry.name));
    for (const name of names) {
      if (name === null || !name.endsWith(TO)) continue;
      const key = name.slice(0, -TO.length);
      if (names.has(key + OUT)) await this.#putBack(key, names.has(key));
      await calls.remove([areaPath('staging', name)], 'file');
    }
    return { kind: 'done' };
  }

  async #putBack(key: string, keyTaken: boolean): Promise<void> {
    const calls = this.#calls();
    const out = areaPath('staging', key + OUT);
    const [note] = await calls.readSmall([areaPath('staging', key + TO)], LONGEST_PATH);
    if (note === undefined || isFailure(note)) return;
    const path = Buffer.from(note.bytes).toString('utf8');
    const back = await this.#placeNew(out, path);
    // Its name is taken: by our file, whose step was done, so the displaced one takes the staged name as after an
    // exchange; or by another, then it stays for the engine to find.
    if (isFailure(back) && !keyTaken) {
      await calls.rename([{ from: out, to: areaPath('staging', key), how: 'plain' }]);
    }
  }
}

/** Notes are nobody's business outside; displaced objects are. */
export function isNote(entry: DiskEntry): boolean {
  return entry.name?.endsWith(TO) === true;
}
