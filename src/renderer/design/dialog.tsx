/** Questions that must be answered before going on; never for news. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useEffect, useState } from 'react';
import classes from './dialog.module.css';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  readonly actions: ReactNode;
  readonly wide?: boolean;
}

export function Dialog({ open, onClose, title, lead, children, actions, wide = false }: DialogProps) {
  useGivenBackFocus();
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={classes['backdrop']} />
        <Base.Popup className={wide ? `${classes['popup']} ${classes['wide']}` : classes['popup']}>
          <Base.Title className={classes['title']}>{title}</Base.Title>
          {lead !== undefined && <Base.Description className={classes['lead']}>{lead}</Base.Description>}
          {children !== undefined && <div className={classes['body']}>{children}</div>}
          <div className={classes['actions']}>{actions}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A dialog that is there only while it is open goes away at once: what had the focus before gets it back. */
function useGivenBackFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        // On a busy computer the frame comes late, and the content of the screen has taken what seemed lost.
        const active = document.activeElement;
        const isNowhere = active === document.body || active?.id === 'content';
        if (isNowhere && before instanceof HTMLElement) before.focus();
      });
    },
    [before],
  );
}
