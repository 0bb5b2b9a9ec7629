/** What is in the versions, compared as what they are. */
import type { ConflictRow, ConflictShown } from '../../../../ipc/conflicts.ts';
import { Card } from '../../../design/card.tsx';
import { kindOfFile } from '../../../previews/kind-of-file.ts';
import { useWords } from '../../../words/language.tsx';
import { useSideLabels } from '../one/labels.ts';
import { ImageCompare } from './image-compare.tsx';
import { PdfCompare } from './pdf-compare.tsx';
import { TextCompare } from './text-compare.tsx';
import { contentsOf, present } from './versions.ts';
import { words } from './words.ts';

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
        <PdfCompare contents={contents} labels={labels} />
      ) : (
        <TextCompare contents={contents} labels={labels} />
      )}
    </Card>
  );
}
