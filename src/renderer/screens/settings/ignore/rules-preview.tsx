/** What the rules as typed would change: asked for when one stops typing, and nothing is written by it. */
import { useEngine } from '../../../bridge/use-engine.ts';
import { useThrottled } from '../../../bridge/use-throttled.ts';
import { Card } from '../../../design/card.tsx';
import { ErrorState } from '../../../design/message.tsx';
import { PathText, visibleText } from '../../../design/path-text.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { deadLines } from './dead-lines.ts';
import { words } from './words.ts';

interface RulesProps {
  readonly folder: string;
  readonly shared: string;
  readonly local: string;
  readonly isSame: boolean;
}

export function RulesPreview(rules: RulesProps) {
  const w = useWords(words);
  return (
    <Card title={w.preview} lead={w.previewLead}>
      <div className={classes['stack']} aria-live="polite">
        <DeadLines shared={rules.shared} local={rules.local} />
        {rules.isSame ? <p className={classes['quiet']}>{w.same}</p> : <Changes {...rules} />}
      </div>
    </Card>
  );
}

function DeadLines({ shared, local }: { readonly shared: string; readonly local: string }) {
  const w = useWords(words);
  const formats = useFormats();
  const all = [
    ...deadLines(shared).map(({ line, text }) => ({ say: w.deadShared(formats.count(line)), text })),
    ...deadLines(local).map(({ line, text }) => ({ say: w.deadLocal(formats.count(line)), text })),
  ];
  if (all.length === 0) return null;
  return (
    <ul className={classes['faults']}>
      {all.map(({ say, text }) => (
        <li key={say}>
          {say} <code>{visibleText(text)}</code>
        </li>
      ))}
    </ul>
  );
}

function Changes(rules: RulesProps) {
  const w = useWords(words);
  const formats = useFormats();
  const { folder, shared, local } = useThrottled(rules, 500);
  const { value, reply, again } = useEngine('ignore.preview', { folder, shared, local });
  if (value === null) {
    return reply.kind === 'loading' || reply.kind === 'ok' ? (
      <p className={classes['quiet']}>{w.looking}</p>
    ) : (
      <ErrorState reply={reply} again={again} />
    );
  }
  const files = (count: number) => w.files(formats.count(count), count === 1);
  const { stops, starts } = value;
  return (
    <>
      {stops === 0 && starts === 0 && <p>{w.nothing}</p>}
      {stops > 0 && (
        <div>
          <p className={classes['strong']}>{w.stops(files(stops), formats.bytes(value.stopsBytes))}</p>
          <Paths label={w.stopsList} paths={value.stopsPaths} total={stops} />
        </div>
      )}
      {starts > 0 && (
        <div>
          <p className={classes['strong']}>{w.starts(files(starts))}</p>
          <Paths label={w.startsList} paths={value.startsPaths} total={starts} />
        </div>
      )}
    </>
  );
}

function Paths({
  label,
  paths,
  total,
}: {
  readonly label: string;
  readonly paths: readonly string[];
  readonly total: number;
}) {
  const w = useWords(words);
  const formats = useFormats();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes['paths']} tabIndex={0} aria-label={label}>
      <ul>
        {paths.map((path) => (
          <li key={path}>
            <PathText path={path} />
          </li>
        ))}
        {total > paths.length && (
          <li className={classes['quiet']}>{w.more(formats.count(total - paths.length))}</li>
        )}
      </ul>
    </section>
  );
}
