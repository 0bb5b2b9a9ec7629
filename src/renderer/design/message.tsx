/** When there is nothing to list: nothing yet, still asking, or no answer. */
import { CircleSlash, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Method } from '../../ipc/contract.ts';
import type { EngineReply } from '../../ipc/window.ts';
import { errorSentence } from '../words/errors.ts';
import { catalogue, useLanguage, useWords } from '../words/language.tsx';
import { Button } from './button.tsx';
import classes from './message.module.css';

const words = catalogue({
  en: {
    loading: 'Loading',
    gone: 'The sync engine is not running. It is being started again; your files are safe.',
    fault: (message: string) => `Something in Tidemark went wrong: ${message}`,
    again: 'Try again',
  },
  de: {
    loading: 'Lädt',
    gone: 'Die Synchronisierung läuft gerade nicht. Sie wird neu gestartet; deine Dateien sind sicher.',
    fault: (message: string) => `In Tidemark ist etwas schiefgegangen: ${message}`,
    again: 'Noch einmal versuchen',
  },
});

interface MessageProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function EmptyState({ icon, title, children, actions }: MessageProps) {
  return (
    <div className={classes['message']}>
      <div className={classes['icon']} aria-hidden="true">
        {icon ?? <CircleSlash />}
      </div>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className={classes['actions']}>{actions}</div>}
    </div>
  );
}

/** Appears only after a moment: most answers are there before it would be seen. */
export function LoadingState({ rows = 4 }: { readonly rows?: number }) {
  const w = useWords(words);
  return (
    <div className={classes['loading']} role="status" aria-label={w.loading}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for nothing yet
        <div key={row} className={classes['bone']} />
      ))}
    </div>
  );
}

export function useReplyText(): (reply: Exclude<EngineReply<Method>, { kind: 'ok' }>) => string {
  const w = useWords(words);
  const language = useLanguage();
  return (reply) => {
    switch (reply.kind) {
      case 'refused':
        return errorSentence(language, reply.code, reply.facts);
      case 'gone':
        return w.gone;
      case 'fault':
        return w.fault(reply.message);
    }
  };
}

export function ErrorState({
  reply,
  again,
}: {
  readonly reply: Exclude<EngineReply<Method>, { kind: 'ok' }>;
  readonly again?: () => void;
}) {
  const w = useWords(words);
  const text = useReplyText();
  return (
    <div className={classes['message']} role="alert">
      <div className={classes['icon']} aria-hidden="true">
        <Unplug />
      </div>
      <p className="selectable">{text(reply)}</p>
      {again !== undefined && (
        <div className={classes['actions']}>
          <Button onClick={again}>{w.again}</Button>
        </div>
      )}
    </div>
  );
}
