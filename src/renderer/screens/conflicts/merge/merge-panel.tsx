/** The merged text in an editor: marked places are counted, chosen at, and gone before it can be saved. */
import type { EditorView } from '@codemirror/view';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { Button, IconButton } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { CodeFrame } from '../../../previews/code-frame.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { namingOf } from '../roles.ts';
import { useSettle } from '../use-settle.ts';
import { useReader } from '../use-telling.ts';
import { words as common } from '../words.ts';
import { base64Of, encoded, lineEnd } from './encode.ts';
import { MERGE_LIMIT } from './limits.ts';
import classes from './merge.module.css';
import { clashAt, clashesIn, goToClash, mountEditor, takeAt } from './merge-editor.ts';
import { type Marks, mergeTexts, type Take } from './merge-text.ts';
import { words } from './words.ts';

export interface MergeInput {
  readonly texts: { readonly base: string | null; readonly theirs: string; readonly mine: string };
  readonly bom: boolean;
  readonly marks: Marks;
}

interface MergePanelProps {
  readonly row: ConflictRow;
  readonly input: MergeInput;
  readonly onCancel: () => void;
  readonly onSettled: () => void;
}

/** Stays the same while the words in it do: another identity would build the editor anew and lose what was typed. */
function useSteady(input: MergeInput): MergeInput {
  const key = JSON.stringify([input.texts, input.bom, input.marks]);
  const kept = useRef({ key, input });
  if (kept.current.key !== key) kept.current = { key, input };
  return kept.current.input;
}

export function MergePanel({ row, input: given, onCancel, onSettled }: MergePanelProps) {
  const c = useWords(common);
  const w = useWords(words);
  const formats = useFormats();
  const input = useSteady(given);
  const { busy, settle } = useSettle();
  const end = useMemo(() => lineEnd([input.texts.base ?? '', input.texts.theirs, input.texts.mine]), [input]);
  const merged = useMemo(() => mergeTexts(input.texts, input.marks, end), [input, end]);
  const editor = useRef<EditorView | null>(null);
  const [left, setLeft] = useState(merged.clashes);
  const [tooLarge, setTooLarge] = useState(false);
  const [isAt, setIsAt] = useState(false);
  const mount = useCallback(
    (root: ShadowRoot, parent: HTMLElement) => {
      const view = mountEditor({
        root,
        parent,
        text: merged.text,
        end,
        marks: input.marks,
        label: w.editor,
        onChange: (state) => {
          setLeft(clashesIn(state, input.marks).length);
          setIsAt(clashAt(state, input.marks)?.whole === true);
        },
      });
      editor.current = view;
      goToClash(view, input.marks, 1, false);
      return () => {
        editor.current = null;
        view.destroy();
      };
    },
    [merged, end, input, w.editor],
  );
  const save = async () => {
    const view = editor.current;
    if (view === null || clashesIn(view.state, input.marks).length > 0) return;
    const bytes = encoded(view.state.sliceDoc(), input.bom);
    setTooLarge(bytes.length > MERGE_LIMIT);
    if (bytes.length > MERGE_LIMIT) return;
    if (await settle(row, { keep: 'merged', merged: base64Of(bytes) })) onSettled();
  };
  const go = (way: -1 | 1) => editor.current !== null && goToClash(editor.current, input.marks, way, true);
  return (
    <Card title={w.title} lead={input.texts.base === null ? w.leadTwo : w.lead}>
      <div className={classes['bar']}>
        <p role="status" className={classes['left']} data-clean={left === 0 || undefined}>
          {left === 0 ? w.clean : w.clashes(formats.count(left), left === 1)}
          {merged.taken > 0 && (
            <span className={classes['taken']}>
              , {w.taken(formats.count(merged.taken), merged.taken === 1)}
            </span>
          )}
        </p>
        <div className={classes['steps']}>
          <IconButton label={w.previous} icon={<ArrowUp />} disabled={left === 0} onClick={() => go(-1)} />
          <IconButton label={w.next} icon={<ArrowDown />} disabled={left === 0} onClick={() => go(1)} />
        </div>
        <Takes
          row={row}
          disabled={!isAt}
          onTake={(take) => editor.current !== null && takeAt(editor.current, input.marks, take)}
        />
      </div>
      <CodeFrame mount={mount} />
      {tooLarge && (
        <p role="alert" className={classes['fault']}>
          {w.tooLarge}
        </p>
      )}
      <div className={classes['end']}>
        {left > 0 && <p className={classes['taken']}>{w.first}</p>}
        <Button onClick={onCancel}>{c.cancel}</Button>
        <Button variant="primary" disabled={left > 0} busy={busy} onClick={() => void save()}>
          {w.save}
        </Button>
      </div>
    </Card>
  );
}

function Takes({
  row,
  disabled,
  onTake,
}: {
  readonly row: ConflictRow;
  readonly disabled: boolean;
  readonly onTake: (take: Take) => void;
}) {
  const w = useWords(words);
  const places = namingOf(row, useReader()) === 'places';
  const name = (which: 'mine' | 'theirs') => {
    if (!places) return which === 'mine' ? w.takeMine : w.takeTheirs;
    return row[which].role === 'original' ? w.takeOriginal : w.takeCopy;
  };
  return (
    <div className={classes['takes']}>
      <Button size="small" disabled={disabled} onClick={() => onTake('theirs')}>
        {name('theirs')}
      </Button>
      <Button size="small" disabled={disabled} onClick={() => onTake('mine')}>
        {name('mine')}
      </Button>
      <Button size="small" disabled={disabled} onClick={() => onTake('mine-theirs')}>
        {w.takeBoth}
      </Button>
    </div>
  );
}
