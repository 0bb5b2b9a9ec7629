import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { ask } from '../../bridge/bridge.ts';
import { useShell } from '../../bridge/live-state.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { RadioCards, TextField } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { PathText } from '../../design/path-text.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { dialogWords } from './dialog-words.ts';
import classes from './shared.module.css';
import { nameOfFolder, pathBelow } from './sorted-shares.ts';

type Contents = 'new' | 'folder';

export function MakeDialog({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (id: string) => void;
}) {
  const w = useWords(dialogWords);
  const { say } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.create');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<ShareRow['kind']>('folder');
  const [contents, setContents] = useState<Contents>('new');
  const [folder, setFolder] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const isPossible = name.trim() !== '' && (contents === 'new' || folder !== null);
  const make = async () => {
    const from = contents === 'folder' && folder !== null ? { folder } : {};
    const reply = await run({ name: name.trim(), kind, ...from });
    if (reply.kind !== 'ok') return setFault(text(reply));
    say(w.made(inSentence(name.trim())));
    onMade(reply.value.id);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.makeTitle}
      lead={w.makeLead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={!isPossible} onClick={() => void make()}>
            {w.makeDo}
          </Button>
        </>
      }
    >
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (isPossible && !busy) void make();
        }}
      >
        <TextField
          label={w.name}
          hint={w.nameHint}
          value={name}
          fault={fault}
          autoFocus
          onChange={(next) => {
            setName(next);
            setFault(null);
          }}
        />
        <p className={classes['group']}>{w.kind}</p>
        <RadioCards
          label={w.kind}
          value={kind}
          choices={[
            { value: 'folder', label: w.folder, hint: w.folderHint },
            { value: 'team', label: w.team, hint: w.teamHint },
          ]}
          onChange={setKind}
        />
        <p className={classes['group']}>{w.from}</p>
        <RadioCards
          label={w.from}
          value={contents}
          choices={[
            { value: 'new', label: w.fromNew, hint: w.fromNewHint },
            { value: 'folder', label: w.fromFolder, hint: w.fromFolderHint },
          ]}
          onChange={setContents}
        />
        {contents === 'folder' && (
          <ChooseFolder
            folder={folder}
            onChoose={(path) => {
              setFolder(path);
              setFault(null);
              if (name.trim() === '') setName(nameOfFolder(path));
            }}
          />
        )}
      </form>
    </Dialog>
  );
}

function ChooseFolder({
  folder,
  onChoose,
}: {
  readonly folder: string | null;
  readonly onChoose: (path: string) => void;
}) {
  const w = useWords(dialogWords);
  const shell = useShell();
  const [isOutside, setOutside] = useState(false);
  const choose = async () => {
    const chosen = (await ask('first-run.choose-folder', {})).folder;
    if (chosen === null) return;
    const path = pathBelow(shell.folder, chosen);
    setOutside(path === null);
    if (path !== null) onChoose(path);
  };
  return (
    <div className={classes['choose']}>
      <Button icon={<FolderOpen />} onClick={() => void choose()}>
        {w.choose}
      </Button>
      {folder !== null && (
        <span className={classes['chosen']}>
          <span className="visually-hidden">{w.chosen}: </span>
          <PathText path={folder} />
        </span>
      )}
      {isOutside && (
        <p className={classes['fault']} role="alert">
          {w.outside}
        </p>
      )}
    </div>
  );
}
