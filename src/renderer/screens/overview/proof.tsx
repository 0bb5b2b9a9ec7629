/** What the answer rests on: last check, files, what waits, the server, the place in its journal. */
import type { ReactNode } from 'react';
import type { Status } from '../../../ipc/status.ts';
import { useNow } from '../../bridge/use-now.ts';
import { PathText } from '../../design/path-text.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './overview.module.css';
import { overviewWords } from './words.ts';

export function Proof({ status }: { readonly status: Status }) {
  const w = useWords(overviewWords);
  const formats = useFormats();
  const now = useNow();
  const { pendingUploads: up, pendingDownloads: down } = status;
  const waits = [
    up > 0 ? w.toSend(formats.count(up)) : null,
    down > 0 ? w.toFetch(formats.count(down)) : null,
  ].filter((part) => part !== null);
  const head = status.serverHead;
  return (
    <dl className={classes['proof']}>
      <Fact
        name={w.lastCheck}
        value={status.lastScanAt === null ? w.never : formats.ago(status.lastScanAt, now)}
        detail={status.watching.complete ? null : w.timer}
      />
      <Fact
        name={w.files}
        value={formats.count(status.files)}
        detail={status.excluded > 0 ? w.leftOut(formats.count(status.excluded)) : null}
      />
      <Fact
        name={w.waiting}
        value={waits.length === 0 ? w.nothing : waits.join(', ')}
        detail={
          status.oldest === null ? null : (
            <>
              <PathText path={status.oldest.path} />
              <span>{w.oldest(formats.ago(status.oldest.since, now))}</span>
            </>
          )
        }
      />
      <Fact
        name={w.change}
        value={
          head === null || head <= status.cursor
            ? w.changeNumber(formats.count(status.cursor))
            : w.changeOf(formats.count(status.cursor), formats.count(head))
        }
        detail={null}
      />
      <Fact
        name={w.server}
        value={<bdi className="selectable">{hostOf(status.server)}</bdi>}
        detail={
          status.connected
            ? w.connected
            : status.offlineSince === null
              ? w.notConnected
              : w.outSince(formats.shortMoment(status.offlineSince, now))
        }
      />
      <Fact name={w.folder} value={<PathText path={status.folder} />} detail={null} />
    </dl>
  );
}

function Fact(props: { readonly name: string; readonly value: ReactNode; readonly detail: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        <span className={classes['value']}>{props.value}</span>
        {props.detail !== null && <span className={classes['detail']}>{props.detail}</span>}
      </dd>
    </div>
  );
}

/** "sync.example.org": what stands around it says nothing to people. */
function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}
