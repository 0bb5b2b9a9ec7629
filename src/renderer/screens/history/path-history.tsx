/** What stands or stood at a path: a file with its versions, or a folder. */
import { FileQuestion, FileSearch, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { HistoryResult } from '../../../ipc/history.ts';
import { ask } from '../../bridge/bridge.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import { useEngine } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Button } from '../../design/button.tsx';
import { Select } from '../../design/fields.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { PathText } from '../../design/path-text.tsx';
import { Screen } from '../../design/screen.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { FileHistory } from './file-history.tsx';
import { FolderMoment } from './folder-moment.tsx';
import classes from './history.module.css';
import { HoldButton, HoldLine } from './hold-line.tsx';
import type { HistoryNode } from './pick-versions.ts';
import { words } from './words.ts';

export function PathHistory({ path, node }: { readonly path: string | null; readonly node: string | null }) {
  const w = useWords(words);
  const { value, reply, again } = useEngine('history', node === null ? { path: path ?? '' } : { node });
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = value?.path ?? path ?? '';
  const shown = value?.nodes.find((each) => each.node === chosen) ?? value?.nodes[0];
  return (
    <Screen
      title={w.title}
      lead={<PathText path={asked} wrap />}
      actions={
        <>
          {shown !== undefined && <Ways path={shown.path ?? asked} live={shown.live} />}
          <Button onClick={() => goTo('/history')}>{w.otherPath}</Button>
        </>
      }
    >
      {value !== null && shown !== undefined ? (
        <NodeAt result={value} node={shown} onChoose={setChosen} />
      ) : value !== null || (reply.kind === 'refused' && reply.code === 'not-found') ? (
        <Unknown />
      ) : reply.kind === 'loading' || reply.kind === 'ok' ? (
        <LoadingState rows={6} />
      ) : (
        <ErrorState reply={reply} again={again} />
      )}
    </Screen>
  );
}

function Ways({ path, live }: { readonly path: string; readonly live: boolean }) {
  const w = useWords(words);
  const outcome = useOutcome();
  return (
    <>
      {live && (
        <Button
          variant="quiet"
          icon={<FolderOpen />}
          onClick={() => void outcome(ask('open.show', { path }))}
        >
          {w.showInFolder}
        </Button>
      )}
      <HoldButton path={path} />
      <Button variant="quiet" icon={<FileQuestion />} onClick={() => goTo(routeTo(['explain', path]))}>
        {w.why}
      </Button>
    </>
  );
}

function Unknown() {
  const w = useWords(words);
  return (
    <EmptyState
      icon={<FileSearch />}
      title={w.unknownTitle}
      actions={
        <Button variant="primary" onClick={() => goTo('/history')}>
          {w.otherPath}
        </Button>
      }
    >
      {w.unknownText}
    </EmptyState>
  );
}

/** Several files can have stood at one path, one after the other: one is looked at. */
function NodeAt({
  result,
  node,
  onChoose,
}: {
  readonly result: HistoryResult;
  readonly node: HistoryNode;
  readonly onChoose: (node: string) => void;
}) {
  const w = useWords(words);
  const describe = useDescription(result.path);
  return (
    <>
      {result.nodes.length > 1 && (
        <div className={classes['which']}>
          <Select
            label={w.which}
            value={node.node}
            choices={result.nodes.map((each) => ({ value: each.node, label: describe(each) }))}
            onChange={onChoose}
          />
          <p className={classes['quiet']}>{w.whichHint}</p>
        </div>
      )}
      <HoldLine path={node.path ?? result.path} />
      {node.kind === 'folder' ? (
        <FolderMoment key={node.node} folder={node.path ?? result.path} />
      ) : (
        <FileHistory key={node.node} node={node} asked={result.path} />
      )}
    </>
  );
}

function useDescription(asked: string): (node: HistoryNode) => string {
  const w = useWords(words);
  const formats = useFormats();
  const now = useNow(60_000);
  return ({ live, path, deleted }) => {
    if (live && path !== null && path !== asked) return w.movedTo(inSentence(path));
    if (live || deleted === null) return w.hereNow;
    return w.goneOn(
      formats.shortMoment(deleted.at, now),
      inSentence(deleted.user),
      inSentence(deleted.device),
    );
  };
}
