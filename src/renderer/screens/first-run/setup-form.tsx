/** What is needed to begin, with what would happen; a refusal stands where it belongs. */
import { ArrowLeft, FolderOpen, TriangleAlert } from 'lucide-react';
import { type FormEvent, useEffect, useRef } from 'react';
import { ask } from '../../bridge/bridge.ts';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/fields.tsx';
import { errorSentence } from '../../words/errors.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { CertificateFold, useCertificateSentence } from './certificate-fold.tsx';
import { trustedId } from './certificates.ts';
import classes from './first-run.module.css';
import { PlanView } from './plan-view.tsx';
import { type FieldName, fieldOf, linkOf, type Place, type Refusal, type Setup, type Way } from './setup.ts';
import { SignUp } from './sign-up.tsx';
import type { SetupView } from './use-setup.ts';
import { firstRunWords } from './words.ts';

/** The sentence of what was refused, and the field it belongs to. */
function useRefusal({
  plan,
  refusal,
  way,
  certificates,
}: Setup): { readonly field: Place | null; readonly text: string } | null {
  const w = useWords(firstRunWords);
  const language = useLanguage();
  const certificateSentence = useCertificateSentence();
  const said: Refusal | null = refusal ?? (plan.kind === 'refused' ? plan.refusal : null);
  if (said === null) return null;
  const field = fieldOf(said.code, way);
  if (field === 'certificates')
    return { field, text: certificateSentence(said.facts, trustedId(certificates) !== null) };
  const detail = w.failed(String(said.facts['detail'] ?? said.code));
  return { field, text: errorSentence(language, said.code, said.facts, detail) };
}

export function SetupForm({ view, way }: { readonly view: SetupView; readonly way: Way }) {
  const w = useWords(firstRunWords);
  const { setup, step, plan, begin } = view;
  const refusal = useRefusal(setup);
  const isPlanned = setup.plan.kind === 'planned';
  // The button that led here is gone: the keyboard goes on from the top of what replaced it.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (way === 'here') heading.current?.focus();
  }, [way]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPlanned) begin();
    else plan();
  };
  return (
    <form className={classes['form']} noValidate onSubmit={submit}>
      <header>
        <h1 ref={heading} tabIndex={-1}>
          {way === 'here' ? w.hereSetup : w.serverSetup}
        </h1>
        <p className={classes['lead']}>{way === 'here' ? w.hereLead : w.serverLead}</p>
      </header>
      <SetupFields view={view} way={way} refusal={refusal} />
      <div aria-live="polite">
        <PlanView state={setup.plan} />
      </div>
      {refusal !== null && refusal.field === null && (
        <p className={classes['refusal']} role="alert">
          <TriangleAlert aria-hidden="true" />
          {refusal.text}
        </p>
      )}
      {setup.isBeginning && (
        <p className={classes['hint']} role="status">
          {w.starting}
        </p>
      )}
      <footer className={classes['actions']}>
        <Button
          variant="quiet"
          icon={<ArrowLeft />}
          disabled={setup.isBeginning}
          onClick={() => step({ kind: 'way', way: null })}
        >
          {w.back}
        </Button>
        <Button
          type="submit"
          variant="primary"
          busy={setup.isBeginning || setup.plan.kind === 'asking'}
          disabled={linkOf(setup) === null}
        >
          {isPlanned || way === 'here' ? w.begin : w.look}
        </Button>
      </footer>
    </form>
  );
}

interface FieldsProps {
  readonly view: SetupView;
  readonly way: Way;
  readonly refusal: { readonly field: Place | null; readonly text: string } | null;
}

function SetupFields({ view, way, refusal }: FieldsProps) {
  const w = useWords(firstRunWords);
  const { setup, step } = view;
  const bound = (field: FieldName) => ({
    value: setup.fields[field],
    fault: refusal?.field === field ? refusal.text : null,
    disabled: setup.isBeginning,
    onChange: (value: string) => step({ kind: 'typed', field, value }),
  });
  const choose = async () => {
    const { folder } = await ask('first-run.choose-folder', {});
    if (folder !== null) step({ kind: 'typed', field: 'folder', value: folder });
  };
  return (
    <div className={classes['fields']}>
      {way === 'server' && (
        <>
          <TextField label={w.address} hint={w.addressHint} type="url" autoFocus {...bound('server')} />
          <div className={classes['two']}>
            <TextField label={w.user} autoComplete="username" {...bound('user')} />
            <TextField
              label={w.password}
              type="password"
              autoComplete="current-password"
              {...bound('password')}
            />
          </div>
          <CertificateFold
            certificates={setup.certificates}
            fault={refusal?.field === 'certificates' ? refusal.text : null}
            disabled={setup.isBeginning}
            onChange={(certificates) => step({ kind: 'certificates', certificates })}
          />
          <SignUp view={view} />
        </>
      )}
      <div className={classes['folder']}>
        <div>
          <TextField label={w.folder} hint={w.folderHint} {...bound('folder')} />
        </div>
        <Button icon={<FolderOpen />} disabled={setup.isBeginning} onClick={() => void choose()}>
          {w.choose}
        </Button>
      </div>
      <TextField label={w.device} hint={w.deviceHint} {...bound('device')} />
    </div>
  );
}
