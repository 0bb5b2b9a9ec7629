/** A file: how it stands, its versions in time, and the one that is looked at. */
import { useState } from 'react';
import { useNow } from '../../bridge/use-now.ts';
import { Badge } from '../../design/badge.tsx';
import { Card } from '../../design/card.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { WentTo } from './crossed.tsx';
import classes from './history.module.css';
import type { HistoryNode } from './pick-versions.ts';
import { VersionPanel } from './version-panel.tsx';
import { VersionTimeline } from './version-timeline.tsx';
import { words } from './words.ts';

export function FileHistory({ node, asked }: { readonly node: HistoryNode; readonly asked: string }) {
  const w = useWords(words);
  const formats = useFormats();
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = node.versions.find((each) => each.version === picked) ?? node.versions[0];
  const path = node.path ?? asked;
  const count = node.versions.length;
  return (
    <>
      <Standing node={node} path={path} asked={asked} />
      {chosen === undefined ? (
        <Card>
          <p className={classes['quiet']}>{w.noVersions}</p>
        </Card>
      ) : (
        <div className={classes['columns']}>
          <Card title={w.versions} lead={w.versionCount(formats.count(count), count === 1)} flush>
            <VersionTimeline
              versions={node.versions}
              chosen={chosen.version}
              onChoose={(row) => setPicked(row.version)}
            />
          </Card>
          <VersionPanel
            key={chosen.version}
            node={node}
            path={path}
            chosen={chosen}
            onRestored={() => setPicked(null)}
          />
        </div>
      )}
    </>
  );
}

/** Whether the file stands elsewhere or nowhere; nothing when it stands here. */
function Standing({
  node: { live, deleted },
  path,
  asked,
}: {
  readonly node: HistoryNode;
  readonly path: string;
  readonly asked: string;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const now = useNow(30_000);
  if (!live && deleted !== null) {
    return (
      <p className={classes['standing']}>
        <Badge tone="warn">{w.deleted}</Badge>{' '}
        {w.deletedText(formats.ago(deleted.at, now), inSentence(deleted.user), inSentence(deleted.device))}
        <WentTo to={deleted.wentTo} />
      </p>
    );
  }
  return live && path !== asked ? (
    <p className={classes['standing']}>
      <Badge tone="info">{w.elsewhere}</Badge> {w.movedText(inSentence(path))}
    </p>
  ) : null;
}
