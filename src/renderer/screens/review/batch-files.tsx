/** Every file of a batch, however many: pages come as one scrolls, and only a few stay. */
import { useState } from 'react';
import type { Result } from '../../../ipc/contract.ts';
import type { ReviewRow } from '../../../ipc/review.ts';
import { engine } from '../../bridge/bridge.ts';
import { ErrorState, LoadingState } from '../../design/message.tsx';
import { PathText } from '../../design/path-text.tsx';
import { PagedList } from '../../paging/paged-list.tsx';
import type { PageReply } from '../../paging/pager.ts';
import { usePager } from '../../paging/use-pager.ts';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './review.module.css';
import { words } from './words.ts';

const PAGE = 1000;
type FileRow = Result<'review.files'>['files'][number];

async function filesOf(id: string, after: string | undefined): Promise<PageReply<FileRow>> {
  const reply = await engine('review.files', { id, limit: PAGE, ...(after === undefined ? {} : { after }) });
  if (reply.kind !== 'ok') return reply;
  const { files, next, total } = reply.value;
  return { kind: 'ok', value: { rows: files, next, total } };
}

export function BatchFiles({ batch }: { readonly batch: ReviewRow }) {
  const w = useWords(words);
  const formats = useFormats();
  const [turn, setTurn] = useState(0);
  // A batch that grows is listed anew; that something else happened is no reason to.
  const pager = usePager(batch.id, `${batch.files} ${batch.lastAt} ${turn}`, (after) =>
    filesOf(batch.id, after),
  );
  if (pager === null) return <LoadingState rows={5} />;
  const trouble = pager.trouble !== null && (
    <ErrorState reply={pager.trouble} again={() => setTurn(turn + 1)} />
  );
  if (pager.count === 0) return trouble;
  return (
    <section className={classes['files']}>
      <h2 className={classes['filesTitle']}>{w.fileList}</h2>
      {trouble}
      <div className={classes['scroll']}>
        <PagedList
          pager={pager}
          label={w.fileList}
          rowHeight={36}
          keyOf={(file) => file.path}
          row={(file) => (
            <div className={classes['file']}>
              <PathText path={file.path} />
              <span>{file.size === null ? '' : formats.bytes(file.size)}</span>
            </div>
          )}
        />
      </div>
    </section>
  );
}
