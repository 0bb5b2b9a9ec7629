import { LockKeyhole, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useShell } from '../../bridge/live-state.ts';
import { goTo } from '../../bridge/router.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useWords } from '../../words/language.tsx';
import classes from './settings.module.css';
import { words } from './words.ts';

/** How well the key is kept, said as it is. */
export function SecuritySection() {
  const w = useWords(words);
  const { keychain } = useShell();
  const icon =
    keychain === 'strong' ? <ShieldCheck /> : keychain === 'weak' ? <ShieldAlert /> : <LockKeyhole />;
  const about = {
    strong: [w.strong, w.strongText],
    weak: [w.weak, w.weakText],
    none: [w.none, w.noneText],
  } as const;
  const [title, text] = about[keychain];
  return (
    <Card title={w.security} lead={w.securityLead}>
      <div className={classes['stack']}>
        <div className={classes['said']} data-tone={keychain === 'strong' ? 'ok' : 'warn'}>
          <span aria-hidden="true">{icon}</span>
          <div>
            <h3>{title}</h3>
            <p>{text}</p>
          </div>
        </div>
        <p className={classes['quiet']}>{w.securityAlways}</p>
        <Button className={classes['start']} onClick={() => goTo('/devices')}>
          {w.devices}
        </Button>
      </div>
    </Card>
  );
}
