import { Laptop, Monitor, Smartphone, Unlink } from 'lucide-react';
import { useState } from 'react';
import type { DeviceRow } from '../../../ipc/settings.ts';
import { useEngine } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { classNames } from '../../design/class-names.ts';
import { ErrorState, LoadingState } from '../../design/message.tsx';
import { NameText } from '../../design/path-text.tsx';
import { Screen } from '../../design/screen.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { inOrder, systemName } from './device-facts.ts';
import classes from './devices.module.css';
import { UnlinkDialog } from './unlink-dialog.tsx';
import { words } from './words.ts';

export function DevicesScreen() {
  const w = useWords(words);
  const { value, reply, again } = useEngine('devices.list', {});
  const [unlinking, setUnlinking] = useState<DeviceRow | null>(null);
  return (
    <Screen title={w.title} lead={w.lead}>
      {value === null ? (
        reply.kind === 'loading' || reply.kind === 'ok' ? (
          <LoadingState rows={3} />
        ) : (
          <ErrorState reply={reply} again={again} />
        )
      ) : (
        <>
          <Card flush>
            <ul aria-label={w.list}>
              {inOrder(value.devices).map((device) => (
                <li key={device.deviceId} className={classes['device']}>
                  <Device device={device} onUnlink={() => setUnlinking(device)} />
                </li>
              ))}
            </ul>
          </Card>
          {value.devices.every((device) => device.self || device.revoked) && (
            <p className={classes['quiet']}>{w.onlyThis}</p>
          )}
        </>
      )}
      {unlinking !== null && <UnlinkDialog device={unlinking} onClose={() => setUnlinking(null)} />}
    </Screen>
  );
}

function DeviceIcon({ os }: { readonly os: string }) {
  const system = systemName(os);
  if (system === 'Android' || system === 'iOS') return <Smartphone aria-hidden="true" />;
  return system === 'macOS' ? <Laptop aria-hidden="true" /> : <Monitor aria-hidden="true" />;
}

function Device({ device, onUnlink }: { readonly device: DeviceRow; readonly onUnlink: () => void }) {
  const w = useWords(words);
  const formats = useFormats();
  const now = useNow(10_000);
  const { name, os, self, revoked, online, behind, lastSeenAt, linkedAt } = device;
  const seen = online ? w.online : lastSeenAt === null ? w.never : w.seen(formats.ago(lastSeenAt, now));
  return (
    <>
      <span className={classNames(classes['icon'], self && classes['self'])}>
        <DeviceIcon os={os} />
      </span>
      <div className={classes['text']}>
        <h2>
          <NameText name={name} /> {self && <Badge tone="accent">{w.thisOne}</Badge>}
        </h2>
        <p className={classes['quiet']}>
          <NameText name={systemName(os)} /> ·{' '}
          <span className={online ? classes['online'] : undefined}>{seen}</span> ·{' '}
          {w.linked(formats.day(linkedAt))}
        </p>
      </div>
      {revoked ? (
        <Badge>{w.unlinked}</Badge>
      ) : behind === 0 ? (
        <Badge tone="ok">{w.inStep}</Badge>
      ) : (
        <Badge tone="warn">{w.behind(formats.count(behind), behind === 1)}</Badge>
      )}
      <div className={classes['act']}>
        {!self && !revoked && (
          <Button size="small" icon={<Unlink />} aria-label={w.unlinkOf(inSentence(name))} onClick={onUnlink}>
            {w.unlink}
          </Button>
        )}
      </div>
    </>
  );
}
