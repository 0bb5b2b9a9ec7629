/**
 * The namespaces on this device as its user meets them: their own, which is the synced folder, and every share, which is a
 * folder somewhere in it. Each has an engine; this says which of them is meant, and where it stands.
 */
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import type { NamespaceId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import type { ShareKeeper } from './share-keeper.ts';
import { pathOfPlace } from './share-places.ts';

/** One namespace: who answers for it, and where its folder stands. */
export interface Surface {
  /** Null: the user's own, which has no folder but the synced one. */
  readonly share: NamespaceId | null;
  readonly engine: Engine;
  /** From the synced folder; '' for the user's own. */
  readonly path: string;
}

/** A path of the user's: whose it is, and where it is in that. */
export interface Placed {
  readonly surface: Surface;
  readonly below: string;
}

export class Surfaces {
  readonly #main: Engine;
  readonly #keeper: ShareKeeper | null;

  /** `keeper` null: nobody here looks after shares. */
  constructor(main: Engine, keeper: ShareKeeper | null) {
    this.#main = main;
    this.#keeper = keeper;
  }

  get root(): Surface {
    return { share: null, engine: this.#main, path: '' };
  }

  /** The user's own first, then every share whose engine runs. */
  all(): readonly Surface[] {
    const shares = [...(this.#keeper?.running ?? [])].flatMap(([share, { engine }]): readonly Surface[] => {
      const path = this.#folderOf(share);
      return path === null || engine.stopping ? [] : [{ share, engine, path }];
    });
    return [this.root, ...shares];
  }

  engines(): readonly Engine[] {
    return this.all().map(({ engine }) => engine);
  }

  byShare(share: string | null): Surface | null {
    return this.all().find((each) => each.share === share) ?? null;
  }

  /** Refused: it is in a share that nobody can answer for now. */
  at(path: string): Answer<Placed> {
    for (const { namespace, ending } of this.#keeper ? this.#main.state.mounts.list() : []) {
      const folder = ending === null ? this.#folderOf(namespace) : null;
      const below = folder === null ? null : pathBelow(folder, path);
      if (below === null) continue;
      const surface = this.byShare(namespace);
      if (surface) return ok({ surface, below });
      const trouble = this.#keeper?.troubles.get(namespace);
      return trouble ? refused(trouble.code, trouble.facts) : refused('unavailable');
    }
    return ok({ surface: this.root, below: path });
  }

  /** The one that something belongs to, as it says itself; the user's own when none does. */
  owning(isOwner: (engine: Engine) => boolean): Surface {
    return this.all().find(({ engine }) => engine.state.db.open && isOwner(engine)) ?? this.root;
  }

  /**
   * A small number for each namespace, the same for as long as this state lives and never given twice: what one engine
   * counts is told apart by it from what another does.
   */
  numberOf({ share }: Surface): number {
    if (share === null) return 0;
    const { meta, db } = this.#main.state;
    const known = meta.get(`number ${share}`);
    if (known !== null) return Number(known);
    const number = Number(meta.get('numbers') ?? 0) + 1;
    db.transaction(() => {
      meta.set('numbers', String(number));
      meta.set(`number ${share}`, String(number));
    })();
    return number;
  }

  #folderOf(namespace: NamespaceId): string | null {
    const mount = this.#main.state.mounts.get(namespace);
    return mount && pathOfPlace(this.#main, mount.place);
  }
}

/** '' for the folder itself, null for what is not in it. Names are equal by their NFC bytes. */
function pathBelow(folder: string, path: string): string | null {
  const above = folder.split('/');
  const parts = path.split('/');
  const isIn = above.every((name, i) => name.normalize('NFC') === parts[i]?.normalize('NFC'));
  return isIn ? parts.slice(above.length).join('/') : null;
}
