import { EditorView } from '@codemirror/view';
import { useCallback } from 'react';
import { CodeFrame } from './code-frame.tsx';
import { readOnlyCode } from './code-theme.ts';

/** One text to read. Only the lines in view exist. */
export function TextView({ text, label }: { readonly text: string; readonly label: string }) {
  const mount = useCallback(
    (root: ShadowRoot, parent: HTMLElement) => {
      const view = new EditorView({ doc: text, extensions: readOnlyCode(label), root, parent });
      return () => view.destroy();
    },
    [text, label],
  );
  return <CodeFrame mount={mount} />;
}
