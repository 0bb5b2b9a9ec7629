/** The first sync in numbers, examples and words. */
import { nameTroubles, type Platform } from '../core/names/portability.ts';
import type { MergeKind, MergePlan } from '../ipc/link.ts';

/** Of each kind, so many paths are shown. */
const SAMPLES = 20;
const PLATFORMS: readonly Platform[] = ['windows', 'macos', 'linux'];

/** Is there a system whose disks cannot hold the name? */
export function isUnportable(name: string): boolean {
  return PLATFORMS.some((platform) => nameTroubles(name, platform).some(({ impossible }) => impossible));
}

export class MergeTally {
  excluded = 0;
  private readonly paths: Readonly<Record<MergeKind, string[]>> = {
    identical: [],
    upload: [],
    download: [],
    differ: [],
    zombies: [],
    unportable: [],
    unseen: [],
  };

  add(kind: MergeKind, path: string): void {
    this.paths[kind].push(path);
  }

  plan(): MergePlan {
    const { identical, upload, download, differ, zombies, unportable, unseen } = this.paths;
    return {
      identical: identical.length,
      upload: upload.length,
      download: download.length,
      differ: differ.length,
      zombies: zombies.length,
      unportable: unportable.length,
      unseen: unseen.length,
      excluded: this.excluded,
      samples: {
        identical: samplesOf(identical),
        upload: samplesOf(upload),
        download: samplesOf(download),
        differ: samplesOf(differ),
        zombies: samplesOf(zombies),
        unportable: samplesOf(unportable),
        unseen: samplesOf(unseen),
      },
      lines: this.lines(),
    };
  }

  private lines(): readonly string[] {
    const say = (kind: MergeKind | 'excluded', one: string, many: string) => {
      const count = kind === 'excluded' ? this.excluded : this.paths[kind].length;
      return count === 0 ? [] : [`${count.toLocaleString('en-US')} ${count === 1 ? one : many}`];
    };
    return [
      ...say('identical', 'file is the same on both sides', 'files are the same on both sides'),
      ...say('upload', 'file goes up', 'files go up'),
      ...say('download', 'file comes down', 'files come down'),
      ...say('differ', 'file differs: both are kept', 'files differ: both are kept'),
      ...say(
        'zombies',
        'file was deleted on the server: it stays here, and you are asked about it',
        'files were deleted on the server: they stay here, and you are asked about them',
      ),
      ...say(
        'unportable',
        'name is one that some systems cannot hold: it syncs, and waits on such computers',
        'names are some that other systems cannot hold: they sync, and wait on such computers',
      ),
      ...say('excluded', 'path is left out by a rule', 'paths are left out by rules'),
      ...say('unseen', 'path cannot be read and waits', 'paths cannot be read and wait'),
      'Nothing is deleted.',
    ];
  }
}

function samplesOf(paths: readonly string[]): readonly string[] {
  return paths.toSorted().slice(0, SAMPLES);
}
