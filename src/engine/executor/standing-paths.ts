/**
 * Who works by a path relies on the folders in it. A new file that is placed while we rename its folder would go into
 * whatever has that name next: so a folder is renamed only while nothing is placed. First come, first served.
 */
export class StandingPaths {
  private holders = 0;
  private moving = false;
  private readonly waiting: { readonly moves: boolean; readonly go: () => void }[] = [];

  /** Paths that are looked up in `work` stay good until its end, as far as it is up to us. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.during(false, work);
  }

  /** `work` makes paths mean something else. */
  move<T>(work: () => Promise<T>): Promise<T> {
    return this.during(true, work);
  }

  private async during<T>(moves: boolean, work: () => Promise<T>): Promise<T> {
    if (this.waiting.length === 0 && this.isFree(moves)) this.enter(moves);
    else await new Promise<void>((go) => this.waiting.push({ moves, go }));
    try {
      return await work();
    } finally {
      this.leave(moves);
    }
  }

  private isFree(moves: boolean): boolean {
    return !this.moving && (!moves || this.holders === 0);
  }

  private enter(moves: boolean): void {
    if (moves) this.moving = true;
    else this.holders += 1;
  }

  private leave(moves: boolean): void {
    if (moves) this.moving = false;
    else this.holders -= 1;
    for (let next = this.waiting[0]; next !== undefined && this.isFree(next.moves); next = this.waiting[0]) {
      this.waiting.shift();
      this.enter(next.moves);
      next.go();
    }
  }
}
