/** For who has no account on the server yet: it is made first, then this computer is linked with it. */
import { CircleCheck, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { PASSWORD_LEAST } from '../../../protocol/new-password.ts';
import { ask } from '../../bridge/bridge.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { errorSentence } from '../../words/errors.ts';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { useCertificateSentence } from './certificate-fold.tsx';
import { trustedId } from './certificates.ts';
import classes from './first-run.module.css';
import { type SignUpField, type SignUpForm, signUpFieldOf, signUpOf } from './sign-up-form.ts';
import { signUpWords } from './sign-up-words.ts';
import type { SetupView } from './use-setup.ts';

export function SignUp({ view }: { readonly view: SetupView }) {
  const w = useWords(signUpWords);
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const { fields, certificates, isBeginning } = view.setup;
  const take = (form: SignUpForm) => {
    setAsking(false);
    setMade(form.user.trim());
    for (const field of ['server', 'user', 'password'] as const)
      view.step({ kind: 'typed', field, value: form[field] });
  };
  return (
    <div className={classes['signUp']}>
      {made !== null && made === fields.user ? (
        <p role="status" className={classes['made']}>
          <CircleCheck aria-hidden="true" /> {w.made(made)}
        </p>
      ) : (
        <Button
          size="small"
          variant="quiet"
          icon={<UserPlus />}
          disabled={isBeginning}
          onClick={() => setAsking(true)}
        >
          {w.open}
        </Button>
      )}
      {asking && (
        <SignUpDialog
          server={fields.server}
          user={fields.user}
          certificates={trustedId(certificates)}
          onClose={() => setAsking(false)}
          onMade={take}
        />
      )}
    </div>
  );
}

function SignUpDialog({
  server,
  user,
  certificates,
  onClose,
  onMade,
}: {
  readonly server: string;
  readonly user: string;
  readonly certificates: string | null;
  readonly onClose: () => void;
  readonly onMade: (form: SignUpForm) => void;
}) {
  const w = useWords(signUpWords);
  const formats = useFormats();
  const language = useLanguage();
  const [form, setForm] = useState<SignUpForm>({ server, user, password: '', again: '', code: '' });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<{ readonly field: SignUpField; readonly text: string } | null>(null);
  const wish = signUpOf(form, certificates);
  const certificateSentence = useCertificateSentence();
  const make = async () => {
    if (wish === null || busy) return;
    setBusy(true);
    const outcome = await ask('first-run.sign-up', wish).catch((error: unknown) => String(error));
    setBusy(false);
    if (typeof outcome === 'string') return setRefused({ field: 'server', text: outcome });
    if (outcome.kind === 'refused') {
      const { code, facts } = outcome;
      const text =
        code === 'bad-certificate'
          ? certificateSentence(facts, certificates !== null)
          : errorSentence(language, code, facts);
      return setRefused({ field: signUpFieldOf(code), text });
    }
    onMade(form);
  };
  const bound = (field: SignUpField) => ({
    value: form[field],
    fault: refused?.field === field ? refused.text : null,
    disabled: busy,
    onChange: (value: string) => {
      setForm({ ...form, [field]: value });
      setRefused(null);
    },
  });
  const differs = form.again !== '' && form.again !== form.password;
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.title}
      lead={w.lead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={wish === null} onClick={() => void make()}>
            {w.make}
          </Button>
        </>
      }
    >
      <form
        className={classes['dialogFields']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // Dialogs stand in the page of the form that opened them, as far as events go.
          event.stopPropagation();
          void make();
        }}
      >
        <TextField label={w.server} type="url" autoFocus {...bound('server')} />
        <TextField label={w.user} autoComplete="username" {...bound('user')} />
        <TextField
          label={w.password}
          hint={w.passwordHint(formats.count(PASSWORD_LEAST))}
          type="password"
          autoComplete="new-password"
          {...bound('password')}
        />
        <TextField
          label={w.again}
          type="password"
          autoComplete="new-password"
          {...bound('again')}
          fault={differs ? w.differs : null}
        />
        <TextField label={w.code} hint={w.codeHint} autoComplete="off" {...bound('code')} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
