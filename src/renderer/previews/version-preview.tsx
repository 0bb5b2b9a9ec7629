/** One version as what it is: a picture, a text, or what is known about it. */
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { ask } from '../bridge/bridge.ts';
import { useOutcome } from '../bridge/use-outcome.ts';
import { Button } from '../design/button.tsx';
import { ErrorState, LoadingState } from '../design/message.tsx';
import { useFormats, useWords } from '../words/language.tsx';
import { ImageView } from './image-view.tsx';
import { kindOfFile } from './kind-of-file.ts';
import { PdfPage } from './pdf-page.tsx';
import classes from './previews.module.css';
import { TextView } from './text-view.tsx';
import { useThawSentence } from './use-thaw-sentence.ts';
import { useVersionText } from './version-text.ts';
import { words } from './words.ts';

export interface PreviewedVersion {
  readonly node: string;
  readonly version: string;
  readonly path: string;
  readonly kind: 'file' | 'symlink';
  readonly size: number;
  /** Names it for screen readers: "roadmap.md, V18". */
  readonly label: string;
  /** A button for a read-only copy where nothing can be shown; false where one is at hand already. */
  readonly offersCopy?: boolean;
}

export function VersionPreview(props: PreviewedVersion) {
  const { node, version, path, kind, label } = props;
  const key = `${node} ${version}`;
  const [failed, setFailed] = useState<string | null>(null);
  if (kind === 'file' && kindOfFile(path) === 'image' && failed !== key) {
    return (
      <ImageView key={key} node={node} version={version} label={label} onFailed={() => setFailed(key)} />
    );
  }
  return kind === 'file' && kindOfFile(path) === 'pdf' ? (
    <PdfPage key={key} node={node} version={version} label={label} />
  ) : (
    <TextPreview {...props} />
  );
}

function TextPreview(props: PreviewedVersion) {
  const w = useWords(words);
  const { state, again } = useVersionText(props);
  switch (state.kind) {
    case 'loading':
      return <LoadingState rows={5} />;
    case 'failed':
      return <ErrorState reply={state.reply} again={again} />;
    case 'too-large':
    case 'binary':
      return <NoPreview {...props} why={state.kind} />;
    case 'text':
      if (props.kind === 'symlink') {
        return (
          <p className={classes['note']}>
            {w.linkTo} <code className="selectable">{state.text}</code>
          </p>
        );
      }
      return state.text === '' ? (
        <p className={classes['note']}>{w.empty}</p>
      ) : (
        <TextView text={state.text} label={props.label} />
      );
  }
}

/** Says why there is nothing to see, and offers a copy that cannot be spoilt. */
export function NoPreview({
  why,
  offersCopy = true,
  ...version
}: PreviewedVersion & { readonly why: 'binary' | 'too-large' }) {
  const w = useWords(words);
  const formats = useFormats();
  return (
    <div className={classes['none']}>
      <p>{why === 'binary' ? w.noPreview : w.tooLarge(formats.bytes(version.size))}</p>
      {offersCopy && <OpenVersionButton node={version.node} version={version.version} />}
    </div>
  );
}

export function OpenVersionButton({ node, version }: { readonly node: string; readonly version: string }) {
  const w = useWords(words);
  const outcome = useOutcome();
  const [busy, setBusy] = useState(false);
  const thawing = useThawSentence({ node, version }, busy);
  const open = async () => {
    setBusy(true);
    await outcome(ask('open.version', { node, version }));
    setBusy(false);
  };
  return (
    <>
      <Button icon={<ExternalLink />} busy={busy} onClick={() => void open()}>
        {w.openCopy}
      </Button>
      {thawing !== null && (
        <p className={classes['note']} role="status">
          {thawing}
        </p>
      )}
    </>
  );
}
