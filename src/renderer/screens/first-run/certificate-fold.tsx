/** Folded away, since most servers need none: a certificate is chosen, looked at, and only then trusted. */
import { ChevronRight, FileKey } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { CertificateShown } from '../../../ipc/window.ts';
import { ask } from '../../bridge/bridge.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Checkbox } from '../../design/fields.tsx';
import { NameText } from '../../design/path-text.tsx';
import { detailIn } from '../../words/errors.ts';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './certificate-fold.module.css';
import { certificateWords } from './certificate-words.ts';
import { afterChoice, type Certificates, trustedId, withTrust } from './certificates.ts';
import type { Refusal } from './setup.ts';

/** Why a server was not believed, with what can be done about it here. */
export function useCertificateSentence(): (facts: Refusal['facts'], isTrusted: boolean) => string {
  const w = useWords(certificateWords);
  const language = useLanguage();
  return (facts, isTrusted) => {
    const server = inSentence(String(facts['server'] ?? ''));
    const why = detailIn(language, String(facts['detail'] ?? ''));
    return isTrusted ? w.stillUnproven(server, why) : w.unproven(server, why);
  };
}

interface Props {
  readonly certificates: Certificates;
  /** Why the server was not believed. */
  readonly fault: string | null;
  readonly disabled: boolean;
  readonly onChange: (certificates: Certificates) => void;
}

export function CertificateFold({ certificates, fault, disabled, onChange }: Props) {
  const w = useWords(certificateWords);
  const [isOpen, setOpen] = useState(false);
  const { chosen, fault: unfit } = certificates;
  const faultId = useId();
  const said = fault ?? (unfit === null ? null : w[unfit.kind](inSentence(unfit.file)));
  // What is said in here must not stay folded away.
  useEffect(() => {
    if (said !== null) setOpen(true);
  }, [said]);
  const choose = async () => {
    const choice = await ask('first-run.choose-certificates', {});
    if (choice.kind !== 'nothing') onChange(afterChoice(certificates, choice));
  };
  return (
    <details
      className={classes['fold']}
      open={isOpen}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <ChevronRight aria-hidden="true" />
        {w.title}
        {trustedId(certificates) !== null && <Badge tone="ok">{w.trusted}</Badge>}
      </summary>
      <div className={classes['body']}>
        <p className={classes['lead']}>{w.lead}</p>
        <div aria-live="polite" className={classes['live']}>
          {chosen !== null && (
            <>
              <ShownCertificates file={chosen.file} shown={chosen.shown} />
              <Checkbox
                label={chosen.shown.length === 1 ? w.trust : w.trustAll}
                checked={chosen.isTrusted}
                disabled={disabled}
                onChange={(isTrusted) => onChange(withTrust(certificates, isTrusted))}
              />
            </>
          )}
        </div>
        {said !== null && (
          <p id={faultId} role="alert" className={classes['fault']}>
            {said}
          </p>
        )}
        <Button
          icon={<FileKey />}
          disabled={disabled}
          aria-describedby={said === null ? undefined : faultId}
          onClick={() => void choose()}
        >
          {chosen === null ? w.choose : w.chooseOther}
        </Button>
      </div>
    </details>
  );
}

/** Sixteen pairs with their colons. */
const HALF = 48;

interface ShownProps {
  readonly file: string;
  readonly shown: readonly CertificateShown[];
}

function ShownCertificates({ file, shown }: ShownProps) {
  const w = useWords(certificateWords);
  const formats = useFormats();
  return (
    <ul
      className={classes['shown']}
      aria-label={w.list(inSentence(file))}
      // What scrolls must be reachable by keyboard.
      tabIndex={shown.length > 1 ? 0 : undefined}
    >
      {shown.map(({ subject, fingerprint, validUntil, isOver }) => (
        <li key={fingerprint} className="selectable">
          <dl>
            <dt>{w.subject}</dt>
            <dd>{subject === '' ? w.nobody : <NameText name={subject} />}</dd>
            <dt>{w.fingerprint}</dt>
            <dd className={classes['fingerprint']}>
              {/* Two lines, each of whole pairs: it is compared by eye. */}
              <span>{fingerprint.slice(0, HALF)}</span>
              <span>{fingerprint.slice(HALF)}</span>
            </dd>
            <dt>{isOver ? w.over : w.until}</dt>
            <dd className={isOver ? classes['over'] : undefined}>{formats.day(validUntil)}</dd>
          </dl>
        </li>
      ))}
    </ul>
  );
}
