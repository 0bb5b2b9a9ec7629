/** The first pages of PDFs, beside each other. */

import { PdfPage } from '../../../previews/pdf-page.tsx';
import { SideShape } from '../lineage/side-shape.tsx';
import classes from './preview.module.css';
import type { Labels } from './text-compare.tsx';
import { type Contents, present } from './versions.ts';

export function PdfCompare({ contents, labels }: { readonly contents: Contents; readonly labels: Labels }) {
  return (
    <div className={classes['pictures']}>
      {present(contents).map((content) => (
        <div key={content.side} className={classes['picture']}>
          <h3>
            <SideShape side={content.side === 'base' ? 'both' : content.side} />
            {labels[content.side].title}
          </h3>
          <PdfPage node={content.node} version={content.version} label={labels[content.side].title} />
        </div>
      ))}
    </div>
  );
}
