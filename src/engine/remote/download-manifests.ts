/** The manifests of files to fetch: as they came with the journal, or asked for in batches; each verified by its id. */
import {
  decodeManifest,
  isInvalidManifest,
  type Manifest,
  manifestIdOf,
} from '../../core/manifest/manifest.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ManifestId } from '../../protocol/ids.ts';
import { ManifestsAnswer, ROUTES } from '../../protocol/routes.ts';
import type { Hashing } from '../environment/hashing.ts';
import { trouble } from './answers.ts';
import { type Caller, defineCall } from './call.ts';
import type { DownloadItem, ServerResult, ServerTrouble } from './server.ts';

const MANIFESTS = defineCall(ROUTES.manifests, ManifestsAnswer);

const IDS = 256;
/** Bytes of encoded manifests asked for at once, as far as file sizes tell. */
const ANSWER_BYTES = 2 * 1024 * 1024;
/** A chunk of a manifest, encoded, against the file bytes it stands for at least. */
const CHUNK_ROW = 36;
const LEAST_CHUNK = 1024 * 1024;

export type ResolvedManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly detail: string };

export interface ResolvedManifests {
  readonly found: ReadonlyMap<DownloadItem, ResolvedManifest>;
  /** Items in no list of `found` were not asked for because of it. */
  readonly trouble: ServerTrouble | null;
}

export class ManifestReader {
  readonly #caller: Caller;
  readonly #hashing: Hashing;

  constructor(caller: Caller, hashing: Hashing) {
    this.#caller = caller;
    this.#hashing = hashing;
  }

  async one(id: ManifestId): Promise<ServerResult<Manifest>> {
    const answers = await this.#ask([id]);
    if (answers.kind === 'trouble') return answers;
    const resolved = this.#check(id, answers.value.get(id) ?? null);
    if (resolved.kind === 'manifest') return { kind: 'ok', value: resolved.manifest };
    return trouble(resolved.code, resolved.detail, false);
  }

  async resolve(items: readonly DownloadItem[]): Promise<ResolvedManifests> {
    const found = new Map<DownloadItem, ResolvedManifest>();
    const asked: DownloadItem[] = [];
    for (const item of items) {
      if (item.encoded === null) asked.push(item);
      else found.set(item, this.#checkItem(item, item.encoded));
    }
    for (const group of groupsOf(asked)) {
      const answers = await this.#ask([...new Set(group.map((item) => item.manifestId))]);
      if (answers.kind === 'trouble') return { found, trouble: answers };
      for (const item of group) {
        found.set(item, this.#checkItem(item, answers.value.get(item.manifestId) ?? null));
      }
    }
    return { found, trouble: null };
  }

  /** What the server leaves out of a full answer is asked for again; `null` is what it does not have. */
  async #ask(ids: readonly ManifestId[]): Promise<ServerResult<ReadonlyMap<ManifestId, string | null>>> {
    const found = new Map<ManifestId, string | null>();
    for (let open = ids; open.length > 0; open = open.filter((id) => !found.has(id))) {
      const before = found.size;
      const result = await this.#caller.patient(MANIFESTS, this.#caller.request(MANIFESTS, { ids: open }));
      if (result.kind === 'trouble') return result;
      for (const { id, encoded } of result.value.value.manifests) {
        if (open.includes(id)) found.set(id, encoded);
      }
      if (found.size === before) return trouble('bad-answer', 'no chunk list that was asked for came', false);
    }
    return { kind: 'ok', value: found };
  }

  #checkItem(item: DownloadItem, encoded: string | null): ResolvedManifest {
    const resolved = this.#check(item.manifestId, encoded);
    if (resolved.kind === 'manifest' && resolved.manifest.size !== item.size) {
      return damaged('its size is not that of its chunks');
    }
    return resolved;
  }

  #check(id: ManifestId, encoded: string | null): ResolvedManifest {
    if (encoded === null) return damaged('the server does not have its chunk list');
    const bytes = Buffer.from(encoded, 'base64');
    if (manifestIdOf(bytes, (input) => this.#hashing.blake3(input)) !== id) {
      return damaged('its chunk list is not the one it is named after');
    }
    const manifest = decodeManifest(bytes);
    return isInvalidManifest(manifest) ? damaged(manifest.why) : { kind: 'manifest', manifest };
  }
}

function* groupsOf(items: readonly DownloadItem[]): Generator<readonly DownloadItem[]> {
  let group: DownloadItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = CHUNK_ROW * (1 + Math.ceil(item.size / LEAST_CHUNK));
    if (group.length >= IDS || (group.length > 0 && bytes + size > ANSWER_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

function damaged(detail: string): ResolvedManifest {
  return { kind: 'failed', code: 'damaged-download', detail };
}
