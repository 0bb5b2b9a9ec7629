/** Which version was made of which: as a graph, or said in a list. */
import { GitFork, List } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ConflictShown } from '../../../../ipc/conflicts.ts';
import type { VersionRow } from '../../../../ipc/shapes.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { visibleText } from '../../../design/path-text.tsx';
import { OpenVersionButton, VersionPreview } from '../../../previews/version-preview.tsx';
import { useWords } from '../../../words/language.tsx';
import { useSideLabels } from '../one/labels.ts';
import { nameOf } from '../roles.ts';
import { quoted } from '../use-settle.ts';
import { useTelling } from '../use-telling.ts';
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
  const nameOfEntry = useEntryName(shown, entries);
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
        <Graph entries={entries} nameOf={nameOfEntry} onShow={setLooked} />
      ) : (
        <LineageList entries={entries} shown={shown} onShow={setLooked} />
      )}
      {view === 'graph' && <p className={classes['help']}>{w.help}</p>}
      {looked?.version != null && (
        <Look
          path={shown.path}
          node={looked.node}
          version={looked.version}
          about={nameOfEntry(looked)}
          onClose={() => setLooked(null)}
        />
      )}
    </Card>
  );
}

function useEntryName(shown: ConflictShown, entries: readonly Entry[]): (entry: Entry) => string {
  const c = useWords(common);
  const w = useWords(words);
  const labels = useSideLabels(shown);
  const { formats, now } = useTelling();
  return (entry) => {
    const side = entry.side === 'both' ? labels.base.title : labels[entry.side].title;
    const who = quoted(entry.by.user);
    const device = quoted(entry.by.device);
    const when = formats.shortMoment(entry.by.at, now);
    if (entry.version === null) return w.deletedName(side, who, device, when);
    const base = entries.find((each) => each.id === entry.base)?.version ?? null;
    return w.name({
      side,
      version: c.version(formats.count(entry.version.number)),
      reason: w.reason(entry.version.reason),
      who,
      device,
      when,
      base: base === null ? null : c.version(formats.count(base.number)),
      current: entry.version.current,
    });
  };
}

function Look({
  path,
  node,
  version,
  about,
  onClose,
}: {
  readonly path: string;
  readonly node: string;
  readonly version: VersionRow;
  readonly about: string;
  readonly onClose: () => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const { formats } = useTelling();
  const title = w.shownTitle(visibleText(nameOf(path)), c.version(formats.count(version.number)));
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      lead={about}
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
