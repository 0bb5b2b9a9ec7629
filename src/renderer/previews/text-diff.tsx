/** Two texts and what changed between them: side by side where there is room, else one below the other. */
import { goToNextChunk, goToPreviousChunk, MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorView } from '@codemirror/view';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { IconButton } from '../design/button.tsx';
import { classNames } from '../design/class-names.ts';
import { useFormats, useWords } from '../words/language.tsx';
import { CodeFrame } from './code-frame.tsx';
import { readOnlyCode } from './code-theme.ts';
import { DIFF_EFFORT, documentOf, lineCounts } from './line-counts.ts';
import classes from './previews.module.css';
import { words } from './words.ts';

interface TextDiffProps {
  readonly before: string;
  readonly after: string;
  /** Names of both for screen readers: "V18 by Ben". */
  readonly beforeLabel: string;
  readonly afterLabel: string;
  /** What stands above each side; without them the labels. */
  readonly beforeHeading?: ReactNode;
  readonly afterHeading?: ReactNode;
}

/** Two columns narrower than this would only wrap. */
const SPLIT_WIDTH = 720;
function useNarrow(): readonly [boolean, (element: HTMLElement | null) => (() => void) | undefined] {
  const [narrow, setNarrow] = useState(true);
  const measure = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    setNarrow(element.clientWidth < SPLIT_WIDTH);
    const observer = new ResizeObserver(() => setNarrow(element.clientWidth < SPLIT_WIDTH));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [narrow, measure];
}

export function TextDiff({
  before,
  after,
  beforeLabel,
  afterLabel,
  beforeHeading,
  afterHeading,
}: TextDiffProps) {
  const w = useWords(words);
  const formats = useFormats();
  const [narrow, measure] = useNarrow();
  const shown = useRef<EditorView | null>(null);
  const documents = useMemo(() => ({ a: documentOf(before), b: documentOf(after) }), [before, after]);
  const counts = useMemo(() => lineCounts(documents.a, documents.b), [documents]);
  const mount = useCallback(
    (root: ShadowRoot, parent: HTMLElement) => {
      const phrases = { '$ unchanged lines': w.unchangedLines };
      const options = { collapseUnchanged: { margin: 3, minSize: 6 }, diffConfig: DIFF_EFFORT };
      if (narrow) {
        const unified = unifiedMergeView({ ...options, original: documents.a, mergeControls: false });
        const extensions = [readOnlyCode(`${beforeLabel} → ${afterLabel}`, phrases), unified];
        const view = new EditorView({ doc: documents.b, extensions, root, parent });
        shown.current = view;
        return () => view.destroy();
      }
      const merge = new MergeView({
        ...options,
        a: { doc: documents.a, extensions: readOnlyCode(beforeLabel, phrases) },
        b: { doc: documents.b, extensions: readOnlyCode(afterLabel, phrases) },
        parent,
        root,
      });
      shown.current = merge.b;
      return () => merge.destroy();
    },
    [documents, beforeLabel, afterLabel, narrow, w.unchangedLines],
  );
  const go = (next: boolean) => {
    const view = shown.current;
    if (view === null) return;
    (next ? goToNextChunk : goToPreviousChunk)(view);
  };
  const summary =
    counts.places === 0
      ? w.sameText
      : w.changedLines(formats.count(counts.added), formats.count(counts.removed));
  return (
    <div ref={measure} className={classNames(classes['diff'], narrow && classes['unified'])}>
      <div className={classes['diffBar']}>
        <p role="status">{summary}</p>
        {counts.places > 0 && (
          <div className={classes['diffSteps']}>
            <IconButton size="small" label={w.previousChange} icon={<ArrowUp />} onClick={() => go(false)} />
            <IconButton size="small" label={w.nextChange} icon={<ArrowDown />} onClick={() => go(true)} />
          </div>
        )}
      </div>
      <div className={classes['diffHeads']}>
        <div>{beforeHeading ?? beforeLabel}</div>
        <div>{afterHeading ?? afterLabel}</div>
      </div>
      <CodeFrame mount={mount} tall />
    </div>
  );
}
