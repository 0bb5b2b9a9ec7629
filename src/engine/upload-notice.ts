/**
 * Tells the others which large files this device is sending, while it takes a while. Only shown there: a notice that is
 * lost is followed by the next one, and a failure is nobody's trouble.
 */
import { LONGEST_PATH, MOST_SENDING, type Sending } from '../protocol/presence.ts';
import type { Clock } from './environment/environment.ts';
import type { Moving, TransferMeter } from './remote/transfer-meter.ts';

/** Smaller ones are there before anybody could look. */
const LEAST_BYTES = 4 * 1024 * 1024;
const EVERY_MS = 2000;

export interface UploadNoticeParts {
  readonly clock: Clock;
  readonly transfers: TransferMeter;
  readonly nameOf: (moving: Moving) => string;
  readonly isOnline: () => boolean;
  readonly tell: (sending: readonly Sending[]) => Promise<unknown>;
}

function isLarge({ direction, total }: Moving): boolean {
  return direction === 'up' && total >= LEAST_BYTES;
}

export class UploadNotice {
  private readonly parts: UploadNoticeParts;
  private cancel: (() => void) | null = null;
  private readonly unhear: () => void;
  /** The others were told of something that is still shown. */
  private isShown = false;

  constructor(parts: UploadNoticeParts) {
    this.parts = parts;
    this.unhear = parts.transfers.onBegin((begun) => {
      if (isLarge(begun)) this.soon();
    });
  }

  stop(): void {
    this.unhear();
    this.cancel?.();
  }

  private large(): readonly Moving[] {
    return this.parts.transfers.list(Number.POSITIVE_INFINITY, ['up']).filter(isLarge);
  }

  private soon(): void {
    this.cancel ??= this.parts.clock.after(EVERY_MS, () => {
      this.cancel = null;
      void this.look();
    });
  }

  private async look(): Promise<void> {
    const { nameOf, isOnline, tell } = this.parts;
    const large = this.large();
    if (large.length > 0) this.soon();
    if (!isOnline() || (large.length === 0 && !this.isShown)) return;
    this.isShown = large.length > 0;
    const sending = large.slice(0, MOST_SENDING).flatMap((moving) => {
      const path = nameOf(moving);
      return path === '' || path.length > LONGEST_PATH
        ? []
        : [{ path, bytes: moving.total, sent: moving.done }];
    });
    await tell(sending);
  }
}
