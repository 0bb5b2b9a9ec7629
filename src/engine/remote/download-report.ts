/** What became of each file of a download, and what stopped it. */
import type { Manifest } from '../../core/manifest/manifest.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Stamp } from '../environment/disk.ts';
import type { DownloadItem, DownloadResult, ServerResult, ServerTrouble } from './server.ts';
import type { TransferMeter } from './transfer-meter.ts';

export class DownloadReport {
  readonly #items: readonly DownloadItem[];
  readonly #results = new Map<DownloadItem, DownloadResult>();
  readonly #transfers: TransferMeter;
  #trouble: ServerTrouble | null = null;

  constructor(items: readonly DownloadItem[], transfers: TransferMeter) {
    this.#items = items;
    this.#transfers = transfers;
    for (const { node, size } of items) transfers.begin(node, 'down', size);
  }

  /** Bytes of the file are in place, verified. */
  came(item: DownloadItem, bytes: number): void {
    this.#transfers.add(item.node, 'down', bytes);
  }

  /** Nothing of these files is under way any more. */
  close(): void {
    for (const { node } of this.#items) this.#transfers.end(node, 'down');
  }

  staged(item: DownloadItem, stamp: Stamp, manifest: Manifest, entropy: number | null): void {
    this.#transfers.end(item.node, 'down');
    this.#results.set(item, { kind: 'staged', node: item.node, stamp, manifest, entropy });
  }

  failed(item: DownloadItem, code: ErrorCode, detail: string, retryAfterMs = 0): void {
    this.#results.set(item, { kind: 'failed', node: item.node, code, detail, retryAfterMs });
  }

  /** The server cannot be used further: nothing more is asked. The first trouble stands. */
  stop(found: ServerTrouble): void {
    this.#trouble ??= found;
  }

  get stopped(): boolean {
    return this.#trouble !== null;
  }

  /** In the order of the items. The trouble itself, if no file has a result of its own. */
  answer(): ServerResult<readonly DownloadResult[]> {
    const trouble = this.#trouble;
    if (trouble !== null && this.#results.size === 0) return trouble;
    const unreached = (item: DownloadItem): DownloadResult => ({
      kind: 'failed',
      node: item.node,
      code: trouble?.code ?? 'damaged-download',
      detail: trouble?.detail ?? 'it was not fetched',
      retryAfterMs: trouble?.retryAfterMs ?? 0,
    });
    return { kind: 'ok', value: this.#items.map((item) => this.#results.get(item) ?? unreached(item)) };
  }
}
