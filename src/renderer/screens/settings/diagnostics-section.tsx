/** The report: made on demand, read here part by part, and saved as it was read. */
import { useState } from 'react';
import type { BundleResult } from '../../../ipc/settings.ts';
import { ask } from '../../bridge/bridge.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { Select, Switch } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { TextView } from '../../previews/text-view.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { bundleText } from './bundle-text.ts';
import { diagnosticsWords } from './diagnostics-words.ts';
import classes from './settings.module.css';
import { words } from './words.ts';

export function DiagnosticsSection() {
  const w = useWords(diagnosticsWords);
  const { diagnostics } = useWords(words);
  const text = useReplyText();
  const { complain } = useToasts();
  const { busy, run } = useCommand('bundle');
  const [names, setNames] = useState(false);
  const [bundle, setBundle] = useState<BundleResult | null>(null);
  const prepare = async () => {
    const reply = await run({ names });
    if (reply.kind === 'ok') setBundle(reply.value);
    else complain(text(reply));
  };
  return (
    <>
      <Card title={diagnostics} lead={w.lead}>
        <div className={classes['stack']}>
          <Switch
            label={w.names}
            hint={w.namesHint}
            checked={names}
            onChange={(wanted) => {
              setNames(wanted);
              setBundle(null);
            }}
          />
          <Button
            variant={bundle === null ? 'primary' : 'secondary'}
            className={classes['start']}
            busy={busy}
            onClick={() => void prepare()}
          >
            {bundle === null ? w.prepare : w.again}
          </Button>
        </div>
      </Card>
      {bundle !== null && <Bundle bundle={bundle} />}
    </>
  );
}

function Bundle({ bundle }: { readonly bundle: BundleResult }) {
  const w = useWords(diagnosticsWords);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const [name, setName] = useState(bundle.parts[0]?.name ?? '');
  const part = bundle.parts.find((each) => each.name === name) ?? bundle.parts[0];
  const whole = bundleText(bundle);
  const save = async () => {
    try {
      const { file } = await ask('bundle.save', { text: whole });
      if (file !== null) say(w.saved(inSentence(file)));
    } catch (error) {
      complain(w.failed(error instanceof Error ? error.message : String(error)));
    }
  };
  return (
    <Card
      title={w.report}
      lead={
        <>
          <Badge tone={bundle.redacted ? 'ok' : 'warn'}>{bundle.redacted ? w.redacted : w.withNames}</Badge>{' '}
          {w.size(formats.bytes(new TextEncoder().encode(whole).length))}
        </>
      }
      actions={
        <Button variant="primary" onClick={() => void save()}>
          {w.save}
        </Button>
      }
    >
      <div className={classes['stack']}>
        <div className={classes['short']}>
          <Select
            label={w.part}
            value={part?.name ?? ''}
            choices={bundle.parts.map((each) => ({ value: each.name, label: each.name }))}
            onChange={setName}
          />
        </div>
        {part !== undefined && <TextView text={part.text} label={w.text(part.name)} />}
      </div>
    </Card>
  );
}
