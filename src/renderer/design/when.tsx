/** A moment as people say it, with the exact one behind it. */
import { useFormats } from '../words/language.tsx';

const HALF_A_DAY = 12 * 3_600_000;

/** "2 min ago" while that says more than the clock, else when it was. `now` comes from `useNow`. */
export function When({ at, now }: { readonly at: number; readonly now: number }) {
  const formats = useFormats();
  const text = Math.abs(now - at) < HALF_A_DAY ? formats.ago(at, now) : formats.shortMoment(at, now);
  return (
    <time dateTime={new Date(at).toISOString()} title={formats.moment(at)}>
      {text}
    </time>
  );
}
