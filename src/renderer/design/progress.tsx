import { Progress } from '@base-ui/react/progress';
import classes from './progress.module.css';

/** `value` from 0 to 1; null while nobody can say. */
export function ProgressBar({ value, label }: { readonly value: number | null; readonly label: string }) {
  return (
    <Progress.Root value={value === null ? null : Math.round(value * 100)} aria-label={label}>
      <Progress.Track className={classes['track']}>
        <Progress.Indicator className={classes['bar']} />
      </Progress.Track>
    </Progress.Root>
  );
}
