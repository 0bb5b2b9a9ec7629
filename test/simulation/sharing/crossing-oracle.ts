/**
 * What was moved from one namespace into another: on the server it is never gone in the one before it is in the other,
 * and in the end it is in the history of both.
 */
import type { NamespaceId } from '../../../src/protocol/ids.ts';
import type { ContentName, Ledger } from '../ledger.ts';
import type { SimServer } from '../sim-server.ts';

interface Crossed {
  readonly content: ContentName;
  readonly from: NamespaceId;
  /** The computer was not told of something since: of what stands at the other side it knows with its next full scan. */
  readonly isUnheard: () => boolean;
  /** How often it was carried about until then. */
  readonly extras: number;
  /** The server had it where it was moved away from. */
  wasThere: boolean;
}

export class CrossingOracle {
  readonly faults = new Set<string>();
  /** Moves that the server was seen to follow, from the one into the other. */
  followed = 0;
  readonly #host: SimServer;
  readonly #ledger: Ledger;
  #open: Crossed[] = [];

  constructor(host: SimServer, ledger: Ledger) {
    this.#host = host;
    this.#ledger = ledger;
  }

  crossed(content: ContentName, from: NamespaceId, isUnheard: () => boolean): void {
    const extras = this.#ledger.row(content)?.extras ?? 0;
    this.#open.push({ content, from, isUnheard, extras, wasThere: false });
    this.look();
  }

  /** After every answer of the server that may have changed a tree. */
  look(): void {
    this.#open = this.#open.filter((each) => !this.#isOver(each));
  }

  #isOver(crossed: Crossed): boolean {
    const row = this.#ledger.row(crossed.content);
    // Somebody changed or deleted it, here or there, or moved it on: it need not arrive any more.
    if (row === undefined || row.extras > crossed.extras) return true;
    if (row.givenUpOn.size > 0 || row.fellWithPower || crossed.isUnheard()) return true;
    const places = this.#host.whereabouts(crossed.content);
    if (places.some(({ namespace }) => namespace !== crossed.from)) {
      if (crossed.wasThere) this.followed += 1;
      return true;
    }
    const here = places.find(({ namespace }) => namespace === crossed.from);
    if (here?.live === true) crossed.wasThere = true;
    else if (crossed.wasThere)
      this.faults.add(`I1 gone where it was moved away from, and nowhere else yet: ${row.label}`);
    return false;
  }
}
