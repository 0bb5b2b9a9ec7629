/** The version that is looked at: what it holds, how it differs from another, and putting it back. */

import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { baseName } from '../../../core/names/path-parts.ts';
import type { VersionRow } from '../../../ipc/shapes.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useReplyText } from '../../design/message.tsx';
import { NameText } from '../../design/path-text.tsx';
import { Tabs } from '../../design/tabs.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { OpenVersionButton, VersionPreview } from '../../previews/version-preview.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './history.module.css';
import { canRestore, type HistoryNode } from './pick-versions.ts';
import { RestoreCopy } from './restore-copy.tsx';
import { VersionCompare } from './version-compare.tsx';
import { VersionLabel } from './version-label.tsx';
import { words } from './words.ts';

interface PanelProps {
  readonly node: HistoryNode;
  readonly path: string;
  readonly chosen: VersionRow;
  readonly onRestored: () => void;
}

export function VersionPanel({ node, path, chosen, onRestored }: PanelProps) {
  const w = useWords(words);
  const formats = useFormats();
  const [view, setView] = useState<'preview' | 'compare'>('preview');
  const name = inSentence(baseName(path));
  const number = formats.count(chosen.number);
  return (
    <Card
      title={`${w.version(number)} · ${w.reason(chosen.reason)}`}
      lead={
        <>
          <NameText name={chosen.user} /> · <NameText name={chosen.device} /> · {formats.moment(chosen.at)} ·{' '}
          {formats.bytes(chosen.size)}
        </>
      }
    >
      <div className={classes['panel']}>
        <VersionLabel node={node.node} chosen={chosen} />
        <PanelActions node={node} path={path} chosen={chosen} onRestored={onRestored} />
        <Tabs
          label={w.view}
          value={view}
          tabs={[
            { value: 'preview', label: w.preview },
            { value: 'compare', label: w.compare },
          ]}
          onChange={setView}
        >
          {view === 'preview' ? (
            <VersionPreview
              node={node.node}
              version={chosen.version}
              path={path}
              kind={chosen.kind}
              size={chosen.size}
              label={w.versionOf(name, number)}
              offersCopy={false}
            />
          ) : (
            <VersionCompare node={node} path={path} chosen={chosen} />
          )}
        </Tabs>
      </div>
    </Card>
  );
}

function PanelActions({ node, path, chosen, onRestored }: PanelProps) {
  const w = useWords(words);
  const [copying, setCopying] = useState(false);
  const { busy, restore } = useRestore({ node, path, onRestored });
  const possible = canRestore(node, chosen);
  return (
    <div className={classes['actions']}>
      {possible && (
        <Button variant="primary" icon={<RotateCcw />} busy={busy} onClick={() => void restore(chosen)}>
          {node.live ? w.restore : w.bringBack}
        </Button>
      )}
      <Button onClick={() => setCopying(true)}>{w.asCopy}</Button>
      <OpenVersionButton node={node.node} version={chosen.version} />
      {possible && node.live && <p className={classes['quiet']}>{w.restoreHint}</p>}
      {copying && <RestoreCopy node={node} path={path} chosen={chosen} onClose={() => setCopying(false)} />}
    </div>
  );
}

/** Puts a version on top; its undo puts on top what was there before. */
function useRestore({ node, path, onRestored }: Omit<PanelProps, 'chosen'>) {
  const w = useWords(words);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('restore');
  const name = inSentence(baseName(path));
  const before = node.live ? node.versions.find((each) => each.current) : undefined;
  const undo = async (version: string, seen: string) => {
    const reply = await run({ node: node.node, version, seen });
    if (reply.kind === 'ok') say(w.undone(name));
    else complain(text(reply));
  };
  const restore = async (row: VersionRow) => {
    const seen = before === undefined ? {} : { seen: before.version };
    const reply = await run({ node: node.node, version: row.version, ...seen });
    if (reply.kind !== 'ok') return complain(text(reply));
    onRestored();
    if (before === undefined) say(w.cameBack(name));
    else
      say(w.restored(name, formats.count(row.number)), () => void undo(before.version, reply.value.version));
  };
  return { busy, restore };
}
