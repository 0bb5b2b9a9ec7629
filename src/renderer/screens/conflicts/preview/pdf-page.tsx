/** The first page of a PDF as a picture. Scripts in it are not run, nothing is fetched, no link can be followed. */
import { useEffect, useRef, useState } from 'react';
import { previewUrl } from '../../../../ipc/window-names.ts';
import { useFormats, useWords } from '../../../words/language.tsx';
import { drawFirstPage } from './draw-pdf.ts';
import classes from './preview.module.css';
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
  useEffect(() => {
    const place = canvas.current;
    if (place === null) return;
    const over = new AbortController();
    setDrawn({ kind: 'drawing' });
    drawFirstPage(previewUrl(node, version), place, over.signal).then(
      (pages) => {
        if (!over.signal.aborted) setDrawn({ kind: 'drawn', pages });
      },
      () => {
        if (!over.signal.aborted) setDrawn({ kind: 'failed' });
      },
    );
    return () => over.abort();
  }, [node, version]);
  if (drawn.kind === 'failed') return <p className={classes['nothing']}>{w.pdfFailed}</p>;
  return (
    <div className={classes['picture']}>
      <div className={classes['page']}>
        <canvas ref={canvas} role="img" aria-label={`${label}, ${w.page}`} />
      </div>
      <p className={classes['caption']} role="status">
        {drawn.kind === 'drawing' ? w.pdfLoading : w.pages(formats.count(drawn.pages), drawn.pages === 1)}
      </p>
    </div>
  );
}
