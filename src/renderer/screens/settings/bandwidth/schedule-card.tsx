import { Card } from '../../../design/card.tsx';
import { Checkbox, Switch, TextField } from '../../../design/fields.tsx';
import { useLanguage, useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { type FormPart, RateInput } from './bandwidth-section.tsx';
import { words } from './words.ts';

/** As weeks begin where both languages are spoken. */
const DAYS = [1, 2, 3, 4, 5, 6, 0];
/** A Sunday: the names of days are asked of the system. */
const SUNDAY = Date.UTC(2026, 0, 4, 12);

export function ScheduleCard(part: FormPart) {
  const { form, change } = part;
  const w = useWords(words);
  return (
    <Card title={w.schedule} lead={w.scheduleLead}>
      <div className={classes['stack']}>
        <Switch
          label={w.scheduled}
          checked={form.scheduled}
          onChange={(scheduled) => change({ scheduled })}
        />
        {form.scheduled && <Times {...part} />}
      </div>
    </Card>
  );
}

function Times(part: FormPart) {
  const { form, isWrong, change } = part;
  const w = useWords(words);
  const isOvernight = form.from > form.to && !isWrong('to');
  return (
    <>
      <div className={classes['row']}>
        <TextField
          label={w.from}
          type="time"
          value={form.from}
          fault={isWrong('from') ? w.clockFault : null}
          onChange={(from) => change({ from })}
        />
        <TextField
          label={w.to}
          type="time"
          value={form.to}
          fault={isWrong('to') ? w.clockFault : null}
          {...(isOvernight ? { hint: w.overnight } : {})}
          onChange={(to) => change({ to })}
        />
      </div>
      <Days {...part} />
      <div className={classes['row']}>
        <RateInput part={part} field="thenUp" label={w.thenUp} />
        <RateInput part={part} field="thenDown" label={w.thenDown} />
      </div>
    </>
  );
}

function Days({ form: { days }, isWrong, change }: FormPart) {
  const w = useWords(words);
  const name = new Intl.DateTimeFormat(useLanguage(), { weekday: 'long', timeZone: 'UTC' });
  return (
    <fieldset className={classes['days']}>
      <legend>{w.days}</legend>
      <div>
        {DAYS.map((day) => (
          <Checkbox
            key={day}
            label={name.format(SUNDAY + day * 86_400_000)}
            checked={days.includes(day)}
            onChange={(on) => change({ days: on ? [...days, day] : days.filter((each) => each !== day) })}
          />
        ))}
      </div>
      {isWrong('days') && (
        <p role="alert" className={classes['fault']}>
          {w.daysFault}
        </p>
      )}
    </fieldset>
  );
}
