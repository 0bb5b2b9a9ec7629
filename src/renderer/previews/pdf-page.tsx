/** The first page of a PDF as a picture. Scripts in it are not run, nothing is fetched, no link can be followed. */
import { useEffect, useRef, useState } from 'react';
import { previewUrl } from '../../ipc/window-names.ts';
import { useFormats, useWords } from '../words/language.tsx';
import classes from './previews.module.css';
import { useThawSentence } from './use-thaw-sentence.ts';
import { words } from './words.ts';

type Drawn =
  | { readonly kind: 'drawing' }
  | { readonly kind: 'drawn'; readonly pages: number }
  | { readonly kind: 'failed' };

export function PdfPage({
  node,
  version,
  label,
}: {
  readonly node: string;
  readonly version: string;
  readonly label: string;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState<Drawn>({ kind: 'drawing' });
  const thawing = useThawSentence({ node, version }, drawn.kind === 'drawing');
  useEffect(() => {
    const place = canvas.current;
    if (place === null) return;
    const over = new AbortController();
    setDrawn({ kind: 'drawing' });
    // A large library: only who looks at a PDF loads it.
    const drawing = import('./draw-pdf.ts').then(({ drawFirstPage }) =>
      drawFirstPage(previewUrl(node, version), place, over.signal),
    );
    drawing.then(
      (pages) => {
        if (!over.signal.aborted) setDrawn({ kind: 'drawn', pages });
      },
      () => {
        if (!over.signal.aborted) setDrawn({ kind: 'failed' });
      },
    );
    return () => over.abort();
  }, [node, version]);
  if (drawn.kind === 'failed') return <p className={classes['note']}>{w.pdfFailed}</p>;
  return (
    <div className={classes['image']}>
      <div className={classes['page']}>
        <canvas ref={canvas} role="img" aria-label={`${label}, ${w.firstPage}`} />
      </div>
      <p className={classes['pages']} role="status">
        {drawn.kind === 'drawing'
          ? (thawing ?? w.pdfLoading)
          : w.pages(formats.count(drawn.pages), drawn.pages === 1)}
      </p>
    </div>
  );
}
