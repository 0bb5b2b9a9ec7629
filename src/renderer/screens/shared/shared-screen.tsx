import { useEngine } from '../../bridge/use-engine.ts';
import { OneShare } from './one-share.tsx';
import { ShareList } from './share-list.tsx';

/** /shared  /shared/ID */
export function SharedScreen({ id }: { readonly id: string | null }) {
  const shares = useEngine('shares.list', {});
  return id === null ? <ShareList shares={shares} /> : <OneShare key={id} id={id} shares={shares} />;
}
