/** CodeMirror for a merged text: marks are coloured, walked to, and replaced by what is chosen; all of it can be undone. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { CODE_THEME } from '../../../previews/code-theme.ts';
import { type Clash, clashesOf, type Marks, settled, type Take } from './merge-text.ts';

interface EditorInput {
  readonly root: ShadowRoot;
  readonly parent: HTMLElement;
  readonly text: string;
  readonly end: '\n' | '\r\n';
  readonly marks: Marks;
  readonly label: string;
  readonly onChange: (state: EditorState) => void;
}

function linesIn(state: EditorState): readonly string[] {
  return state.doc.toJSON();
}

export function clashesIn(state: EditorState, marks: Marks): readonly Clash[] {
  return clashesOf(linesIn(state), marks);
}

/** Where the cursor is; null outside of every marked place. */
export function clashAt(state: EditorState, marks: Marks): Clash | null {
  const line = state.doc.lineAt(state.selection.main.head).number - 1;
  return clashesIn(state, marks).find((clash) => clash.from <= line && line <= clash.to) ?? null;
}

export function goToClash(view: EditorView, marks: Marks, way: -1 | 1, focus: boolean): void {
  const clashes = clashesIn(view.state, marks);
  const line = view.state.doc.lineAt(view.state.selection.main.head).number - 1;
  const here = clashes.findIndex((clash) => clash.from <= line && line <= clash.to);
  const after = clashes.findIndex((clash) => clash.from > line);
  const index =
    here >= 0 && focus
      ? here + way
      : here >= 0
        ? here
        : way > 0
          ? after
          : (after < 0 ? clashes.length : after) - 1;
  const clash = clashes[(index + clashes.length) % Math.max(1, clashes.length)];
  if (clash === undefined) return;
  const { from } = view.state.doc.line(clash.from + 1);
  view.dispatch({
    selection: { anchor: from },
    effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 60 }),
  });
  if (focus) view.focus();
}

export function takeAt(view: EditorView, marks: Marks, take: Take): void {
  const { state } = view;
  const clash = clashAt(state, marks);
  if (clash === null || !clash.whole) return;
  const lines = settled(linesIn(state), clash, take);
  const last = state.doc.line(clash.to + 1);
  const { from } = state.doc.line(clash.from + 1);
  // Without any line the line break goes too.
  const to = lines.length === 0 ? Math.min(state.doc.length, last.to + 1) : last.to;
  view.dispatch({
    changes: { from, to, insert: state.toText(lines.join(state.lineBreak)) },
    selection: { anchor: from },
    userEvent: 'input.merge',
  });
  if (clashesIn(view.state, marks).length > 0) goToClash(view, marks, 1, true);
  else view.focus();
}

const MARK = Decoration.line({ class: 'tm-mark' });
const PARTS = {
  mine: Decoration.line({ class: 'tm-mine' }),
  base: Decoration.line({ class: 'tm-base' }),
  theirs: Decoration.line({ class: 'tm-theirs' }),
};

function decorate(state: EditorState, marks: Marks): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const clash of clashesIn(state, marks)) {
    for (let line = clash.from; line <= clash.to; line += 1) {
      const { from } = state.doc.line(line + 1);
      const isMark = line === clash.from || line === clash.to || line === clash.base || line === clash.middle;
      const part =
        clash.middle !== null && line > clash.middle
          ? 'theirs'
          : clash.base !== null && line > clash.base
            ? 'base'
            : 'mine';
      builder.add(from, from, isMark ? MARK : PARTS[part]);
    }
  }
  return builder.finish();
}

function colouring(marks: Marks): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view.state, marks);
      }
      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorate(update.state, marks);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

const COLOURS = EditorView.theme({
  '.tm-mark': {
    backgroundColor: 'var(--warn-soft)',
    color: 'var(--warn)',
    fontWeight: '700',
    borderLeft: '3px solid var(--warn)',
  },
  '.tm-mine': { backgroundColor: 'var(--mine-soft)', borderLeft: '3px solid var(--mine)' },
  '.tm-base': { backgroundColor: 'var(--both-soft)', borderLeft: '3px solid var(--both)' },
  '.tm-theirs': { backgroundColor: 'var(--theirs-soft)', borderLeft: '3px solid var(--theirs)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
});

export function mountEditor({ root, parent, text, end, marks, label, onChange }: EditorInput): EditorView {
  const view = new EditorView({
    root,
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.lineSeparator.of(end),
        history(),
        // Tab leaves the editor: nobody is caught in it.
        keymap.of([...defaultKeymap, ...historyKeymap]),
        CODE_THEME,
        COLOURS,
        colouring(marks),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged || update.selectionSet) onChange(update.state);
        }),
      ],
    }),
  });
  onChange(view.state);
  return view;
}
