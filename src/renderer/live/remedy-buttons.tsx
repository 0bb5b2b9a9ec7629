/** The buttons for what the app can offer about a trouble. */
import { FolderOpen, KeyRound, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { ask } from '../bridge/bridge.ts';
import { useCommand } from '../bridge/use-engine.ts';
import { useOutcome } from '../bridge/use-outcome.ts';
import { Button, type ButtonProps } from '../design/button.tsx';
import { useReplyText } from '../design/message.tsx';
import { useToasts } from '../design/toasts.tsx';
import { catalogue, useWords } from '../words/language.tsx';
import { type AppRemedy, appRemedies } from './remedies.ts';
import { useSignIn } from './sign-in-dialog.tsx';

const words = catalogue({
  en: {
    'sign-in': 'Sign in again',
    'link-again': 'Link again',
    'open-folder': 'Open folder',
    'show-file': 'Show in folder',
    'look-again': 'Look again',
    looking: 'Looking again. This card goes when it is settled.',
  },
  de: {
    'sign-in': 'Wieder anmelden',
    'link-again': 'Neu verbinden',
    'open-folder': 'Ordner öffnen',
    'show-file': 'Im Ordner zeigen',
    'look-again': 'Noch einmal prüfen',
    looking: 'Wird noch einmal geprüft. Diese Karte verschwindet, wenn es erledigt ist.',
  },
});

const ICONS: Readonly<Record<AppRemedy, ReactNode>> = {
  'sign-in': <KeyRound />,
  'link-again': <KeyRound />,
  'open-folder': <FolderOpen />,
  'show-file': <FolderOpen />,
  'look-again': <RefreshCw />,
};

interface RemedyButtonsProps {
  readonly code: string;
  /** The file it concerns, for what is offered file by file; null for what concerns the folder as a whole. */
  readonly path: string | null;
  readonly size?: ButtonProps['size'];
  /** The first is the one to press; where the page has another, none is. */
  readonly primary?: boolean;
}

export function RemedyButtons({ code, path, size = 'normal', primary = true }: RemedyButtonsProps) {
  const w = useWords(words);
  const signIn = useSignIn();
  const rescan = useCommand('rescan');
  const outcome = useOutcome();
  const { say, complain } = useToasts();
  const replyText = useReplyText();
  const offered = appRemedies(code).filter((remedy) => (remedy === 'show-file') === (path !== null));
  const act = async (remedy: AppRemedy) => {
    switch (remedy) {
      case 'sign-in':
      case 'link-again':
        signIn();
        return;
      case 'open-folder':
        await outcome(ask('open.show', { path: '' }));
        return;
      case 'show-file':
        await outcome(ask('open.show', { path: path ?? '' }));
        return;
      case 'look-again': {
        const reply = await rescan.run({});
        if (reply.kind === 'ok') say(w.looking);
        else complain(replyText(reply));
      }
    }
  };
  return (
    <>
      {offered.map((remedy, index) => (
        <Button
          key={remedy}
          size={size}
          variant={primary && index === 0 && path === null ? 'primary' : 'secondary'}
          icon={ICONS[remedy]}
          busy={remedy === 'look-again' && rescan.busy}
          onClick={() => void act(remedy)}
        >
          {w[remedy]}
        </Button>
      ))}
    </>
  );
}
