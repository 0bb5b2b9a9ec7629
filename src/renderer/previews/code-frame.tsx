/**
 * A place for CodeMirror: a shadow root of its own, where its styles are adopted sheets. In the page itself it would
 * add a `<style>` element, which the CSP forbids.
 */
import { useEffect, useRef } from 'react';
import { classNames } from '../design/class-names.ts';
import classes from './previews.module.css';

/** Builds what is shown; the returned function takes it away again. */
export type Mount = (root: ShadowRoot, parent: HTMLElement) => () => void;

/** Give `mount` a stable identity (useCallback): another one builds anew. */
export function CodeFrame({ mount, tall = false }: { readonly mount: Mount; readonly tall?: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const parent = document.createElement('div');
    root.append(parent);
    const unmount = mount(root, parent);
    return () => {
      unmount();
      parent.remove();
    };
  }, [mount]);
  return <div ref={host} className={classNames(classes['code'], tall && classes['tall'])} />;
}
