import type { ReactNode } from 'react';
import classes from './card.module.css';
import { classNames } from './class-names.ts';

interface CardProps {
  readonly title?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly tone?: 'plain' | 'accent' | 'warn' | 'bad';
  /** Rows that reach from edge to edge. */
  readonly flush?: boolean;
  readonly children?: ReactNode;
}

export function Card({ title, lead, actions, tone = 'plain', flush = false, children }: CardProps) {
  return (
    <section className={classNames(classes['card'], classes[tone])}>
      {(title !== undefined || actions !== undefined) && (
        <header className={classes['header']}>
          <div>
            {title !== undefined && <h2>{title}</h2>}
            {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
          </div>
          {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
        </header>
      )}
      {children !== undefined && <div className={classNames(!flush && classes['body'])}>{children}</div>}
    </section>
  );
}
