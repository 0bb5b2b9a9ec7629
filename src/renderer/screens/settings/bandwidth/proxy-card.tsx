import { Card } from '../../../design/card.tsx';
import { RadioCards, TextField } from '../../../design/fields.tsx';
import { useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import type { FormPart } from './bandwidth-section.tsx';
import { words } from './words.ts';

export function ProxyCard({ form, isWrong, change }: FormPart) {
  const w = useWords(words);
  return (
    <Card title={w.proxy}>
      <div className={classes['stack']}>
        <RadioCards
          label={w.proxy}
          value={form.proxy}
          choices={[
            { value: 'system', label: w.system, hint: w.systemHint },
            { value: 'none', label: w.none },
            { value: 'manual', label: w.manual },
          ]}
          onChange={(proxy) => change({ proxy })}
        />
        {form.proxy === 'manual' && (
          <TextField
            label={w.address}
            hint={w.addressHint}
            type="url"
            value={form.proxyUrl}
            fault={form.proxyUrl !== '' && isWrong('proxyUrl') ? w.addressFault : null}
            onChange={(proxyUrl) => change({ proxyUrl })}
          />
        )}
      </div>
    </Card>
  );
}
