/** What is in the versions, compared as what they are. */
import { lazy, Suspense } from 'react';
import type { ConflictRow, ConflictShown } from '../../../../ipc/conflicts.ts';
import { Card } from '../../../design/card.tsx';
import { LoadingState } from '../../../design/message.tsx';
import { kindOfFile } from '../../../previews/kind-of-file.ts';
import { useWords } from '../../../words/language.tsx';
import { useSideLabels } from '../one/labels.ts';
import { ImageCompare } from './image-compare.tsx';
import { TextCompare } from './text-compare.tsx';
import { contentsOf, present } from './versions.ts';
import { words } from './words.ts';

// Drawing PDF takes a large library: only who looks at one loads it.
const PdfCompare = lazy(() => import('./pdf-compare.tsx').then((module) => ({ default: module.PdfCompare })));

export function Compare({ row, base }: { readonly row: ConflictRow; readonly base: ConflictShown['base'] }) {
  const w = useWords(words);
  const { mine, theirs, base: before } = useSideLabels(row);
  const labels = { mine, theirs, base: before };
  const contents = contentsOf(row, base);
  const all = present(contents);
  if (all.length === 0) return null;
  const kind = all.every((each) => each.kind === 'file') ? kindOfFile(row.path) : 'other';
  return (
    <Card title={w.title}>
      {kind === 'image' ? (
        <ImageCompare contents={contents} labels={labels} />
      ) : kind === 'pdf' ? (
        <Suspense fallback={<LoadingState />}>
          <PdfCompare contents={contents} labels={labels} />
        </Suspense>
      ) : (
        <TextCompare contents={contents} labels={labels} />
      )}
    </Card>
  );
}
