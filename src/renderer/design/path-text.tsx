/** A name or path as it is, made harmless to read: text only, in its own direction (see words/visible-text.ts). */

import { baseName } from '../../core/names/path-parts.ts';
import { splitEnding, visibleText } from '../words/visible-text.ts';
import { classNames } from './class-names.ts';
import classes from './path-text.module.css';

export { visibleText } from '../words/visible-text.ts';

/** The last part of a path stands out; without room the folder gives way first, and the ending never. */
export function PathText({ path, wrap = false }: { readonly path: string; readonly wrap?: boolean }) {
  const name = baseName(path);
  const folder = path.slice(0, path.length - name.length);
  const [stem, ending] = splitEnding(name);
  return (
    <bdi className={classNames(classes['path'], wrap && classes['wrap'])} title={visibleText(path)}>
      {folder !== '' && <span className={classes['folder']}>{visibleText(folder)}</span>}
      <span className={classes['name']}>{visibleText(stem)}</span>
      {ending !== '' && <span className={classes['ending']}>{visibleText(ending)}</span>}
    </bdi>
  );
}

export function NameText({ name }: { readonly name: string }) {
  return <bdi>{visibleText(name)}</bdi>;
}
