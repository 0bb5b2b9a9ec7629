/** Form controls with their labels: nothing is named by its placeholder. */
import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Field } from '@base-ui/react/field';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Select as BaseSelect } from '@base-ui/react/select';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import { Check, ChevronsUpDown, Minus } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import classes from './fields.module.css';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly fault?: string | null;
  readonly type?: 'text' | 'password' | 'url' | 'search' | 'number' | 'time' | 'datetime-local';
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly autoComplete?: string;
}

export function TextField({
  label,
  value,
  onChange,
  hint,
  fault = null,
  type = 'text',
  ...rest
}: TextFieldProps) {
  return (
    <Field.Root className={classes['field']} invalid={fault !== null}>
      <Field.Label className={classes['label']}>{label}</Field.Label>
      <Field.Control
        {...rest}
        type={type}
        value={value}
        className={classes['input']}
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {hint !== undefined && <Field.Description className={classes['hint']}>{hint}</Field.Description>}
      {fault !== null && (
        <Field.Error match className={classes['fault']}>
          {fault}
        </Field.Error>
      )}
    </Field.Root>
  );
}

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly rows?: number;
  readonly mono?: boolean;
}

export function TextArea({ label, value, onChange, hint, rows = 6, mono = false }: TextAreaProps) {
  const id = useId();
  return (
    <div className={classes['field']}>
      <label className={classes['label']} htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        rows={rows}
        value={value}
        spellCheck={false}
        className={
          mono
            ? `${classes['input']} ${classes['area']} ${classes['mono']}`
            : `${classes['input']} ${classes['area']}`
        }
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className={classes['hint']}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

export function Switch({ label, hint, checked, onChange, disabled = false }: SwitchProps) {
  const id = useId();
  return (
    <div className={classes['switchRow']}>
      <div>
        <span id={id} className={classes['switchLabel']}>
          {label}
        </span>
        {hint !== undefined && (
          <p id={`${id}-hint`} className={classes['hint']}>
            {hint}
          </p>
        )}
      </div>
      <BaseSwitch.Root
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-labelledby={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={classes['switch']}
      >
        <BaseSwitch.Thumb className={classes['thumb']} />
      </BaseSwitch.Root>
    </div>
  );
}

interface CheckboxProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** For a box without a label that can be seen. */
  readonly name?: string;
  /** Some of what it stands for are checked. */
  readonly mixed?: boolean;
  readonly disabled?: boolean;
}

export function Checkbox({ label, checked, onChange, name, mixed = false, disabled = false }: CheckboxProps) {
  const id = useId();
  return (
    <span className={classes['checkRow']}>
      <BaseCheckbox.Root
        checked={checked}
        indeterminate={mixed}
        disabled={disabled}
        onCheckedChange={onChange}
        className={classes['check']}
        aria-label={name}
        aria-labelledby={name === undefined ? id : undefined}
      >
        <BaseCheckbox.Indicator className={classes['checkMark']}>
          {mixed ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span id={id}>{label}</span>
    </span>
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string;
}

export function Select<V extends string>({
  label,
  value,
  choices,
  onChange,
  isLabelHidden = false,
}: {
  readonly label: string;
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onChange: (value: V) => void;
  /** In a row that says already what it is about. */
  readonly isLabelHidden?: boolean;
}) {
  const id = useId();
  return (
    <div className={classes['field']}>
      <span id={id} className={isLabelHidden ? 'visually-hidden' : classes['label']}>
        {label}
      </span>
      <BaseSelect.Root
        items={choices.map(({ value, label }) => ({ value, label }))}
        value={value}
        onValueChange={(next) => next !== null && onChange(next)}
      >
        <BaseSelect.Trigger className={classes['select']} aria-labelledby={id}>
          <BaseSelect.Value />
          <BaseSelect.Icon>
            <ChevronsUpDown aria-hidden="true" />
          </BaseSelect.Icon>
        </BaseSelect.Trigger>
        <BaseSelect.Portal>
          <BaseSelect.Positioner className={classes['place']} sideOffset={4} alignItemWithTrigger={false}>
            <BaseSelect.Popup className={classes['popup']}>
              {choices.map((choice) => (
                <BaseSelect.Item key={choice.value} value={choice.value} className={classes['option']}>
                  <BaseSelect.ItemText>{choice.label}</BaseSelect.ItemText>
                  <BaseSelect.ItemIndicator className={classes['optionMark']}>
                    <Check aria-hidden="true" />
                  </BaseSelect.ItemIndicator>
                </BaseSelect.Item>
              ))}
            </BaseSelect.Popup>
          </BaseSelect.Positioner>
        </BaseSelect.Portal>
      </BaseSelect.Root>
    </div>
  );
}

/** One of a few, each with a line of its own. */
export function RadioCards<V extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly value: V | null;
  readonly choices: readonly Choice<V>[];
  readonly onChange: (value: V) => void;
}) {
  return (
    <RadioGroup
      aria-label={label}
      value={value ?? ''}
      onValueChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className={classes['radios']}
    >
      {choices.map((choice) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: the radio inside is the control
        <label key={choice.value} className={classes['radioCard']}>
          <Radio.Root value={choice.value} className={classes['radio']}>
            <Radio.Indicator className={classes['radioMark']} />
          </Radio.Root>
          <span>
            <span className={classes['switchLabel']}>{choice.label}</span>
            {choice.hint !== undefined && <span className={classes['hint']}>{choice.hint}</span>}
          </span>
        </label>
      ))}
    </RadioGroup>
  );
}
