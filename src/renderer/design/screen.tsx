/** The frame of every screen: title, what it is for, actions; then its content. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import classes from './screen.module.css';

interface ScreenProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** 'reading' keeps lines short; 'wide' takes the window; 'fill' also its height, and scrolls inside. */
  readonly width?: 'reading' | 'wide' | 'fill';
  readonly children: ReactNode;
}

export function Screen({ title, lead, actions, width = 'wide', children }: ScreenProps) {
  return (
    <main className={classNames(classes['screen'], classes[width])} tabIndex={-1} id="content">
      <header className={classes['header']}>
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
      </header>
      <div className={classes['body']}>{children}</div>
    </main>
  );
}
