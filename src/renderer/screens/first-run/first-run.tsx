/** The first run: two ways in, each to a syncing folder; what would happen is shown before anything does. */
import { useWords } from '../../words/language.tsx';
import classes from './first-run.module.css';
import { SetupForm } from './setup-form.tsx';
import { useSetup } from './use-setup.ts';
import { Ways } from './ways.tsx';
import { firstRunWords } from './words.ts';

export function FirstRun() {
  const w = useWords(firstRunWords);
  const view = useSetup();
  const { way } = view.setup;
  return (
    <main className={classes['page']} id="content">
      <div className={classes['column']}>
        <Mark />
        {way === null ? (
          <>
            <h1>{w.title}</h1>
            <p className={classes['lead']}>{w.lead}</p>
            <Ways onChoose={(chosen) => view.step({ kind: 'way', way: chosen })} />
          </>
        ) : (
          <SetupForm key={way} view={view} way={way} />
        )}
      </div>
    </main>
  );
}

/** Three waterlines: the mark of the app. */
function Mark() {
  return (
    <svg className={classes['mark']} viewBox="0 0 48 48" aria-hidden="true">
      <rect width="48" height="48" rx="12" />
      <path
        d="M10 18c4-4 8-4 12 0s8 4 12 0M10 26c4-4 8-4 12 0s8 4 12 0M10 34c4-4 8-4 12 0s8 4 12 0"
        transform="translate(2 -2)"
      />
    </svg>
  );
}
