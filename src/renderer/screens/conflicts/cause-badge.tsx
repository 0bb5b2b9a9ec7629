import { CloudOff, CopyPlus, FileX2, Hourglass, Split } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConflictCause } from '../../../protocol/journal.ts';
import { Badge } from '../../design/badge.tsx';
import { useWords } from '../../words/language.tsx';
import classes from './conflicts.module.css';
import { words } from './words.ts';

const ICONS: Readonly<Record<ConflictCause, ReactNode>> = {
  concurrent: <Split />,
  offline: <CloudOff />,
  lag: <Hourglass />,
  'name-clash': <CopyPlus />,
  'edit-delete': <FileX2 />,
};

export function CauseBadge({ cause }: { readonly cause: ConflictCause }) {
  const w = useWords(words);
  return (
    <Badge>
      <span className={classes['badgeIcon']} aria-hidden="true">
        {ICONS[cause]}
      </span>
      {w.cause(cause)}
    </Badge>
  );
}
