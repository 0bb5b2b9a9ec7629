/** Which version was made of which: as a graph, or said in a list. */

import { GitFork, List } from 'lucide-react';
import { useMemo, useState } from 'react';
import { baseName } from '../../../../core/names/path-parts.ts';
import type { ConflictShown } from '../../../../ipc/conflicts.ts';
import type { VersionRow } from '../../../../ipc/shapes.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { visibleText } from '../../../design/path-text.tsx';
import { OpenVersionButton, VersionPreview } from '../../../previews/version-preview.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { useSideLabels } from '../one/labels.ts';

import { quoted } from '../use-settle.ts';
import { words as common } from '../words.ts';
import { type Entry, entriesOf } from './entries.ts';
import { Graph } from './graph.tsx';
import classes from './lineage.module.css';
import { LineageList } from './lineage-list.tsx';
import { words } from './words.ts';

export function LineageCard({ shown }: { readonly shown: ConflictShown }) {
  const w = useWords(words);
  const [view, setView] = useState<'graph' | 'list'>('graph');
  const [looked, setLooked] = useState<Entry | null>(null);
  const entries = useMemo(() => entriesOf(shown), [shown]);
  const told = useTold(shown, entries);
  return (
    <Card
      title={w.title}
      actions={
        <Button
          variant="quiet"
          size="small"
          icon={view === 'graph' ? <List /> : <GitFork />}
          onClick={() => setView(view === 'graph' ? 'list' : 'graph')}
        >
          {view === 'graph' ? w.list : w.graph}
        </Button>
      }
    >
      {view === 'graph' ? (
        <Graph entries={entries} told={told} onShow={setLooked} />
      ) : (
        <LineageList entries={entries} shown={shown} onShow={setLooked} />
      )}
      {view === 'graph' && <p className={classes['help']}>{w.help}</p>}
      {looked?.version != null && (
        <Look
          path={shown.path}
          node={looked.node}
          version={looked.version}
          told={told(looked)}
          onClose={() => setLooked(null)}
        />
      )}
    </Card>
  );
}

/** What a version's label on the screen does not say: its side before it, what it is made of behind it. */
export interface Told {
  readonly side: string;
  readonly made: string;
}

function useTold(shown: ConflictShown, entries: readonly Entry[]): (entry: Entry) => Told {
  const c = useWords(common);
  const w = useWords(words);
  const labels = useSideLabels(shown);
  const formats = useFormats();
  return ({ side, version, base }) => {
    const from = entries.find((each) => each.id === base)?.version ?? null;
    const made = [
      version === null ? null : w.reason(version.reason),
      from === null ? null : w.madeOf(c.version(formats.count(from.number))),
    ];
    return {
      side: side === 'both' ? labels.base.title : labels[side].title,
      made: made.filter((each) => each !== null).join(', '),
    };
  };
}

function Look({
  path,
  node,
  version,
  told,
  onClose,
}: {
  readonly path: string;
  readonly node: string;
  readonly version: VersionRow;
  readonly told: Told;
  readonly onClose: () => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const formats = useFormats();
  const title = w.shownTitle(visibleText(baseName(path)), c.version(formats.count(version.number)));
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      lead={w.shownLead(
        told.side,
        told.made,
        quoted(version.user),
        quoted(version.device),
        formats.moment(version.editedAt),
      )}
      actions={
        <>
          <OpenVersionButton node={node} version={version.version} />
          <Button variant="primary" onClick={onClose}>
            {c.close}
          </Button>
        </>
      }
    >
      <VersionPreview
        node={node}
        version={version.version}
        path={path}
        kind={version.kind}
        size={version.size}
        label={title}
      />
    </Dialog>
  );
}
