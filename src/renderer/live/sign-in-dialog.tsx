/** Links this computer anew where it was: the password, and what it does and does not do. */
import { createContext, type FormEvent, type ReactNode, useContext, useId, useState } from 'react';
import { ask } from '../bridge/bridge.ts';
import { useStatus } from '../bridge/live-state.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { TextField } from '../design/fields.tsx';
import { useToasts } from '../design/toasts.tsx';
import { errorSentence } from '../words/errors.ts';
import { catalogue, useLanguage, useWords } from '../words/language.tsx';
import { inSentence } from '../words/visible-text.ts';

const words = catalogue({
  en: {
    title: 'Sign in again',
    lead: (user: string, server: string) =>
      `As ${user} at ${server}. Every file stays on this computer; it is compared with the server and merged, and nothing is deleted.`,
    password: 'Password',
    cancel: 'Not now',
    signIn: 'Sign in',
    done: 'Signed in. Your folder is being compared with the server.',
  },
  de: {
    title: 'Wieder anmelden',
    lead: (user: string, server: string) =>
      `Als ${user} bei ${server}. Alle Dateien bleiben auf diesem Computer; sie werden mit dem Server verglichen und zusammengeführt, und nichts wird gelöscht.`,
    password: 'Passwort',
    cancel: 'Nicht jetzt',
    signIn: 'Anmelden',
    done: 'Angemeldet. Dein Ordner wird mit dem Server verglichen.',
  },
});

interface Account {
  readonly user: string;
  readonly server: string;
}
const SignIn = createContext<(account: Account) => void>(() => undefined);

/**
 * Holds the dialog above all screens: signing in starts the engine anew, and whatever asked for it goes with the
 * status meanwhile, while a wrong password still has to be said.
 */
export function SignInProvider({ children }: { readonly children: ReactNode }) {
  const [account, setAccount] = useState<Account | null>(null);
  return (
    <SignIn value={setAccount}>
      {children}
      <SignInDialog account={account} onClose={() => setAccount(null)} />
    </SignIn>
  );
}

/** Opens the dialog for the account that the engine speaks of now. */
export function useSignIn(): () => void {
  const open = useContext(SignIn);
  const status = useStatus();
  return () => open({ user: status?.user ?? '', server: status?.server ?? '' });
}

function SignInDialog({
  account,
  onClose,
}: {
  readonly account: Account | null;
  readonly onClose: () => void;
}) {
  const w = useWords(words);
  const language = useLanguage();
  const form = useId();
  const { say } = useToasts();
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => {
    setPassword('');
    setFault(null);
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (password === '' || busy) return;
    setBusy(true);
    try {
      const outcome = await ask('sign-in', { password });
      if (outcome.kind === 'refused') {
        setFault(errorSentence(language, outcome.code, outcome.facts));
        return;
      }
      close();
      say(w.done);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open={account !== null}
      onClose={close}
      title={w.title}
      lead={account === null ? undefined : w.lead(inSentence(account.user), inSentence(account.server))}
      actions={
        <>
          <Button onClick={close}>{w.cancel}</Button>
          <Button type="submit" form={form} variant="primary" busy={busy} disabled={password === ''}>
            {w.signIn}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)}>
        <TextField
          label={w.password}
          type="password"
          autoComplete="current-password"
          value={password}
          fault={fault}
          autoFocus
          onChange={(next) => {
            setPassword(next);
            setFault(null);
          }}
        />
      </form>
    </Dialog>
  );
}
