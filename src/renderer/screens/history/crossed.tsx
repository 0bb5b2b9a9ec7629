/** A file that was moved between one's own files and a share: from where, and to where, with the way there. */
import type { Crossed, VersionRow } from '../../../ipc/shapes.ts';
import { routeTo } from '../../bridge/router.ts';
import { PathText } from '../../design/path-text.tsx';
import { catalogue, useFormats, useWords } from '../../words/language.tsx';
import classes from './history.module.css';

const words = catalogue({
  en: {
    madeFrom: (number: string) => `Made by a move, from version ${number} of`,
    wentTo: 'It was moved to',
    own: 'your own files',
    share: 'a shared folder that is not on this computer',
  },
  de: {
    madeFrom: (number: string) => `Durch Verschieben entstanden, aus Version ${number} von`,
    wentTo: 'Verschoben nach:',
    own: 'deinen eigenen Dateien',
    share: 'einem geteilten Ordner, der nicht auf diesem Computer ist',
  },
});

export function MadeFrom({ version: { madeFrom } }: { readonly version: VersionRow }) {
  const w = useWords(words);
  const formats = useFormats();
  if (madeFrom === undefined) return null;
  return (
    <span className={classes['quiet']}>
      {w.madeFrom(formats.count(madeFrom.number))} <Place of={madeFrom} />
    </span>
  );
}

export function WentTo({ to }: { readonly to: Crossed | undefined }) {
  const w = useWords(words);
  if (to === undefined) return null;
  return (
    <>
      {' '}
      {w.wentTo} <Place of={to} />
    </>
  );
}

function Place({ of: { path, share } }: { readonly of: Crossed }) {
  const w = useWords(words);
  if (path === null) return share === null ? w.own : w.share;
  return (
    <a href={`#${routeTo(['history', path])}`}>
      <PathText path={path} wrap />
    </a>
  );
}
