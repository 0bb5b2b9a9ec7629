/** Pictures: beside each other, with a line that is moved across them, or one shining through the other. */
import { useState } from 'react';
import { previewUrl } from '../../../../ipc/window-names.ts';
import { Badge } from '../../../design/badge.tsx';
import { Tabs } from '../../../design/tabs.tsx';
import { ImageView } from '../../../previews/image-view.tsx';
import { useWords } from '../../../words/language.tsx';
import { SideShape } from '../lineage/side-shape.tsx';
import classes from './preview.module.css';
import type { Labels } from './text-compare.tsx';
import { type Content, type Contents, present } from './versions.ts';
import { words } from './words.ts';

type Mode = 'beside' | 'swipe' | 'onion';

export function ImageCompare({ contents, labels }: { readonly contents: Contents; readonly labels: Labels }) {
  const w = useWords(words);
  const [mode, setMode] = useState<Mode>('beside');
  const { theirs, mine } = contents;
  const all = present(contents);
  const beside = (
    <div className={classes['pictures']}>
      {all.map((content) => (
        <Picture key={content.side} content={content} labels={labels} />
      ))}
    </div>
  );
  if (theirs === null || mine === null) return beside;
  return (
    <Tabs
      label={w.pictureModes}
      value={mode}
      onChange={setMode}
      tabs={[
        { value: 'beside', label: w.sideBySide },
        { value: 'swipe', label: w.swipe },
        { value: 'onion', label: w.onion },
      ]}
    >
      {mode === 'beside' ? beside : <Overlay mode={mode} theirs={theirs} mine={mine} labels={labels} />}
    </Tabs>
  );
}

function Picture({ content, labels }: { readonly content: Content; readonly labels: Labels }) {
  const w = useWords(words);
  const [failed, setFailed] = useState(false);
  const label = labels[content.side].title;
  return (
    <div className={classes['picture']}>
      <h3>
        <SideShape side={content.side === 'base' ? 'both' : content.side} />
        {label}
      </h3>
      {failed ? (
        <p className={classes['nothing']}>{w.missing}</p>
      ) : (
        <ImageView
          node={content.node}
          version={content.version}
          label={label}
          onFailed={() => setFailed(true)}
        />
      )}
    </div>
  );
}

function Overlay({
  mode,
  theirs,
  mine,
  labels,
}: {
  readonly mode: 'swipe' | 'onion';
  readonly theirs: Content;
  readonly mine: Content;
  readonly labels: Labels;
}) {
  const w = useWords(words);
  const [share, setShare] = useState(50);
  const [failed, setFailed] = useState(false);
  const [sizes, setSizes] = useState<Readonly<Record<string, string>>>({});
  if (failed) return <p className={classes['nothing']}>{w.missing}</p>;
  const picture = (content: Content) => (
    <img
      src={previewUrl(content.node, content.version)}
      alt={labels[content.side].title}
      draggable={false}
      onError={() => setFailed(true)}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
        setSizes((before) => ({ ...before, [content.side]: `${naturalWidth} × ${naturalHeight}` }))
      }
    />
  );
  const top = mode === 'swipe' ? { clipPath: `inset(0 0 0 ${share}%)` } : { opacity: share / 100 };
  return (
    <div className={classes['picture']}>
      <div className={classes['overlay']}>
        <div>{picture(theirs)}</div>
        <div style={top}>{picture(mine)}</div>
        {mode === 'swipe' && <span className={classes['divider']} style={{ left: `${share}%` }} />}
        <span className={classes['tag']} data-at="left">
          <Badge tone="theirs">{labels.theirs.title}</Badge>
        </span>
        <span className={classes['tag']} data-at="right">
          <Badge tone="mine">{labels.mine.title}</Badge>
        </span>
      </div>
      <label className={classes['slider']}>
        {mode === 'swipe' ? w.divide : w.blend}
        <input
          type="range"
          min={0}
          max={100}
          value={share}
          onChange={(event) => setShare(Number(event.currentTarget.value))}
        />
      </label>
      <p className={classes['caption']}>
        {labels.theirs.title}: {sizes['theirs'] ?? ''} · {labels.mine.title}: {sizes['mine'] ?? ''}
        {sizes['theirs'] !== undefined && sizes['mine'] !== undefined && sizes['theirs'] !== sizes['mine']
          ? ` · ${w.otherSize}`
          : ''}
      </p>
    </div>
  );
}
