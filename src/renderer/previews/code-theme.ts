/** How texts look, in the colours of the design system: its names reach into shadow roots. */
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';

const THEME = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: 'var(--text-sm)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { padding: '0.5rem 0', userSelect: 'text', cursor: 'text' },
  '.cm-content:focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface-2)',
    color: 'var(--text-3)',
    borderRight: '1px solid var(--line-soft)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.5rem 0 0.75rem' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--accent-soft) !important',
  },
  '.cm-specialChar': { color: 'var(--bad)' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--bad-soft)' },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine, &.cm-merge-b .cm-insertedLine': {
    backgroundColor: 'var(--ok-soft)',
  },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--bad) 24%, transparent) !important',
    borderRadius: '2px',
  },
  '&.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--ok) 26%, transparent) !important',
    borderRadius: '2px',
  },
  '.cm-changeGutter': { width: '4px', paddingLeft: '0' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--bad)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--ok)' },
  '.cm-collapsedLines': {
    color: 'var(--text-2) !important',
    background: 'var(--surface-3) !important',
    fontFamily: 'var(--font)',
    fontSize: 'var(--text-xs)',
    cursor: 'default',
  },
});

/** Reads well and cannot be changed: `label` is its name for screen readers. */
export function readOnlyCode(label: string, phrases: Readonly<Record<string, string>> = {}): Extension {
  return [
    THEME,
    lineNumbers(),
    highlightSpecialChars(),
    EditorView.lineWrapping,
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorState.phrases.of(phrases),
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' }),
  ];
}

/** The same look for a text that is edited. */
export const CODE_THEME: Extension = [THEME, lineNumbers(), highlightSpecialChars(), EditorView.lineWrapping];
