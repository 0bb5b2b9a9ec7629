/** Texts: all three in columns, or any two with CodeMirror's merge view. */
import { useState } from 'react';
import { Select } from '../../../design/fields.tsx';
import { ErrorState, LoadingState } from '../../../design/message.tsx';
import type { VersionText } from '../../../previews/read-version.ts';
import { TextDiff } from '../../../previews/text-diff.tsx';
import { TextView } from '../../../previews/text-view.tsx';
import { useVersionText, type VersionTextState } from '../../../previews/version-text.ts';
import { useWords } from '../../../words/language.tsx';
import type { SideLabel } from '../one/labels.ts';
import classes from './preview.module.css';
import { ThreeColumns } from './three-columns.tsx';
import type { Content, Contents } from './versions.ts';
import { words } from './words.ts';

export type Labels = Readonly<Record<'base' | 'theirs' | 'mine', SideLabel>>;
type Texts = { readonly base: string | null; readonly theirs: string | null; readonly mine: string | null };
type Pair = 'three' | 'base-theirs' | 'base-mine' | 'theirs-mine';

export function TextCompare({ contents, labels }: { readonly contents: Contents; readonly labels: Labels }) {
  const w = useWords(words);
  const base = useVersionText(contents.base);
  const theirs = useVersionText(contents.theirs);
  const mine = useVersionText(contents.mine);
  const asked = [
    [contents.base, base],
    [contents.theirs, theirs],
    [contents.mine, mine],
  ] as const;
  const states = asked.filter(([content]) => content !== null).map(([, { state }]) => state);
  const again = () => {
    for (const [content, { again: once, state }] of asked)
      if (content !== null && state.kind === 'failed') once();
  };
  const failed = states.find((state) => state.kind === 'failed');
  if (failed?.kind === 'failed') return <ErrorState reply={failed.reply} again={again} />;
  if (states.some((state) => state.kind === 'loading')) return <LoadingState rows={5} />;
  if (states.some((state) => state.kind === 'too-large')) return <Nothing text={w.tooLarge} />;
  if (states.some((state) => state.kind === 'binary')) return <Nothing text={`${w.none} ${w.open}`} />;
  const text = (content: Content | null, state: VersionTextState) =>
    content === null || state.kind !== 'text' ? null : state.text;
  return (
    <Shown
      texts={{
        base: text(contents.base, base.state),
        theirs: text(contents.theirs, theirs.state),
        mine: text(contents.mine, mine.state),
      }}
      labels={labels}
      mixed={new Set(states.map(encodingOf)).size > 1}
    />
  );
}

function encodingOf(state: VersionText | { readonly kind: 'loading' }): string {
  return state.kind === 'text' ? state.encoding : '';
}

function Nothing({ text }: { readonly text: string }) {
  return <p className={classes['nothing']}>{text}</p>;
}

function Shown({
  texts,
  labels,
  mixed,
}: {
  readonly texts: Texts;
  readonly labels: Labels;
  readonly mixed: boolean;
}) {
  const w = useWords(words);
  const [pair, setPair] = useState<Pair>('three');
  const { base, theirs, mine } = texts;
  const note = mixed ? <p className={classes['note']}>{w.encodings}</p> : null;
  if (theirs === null || mine === null) {
    const side = theirs === null ? 'mine' : 'theirs';
    const only = theirs ?? mine ?? base ?? '';
    return (
      <>
        <p className={classes['note']}>{w.onlyOne}</p>
        {base === null ? (
          <TextView text={only} label={labels[side].title} />
        ) : (
          <TextDiff
            before={base}
            after={only}
            beforeLabel={labels.base.title}
            afterLabel={labels[side].title}
          />
        )}
      </>
    );
  }
  const choices = [
    { value: 'three' as const, label: base === null ? w.two : w.three },
    ...(base === null
      ? []
      : [
          { value: 'base-theirs' as const, label: w.baseTheirs(labels.theirs.title) },
          { value: 'base-mine' as const, label: w.baseTheirs(labels.mine.title) },
        ]),
    { value: 'theirs-mine' as const, label: w.theirsMine },
  ];
  const [before, after] =
    pair === 'theirs-mine'
      ? (['theirs', 'mine'] as const)
      : (['base', pair === 'base-mine' ? 'mine' : 'theirs'] as const);
  return (
    <>
      {note}
      <div className={classes['how']}>
        <Select label={w.how} value={pair} choices={choices} onChange={setPair} />
      </div>
      {pair === 'three' || texts[before] === null ? (
        <ThreeColumns texts={{ base, theirs, mine }} labels={labels} />
      ) : (
        <TextDiff
          before={texts[before] ?? ''}
          after={texts[after] ?? ''}
          beforeLabel={labels[before].title}
          afterLabel={labels[after].title}
        />
      )}
    </>
  );
}
