import { ConflictList } from './list/conflict-list.tsx';
import { OneConflict } from './one/one-conflict.tsx';

export function ConflictsScreen({ id }: { readonly id: string | null }) {
  return id === null ? <ConflictList /> : <OneConflict key={id} id={id} />;
}
