import { useRoute } from '../../bridge/router.ts';
import { FolderMomentScreen } from './folder-moment.tsx';
import { HistoryStart } from './history-start.tsx';
import { PathHistory } from './path-history.tsx';

/** /history  /history/PATH  /history/PATH?node=ID  /history?moment=1 (the whole folder) */
export function HistoryScreen({
  path,
  node,
}: {
  readonly path: string | null;
  readonly node: string | null;
}) {
  const { query } = useRoute();
  if (path !== null || node !== null) return <PathHistory key={`${path} ${node}`} path={path} node={node} />;
  return query.has('moment') ? <FolderMomentScreen folder="" /> : <HistoryStart />;
}
