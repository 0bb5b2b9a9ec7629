/** Sentences with names, drawn: every name as what it is, never as part of the text. */
import { NameText } from '../../design/path-text.tsx';
import classes from './conflicts.module.css';
import type { Part } from './parts.ts';

export function PartsText({ parts }: { readonly parts: readonly Part[] }) {
  return parts.map((part, index) =>
    part.kind === 'text' ? (
      part.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <strong key={index} className={classes['named']}>
        <NameText name={part.text} />
      </strong>
    ),
  );
}
