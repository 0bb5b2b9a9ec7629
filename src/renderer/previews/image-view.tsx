/** A picture of a version. Main has looked at its first bytes and gives nothing that can run. */
import { useState } from 'react';
import { previewUrl } from '../../ipc/window-names.ts';
import { useFormats, useWords } from '../words/language.tsx';
import classes from './previews.module.css';
import { useThawSentence } from './use-thaw-sentence.ts';
import { words } from './words.ts';

export function ImageView({
  node,
  version,
  label,
  onFailed,
}: {
  readonly node: string;
  readonly version: string;
  /** What the picture is, for those who do not see it. */
  readonly label: string;
  /** Main would not show it, or it is no picture. */
  readonly onFailed: () => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null);
  const thawing = useThawSentence({ node, version }, size === null);
  return (
    <figure className={classes['image']}>
      <div className={classes['board']}>
        <img
          src={previewUrl(node, version)}
          alt={label}
          draggable={false}
          onError={onFailed}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
            setSize({ width, height })
          }
        />
      </div>
      <figcaption>
        {size === null
          ? (thawing ?? w.loadingPicture)
          : w.pixels(formats.count(size.width), formats.count(size.height))}
      </figcaption>
    </figure>
  );
}
