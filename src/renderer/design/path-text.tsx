/**
 * A name or path as it is, made harmless to read: text only, its own direction, and what cannot be seen (controls,
 * direction marks) shown as its code. Names come from other people's computers.
 */

import { classNames } from './class-names.ts';
import classes from './path-text.module.css';

const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export function visibleText(text: string): string {
  return text.replace(
    UNSEEN,
    (char) => `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}

/** The last part of a path stands out, the folder before it gives way when there is no room. */
export function PathText({ path, wrap = false }: { readonly path: string; readonly wrap?: boolean }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <bdi className={classNames(classes['path'], wrap && classes['wrap'])} title={visibleText(path)}>
      {cut > 0 && <span className={classes['folder']}>{visibleText(path.slice(0, cut))}</span>}
      <span className={classes['name']}>{visibleText(path.slice(cut))}</span>
    </bdi>
  );
}

export function NameText({ name }: { readonly name: string }) {
  return <bdi>{visibleText(name)}</bdi>;
}
