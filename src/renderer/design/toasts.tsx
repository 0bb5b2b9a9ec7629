/** What a command did, with its undo: said once, beside the work, never in its way. */
import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { catalogue, useWords } from '../words/language.tsx';
import { Button, IconButton } from './button.tsx';
import classes from './toasts.module.css';

const words = catalogue({
  en: { close: 'Dismiss', undo: 'Undo', region: 'News' },
  de: { close: 'Schließen', undo: 'Rückgängig', region: 'Neuigkeiten' },
});

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider timeout={9000} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={classes['viewport']}>
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager<Saying>();
  const w = useWords(words);
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className={classes['toast']}
      aria-label={w.region}
      // One that is urgent is told by an alert of its own, yet it can be reached and used like the others.
      aria-hidden={false}
      data-tone={toast.data?.tone ?? 'plain'}
    >
      <Toast.Description className={classes['text']} />
      {toast.data?.undo !== undefined && (
        <Button size="small" onClick={toast.data.undo}>
          {w.undo}
        </Button>
      )}
      <Toast.Close aria-hidden={false} render={<IconButton size="small" label={w.close} icon={<X />} />} />
    </Toast.Root>
  ));
}

interface Saying {
  readonly tone: 'plain' | 'bad';
  readonly undo?: () => void;
}

/** `say` for what was done, with its undo; `complain` for what was refused. */
export function useToasts(): {
  readonly say: (text: string, undo?: () => void) => void;
  readonly complain: (text: string) => void;
} {
  const { add, close } = Toast.useToastManager<Saying>();
  return {
    say: (text, undo) => {
      const id: string = add({
        description: text,
        data:
          undo === undefined
            ? { tone: 'plain' }
            : {
                tone: 'plain',
                undo: () => {
                  close(id);
                  undo();
                },
              },
      });
    },
    complain: (text) => {
      add({ description: text, priority: 'high', timeout: 15_000, data: { tone: 'bad' } });
    },
  };
}
