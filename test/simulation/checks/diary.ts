/** What one person did on one computer, object by object: what the engine claims in their name must stand here. */
import type { RelPath } from '../../../src/engine/environment/disk.ts';
import type { ContentName } from '../ledger.ts';

export class Diary {
  /** File ids of the objects that this person removed, moved, or put something else in the place of. */
  readonly #removedObjects = new Set<string>();
  readonly #removedContents = new Set<ContentName>();
  readonly #removedPaths = new Set<RelPath>();
  /** The same by folder and name, as a folder may be called otherwise, by others, before the deletion is told. */
  readonly #removedNames = new Set<string>();
  /** Every content this person saved, with what it was written over there (`null`: nothing stood there). */
  readonly #saved = new Map<ContentName, (ContentName | null)[]>();
  /** Contents that this person moved, or changed the mode of. */
  readonly #handled = new Set<ContentName>();
  /** Paths that this person made, wrote to, or moved something to. */
  readonly #made = new Set<RelPath>();
  /** Paths that this person moved something away from. */
  readonly #moved = new Set<RelPath>();
  readonly #unagreed = new Set<string>();
  readonly #forgotten = new Set<string>();

  /** A copy of a computer holds what its user did until then. */
  copyFrom(other: Diary): void {
    for (const each of other.#removedObjects) this.#removedObjects.add(each);
    for (const each of other.#removedContents) this.#removedContents.add(each);
    for (const each of other.#removedPaths) this.#removedPaths.add(each);
    for (const each of other.#removedNames) this.#removedNames.add(each);
    for (const [content, over] of other.#saved) this.#saved.set(content, [...over]);
    for (const each of other.#handled) this.#handled.add(each);
    for (const each of other.#made) this.#made.add(each);
    for (const each of other.#moved) this.#moved.add(each);
    for (const each of other.#unagreed) this.#unagreed.add(each);
    for (const each of other.#forgotten) this.#forgotten.add(each);
  }

  /** It went from there: removed, moved away, or something else stands in its place. */
  removed(fileId: string, path: RelPath, folderId: string, content: ContentName): void {
    this.#removedContents.add(content);
    this.#removedObjects.add(fileId);
    this.#removedPaths.add(path);
    this.#removedNames.add(nameIn(folderId, path.slice(path.lastIndexOf('/') + 1)));
  }

  /** Nothing stands there any more, and what stood there goes on elsewhere. */
  left(path: RelPath): void {
    this.#removedPaths.add(path);
  }

  saved(content: ContentName, path: RelPath, over: ContentName | null): void {
    const before = this.#saved.get(content);
    if (before === undefined) this.#saved.set(content, [over]);
    else before.push(over);
    this.made(path);
  }

  handled(content: ContentName): void {
    this.#handled.add(content);
  }

  made(path: RelPath): void {
    this.#made.add(path);
  }

  moved(from: RelPath, to: RelPath): void {
    this.#moved.add(from);
    this.made(to);
  }

  didMove(from: RelPath): boolean {
    return this.#moved.has(from);
  }

  /** The power was cut while these stood here and were told to nobody for sure: it may have taken them. */
  unagreed(nodes: readonly string[]): void {
    for (const node of nodes) this.#unagreed.add(node);
  }

  /** Versions, by their names in staging, of which the engine does not know since a power cut that they stood here. */
  forgotten(staged: readonly string[]): void {
    for (const each of staged) this.#forgotten.add(each);
  }

  isForgotten(staged: string): boolean {
    return this.#forgotten.has(staged);
  }

  mayHaveFallen(node: string): boolean {
    return this.#unagreed.has(node);
  }

  didRemoveIn(folderId: string, name: string): boolean {
    return this.#removedNames.has(nameIn(folderId, name));
  }

  /** Whether it went by this person's hand: the object itself, or something that stood at one of these paths. */
  didRemove(fileIds: readonly string[], paths: readonly RelPath[]): boolean {
    return (
      fileIds.some((id) => this.#removedObjects.has(id)) || paths.some((path) => this.#removedPaths.has(path))
    );
  }

  /** Saved here, and taken away again: perhaps before anybody answered that it was there. */
  didTakeBack(content: ContentName): boolean {
    return this.#saved.has(content) && this.#removedContents.has(content);
  }

  didSave(content: ContentName): boolean {
    return this.#saved.has(content);
  }

  didTouch(content: ContentName): boolean {
    return this.#saved.has(content) || this.#handled.has(content);
  }

  /** Made, wrote or moved something there or below. */
  didMakeBelow(path: RelPath): boolean {
    if (this.#made.has(path)) return true;
    for (const made of this.#made) if (made.startsWith(`${path}/`)) return true;
    return false;
  }

  /** What the content was written over, when it was saved exactly once here. */
  writtenOver(content: ContentName): ContentName | null {
    const over = this.#saved.get(content);
    return over?.length === 1 ? (over[0] ?? null) : null;
  }
}

function nameIn(folderId: string, name: string): string {
  return `${folderId}/${name}`;
}
