import { AppWindow, Ellipsis, FileClock, FolderOpen, Settings2 } from 'lucide-react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { ask } from '../../../bridge/bridge.ts';
import { goTo, routeTo } from '../../../bridge/router.ts';
import { IconButton } from '../../../design/button.tsx';
import { Menu } from '../../../design/menu.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { errorSentence } from '../../../words/errors.ts';
import { useLanguage, useWords } from '../../../words/language.tsx';
import { useExternal } from '../merge/use-external.ts';
import { canMerge } from '../plan.ts';
import { words } from './words.ts';

export function MoreMenu({ row }: { readonly row: ConflictRow }) {
  const w = useWords(words);
  const language = useLanguage();
  const { complain } = useToasts();
  const { open, choose } = useExternal(row);
  const show = async () => {
    const reply = await ask('open.show', { path: row.path });
    if (reply.kind === 'refused') complain(errorSentence(language, reply.code, reply.facts));
  };
  const isMergeable = row.status === 'open' && canMerge(row);
  return (
    <Menu
      trigger={<IconButton label={w.more} icon={<Ellipsis />} />}
      entries={[
        {
          id: 'external',
          label: w.external,
          icon: <AppWindow />,
          disabled: !isMergeable,
          onSelect: () => void open(),
        },
        {
          id: 'program',
          label: w.chooseProgram,
          icon: <Settings2 />,
          onSelect: () => void choose(),
        },
        { id: 'show', label: w.show, icon: <FolderOpen />, onSelect: () => void show() },
        {
          id: 'history',
          label: w.history,
          icon: <FileClock />,
          onSelect: () => goTo(routeTo(['history', row.path])),
        },
      ]}
    />
  );
}
