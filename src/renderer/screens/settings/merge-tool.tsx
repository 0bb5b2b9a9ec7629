import { useState } from 'react';
import { ask } from '../../bridge/bridge.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { TextArea, TextField } from '../../design/fields.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { argumentsFor, argumentsOf, missingFiles } from './merge-arguments.ts';
import { mergeWords } from './merge-words.ts';
import classes from './settings.module.css';
import { useAppSettings } from './use-app-settings.ts';
import { words } from './words.ts';

export function MergeToolSection() {
  const w = useWords(mergeWords);
  const { merge } = useWords(words);
  const formats = useFormats();
  const { say } = useToasts();
  const [{ mergeTool }, change] = useAppSettings();
  const [command, setCommand] = useState(mergeTool?.command ?? '');
  const [args, setArgs] = useState((mergeTool?.args ?? argumentsFor('')).join('\n'));
  const missing = missingFiles(argumentsOf(args));
  const choose = async () => {
    const chosen = await ask('merge-tool.choose', {});
    if (chosen.command === null) return;
    setCommand(chosen.command);
    setArgs(argumentsFor(chosen.command).join('\n'));
  };
  const save = () => {
    change({ mergeTool: { command: command.trim(), args: argumentsOf(args) } });
    say(w.saved);
  };
  const remove = () => {
    change({ mergeTool: null });
    setCommand('');
    say(w.removed);
  };
  return (
    <Card title={merge} lead={w.lead}>
      <div className={classes['stack']}>
        <div className={classes['withButton']}>
          <TextField label={w.program} hint={w.programHint} value={command} onChange={setCommand} />
          <Button onClick={() => void choose()}>{w.choose}</Button>
        </div>
        <TextArea label={w.args} hint={w.argsHint} value={args} onChange={setArgs} rows={5} mono />
        {missing.length > 0 && (
          <p role="alert" className={classes['fault']}>
            {w.missing(formats.list(missing))}
          </p>
        )}
        <div className={classes['buttons']}>
          <Button variant="primary" disabled={command.trim() === '' || missing.length > 0} onClick={save}>
            {w.save}
          </Button>
          {mergeTool !== null && <Button onClick={remove}>{w.remove}</Button>}
        </div>
      </div>
    </Card>
  );
}
