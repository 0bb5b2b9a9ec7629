/** What moves right now: file by file, how fast, how long still; and what other devices are sending. */

import { ArrowDown, ArrowUp, MonitorUp } from 'lucide-react';
import { baseName } from '../../core/names/path-parts.ts';
import type { Transfer, Transfers } from '../../ipc/events.ts';
import { useLive } from '../bridge/live-state.ts';
import { PathText } from '../design/path-text.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { catalogue, useFormats, useWords } from '../words/language.tsx';
import { inSentence } from '../words/visible-text.ts';
import classes from './transfers.module.css';

const words = catalogue({
  en: {
    title: 'Moving now',
    others: 'On their way from other devices',
    sending: (name: string) => `Sending ${name}`,
    fetching: (name: string) => `Fetching ${name}`,
    of: (done: string, total: string) => `${done} of ${total}`,
    more: (count: string, one: boolean) => (one ? 'and 1 more file' : `and ${count} more files`),
    up: (rate: string) => `${rate}/s up`,
    down: (rate: string) => `${rate}/s down`,
    left: (time: string) => `about ${time} left`,
    peer: (device: string, files: string, bytes: string, one: boolean) =>
      `${device} is sending ${files} ${one ? 'file' : 'files'}, ${bytes}`,
    peerSends: (device: string, name: string) => `${device} is sending ${name}`,
  },
  de: {
    title: 'Gerade unterwegs',
    others: 'Unterwegs von anderen Geräten',
    sending: (name: string) => `Sendet ${name}`,
    fetching: (name: string) => `Holt ${name}`,
    of: (done: string, total: string) => `${done} von ${total}`,
    more: (count: string, one: boolean) => (one ? 'und 1 weitere Datei' : `und ${count} weitere Dateien`),
    up: (rate: string) => `${rate}/s hoch`,
    down: (rate: string) => `${rate}/s herunter`,
    left: (time: string) => `noch etwa ${time}`,
    peer: (device: string, files: string, bytes: string, one: boolean) =>
      `${device} sendet ${files} ${one ? 'Datei' : 'Dateien'}, ${bytes}`,
    peerSends: (device: string, name: string) => `${device} sendet ${name}`,
  },
});

export function hasTransfers(transfers: Transfers | null): transfers is Transfers {
  return transfers !== null && (transfers.files.length > 0 || transfers.more > 0);
}
export function hasPeers(transfers: Transfers | null): transfers is Transfers {
  return transfers !== null && transfers.peers.length > 0;
}

/** "8.4 MB/s up · 2.1 MB/s down · about 1 min 4 s left"; empty while nothing is measured. */
export function useRates(): string {
  const w = useWords(words);
  const formats = useFormats();
  const transfers = useLive((live) => live.transfers);
  if (!hasTransfers(transfers)) return '';
  return [
    transfers.upRate > 0 ? w.up(formats.bytes(transfers.upRate)) : '',
    transfers.downRate > 0 ? w.down(formats.bytes(transfers.downRate)) : '',
    transfers.secondsLeft === null ? '' : w.left(formats.duration(transfers.secondsLeft)),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

export const useTransferTitles = () => useWords(words);

/** At most `shown` files; the rest is counted. */
/** At most `shown` files; the rest is counted. */
interface TransferListProps {
  readonly transfers: Transfers;
  readonly shown: number;
  /** With little room: how much of it, not how much there is. */
  readonly compact?: boolean;
}

/** At most `shown` files; the rest is counted. */
export function TransferList({ transfers, shown, compact = false }: TransferListProps) {
  const w = useWords(words);
  const formats = useFormats();
  const more = transfers.more + Math.max(0, transfers.files.length - shown);
  return (
    <ul className={classes['list']}>
      {transfers.files.slice(0, shown).map((file) => (
        <li key={`${file.node} ${file.direction}`}>
          <TransferRow file={file} compact={compact} />
        </li>
      ))}
      {more > 0 && <li className={classes['more']}>{w.more(formats.count(more), more === 1)}</li>}
    </ul>
  );
}

function TransferRow({ file, compact }: { readonly file: Transfer; readonly compact: boolean }) {
  const w = useWords(words);
  const formats = useFormats();
  const isUp = file.direction === 'up';
  const name = inSentence(baseName(file.path));
  const share = file.bytesTotal > 0 ? Math.min(1, file.bytesDone / file.bytesTotal) : null;
  return (
    <div className={classes['row']}>
      <div className={classes['line']}>
        {isUp ? <ArrowUp aria-hidden="true" /> : <ArrowDown aria-hidden="true" />}
        <span className={classes['path']}>
          <PathText path={file.path} />
        </span>
        <span className={classes['size']}>
          {compact && share !== null
            ? formats.percent(share)
            : w.of(formats.bytes(file.bytesDone), formats.bytes(file.bytesTotal))}
        </span>
      </div>
      <ProgressBar value={share} label={isUp ? w.sending(name) : w.fetching(name)} />
    </div>
  );
}

function PeerFile({
  device,
  file,
}: {
  readonly device: string;
  readonly file: Transfers['peers'][number]['now'][number];
}) {
  const w = useWords(words);
  const formats = useFormats();
  const share = file.bytes === 0 ? null : Math.min(1, file.sent / file.bytes);
  return (
    <div className={classes['row']}>
      <div className={classes['line']}>
        <span className={classes['path']}>
          <PathText path={file.path} />
        </span>
        <span className={classes['size']}>{share !== null && formats.percent(share)}</span>
      </div>
      <ProgressBar value={share} label={w.peerSends(inSentence(device), inSentence(file.path))} />
    </div>
  );
}

export function PeerList({ transfers }: { readonly transfers: Transfers }) {
  const w = useWords(words);
  const formats = useFormats();
  return (
    <ul className={classes['list']}>
      {transfers.peers.map((peer) => (
        <li key={peer.device} className={classes['row']}>
          <span className={classes['peer']}>
            <MonitorUp aria-hidden="true" />
            {w.peer(
              inSentence(peer.device),
              formats.count(peer.files),
              formats.bytes(peer.bytes),
              peer.files === 1,
            )}
          </span>
          {peer.now.map((file) => (
            <PeerFile key={file.path} device={peer.device} file={file} />
          ))}
        </li>
      ))}
    </ul>
  );
}
