import type { ReactNode } from 'react';
import classes from './badge.module.css';
import { classNames } from './class-names.ts';

export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'bad' | 'info' | 'mine' | 'theirs' | 'both';

export function Badge({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={classNames(classes['badge'], classes[tone])}>{children}</span>;
}

/** A number that waits, beside a name. */
export function CountBadge({ count, tone = 'warn' }: { readonly count: number; readonly tone?: Tone }) {
  if (count === 0) return null;
  return (
    <span className={classNames(classes['badge'], classes['count'], classes[tone])}>
      {count > 999 ? '999+' : count}
    </span>
  );
}
