import { MonitorCheck, Server } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../design/button.tsx';
import { useWords } from '../../words/language.tsx';
import classes from './first-run.module.css';
import type { Way as WayName } from './setup.ts';
import { firstRunWords } from './words.ts';

export function Ways({ onChoose }: { readonly onChoose: (way: WayName) => void }) {
  const w = useWords(firstRunWords);
  return (
    <ul className={classes['ways']}>
      <Way icon={<MonitorCheck />} title={w.hereTitle} text={w.here}>
        <Button variant="primary" onClick={() => onChoose('here')}>
          {w.hereDo}
        </Button>
      </Way>
      <Way icon={<Server />} title={w.serverTitle} text={w.server}>
        <Button onClick={() => onChoose('server')}>{w.serverDo}</Button>
      </Way>
    </ul>
  );
}

function Way(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <li className={classes['way']}>
      <span className={classes['wayIcon']} aria-hidden="true">
        {props.icon}
      </span>
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
    </li>
  );
}
