/** The explanation of one path. */
import { ChevronRight, Copy, FileClock, FolderOpen, RefreshCw } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { ExplainResult } from '../../../ipc/diagnosis.ts';
import type { VersionRow } from '../../../ipc/shapes.ts';
import { ask } from '../../bridge/bridge.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import { useNow } from '../../bridge/use-now.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { PathText } from '../../design/path-text.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { When } from '../../design/when.tsx';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { inSentence, visibleText } from '../../words/visible-text.ts';
import { problemSentence } from '../problems/problem-sentence.ts';
import classes from './explain.module.css';
import { ignoreRuleOf, newestOf, planOf, whereOf } from './reasons.ts';
import { Trees } from './trees.tsx';
import { explainWords, noteOf } from './words.ts';

export function Explained({ result, again }: { readonly result: ExplainResult; readonly again: () => void }) {
  const w = useWords(explainWords);
  const outcome = useOutcome();
  const isHere = result.local !== null;
  return (
    <>
      <section className={classes['answer']} aria-live="polite">
        <h2>
          <PathText path={result.path} wrap />
        </h2>
        <Reasons result={result} />
        <div className={classes['actions']}>
          <Button icon={<FileClock />} onClick={() => goTo(routeTo(['history', result.path]))}>
            {w.history}
          </Button>
          {isHere && (
            <Button
              icon={<FolderOpen />}
              onClick={() => void outcome(ask('open.show', { path: result.path }))}
            >
              {w.show}
            </Button>
          )}
          <Button variant="quiet" icon={<RefreshCw />} onClick={again}>
            {w.again}
          </Button>
        </div>
      </section>
      <Card title={w.trees} lead={w.treesLead} flush>
        <Trees result={result} />
      </Card>
      <div className={classes['pair']}>
        {result.lineage.length > 0 && (
          <Card title={w.versions} flush>
            <Versions versions={result.lineage} />
          </Card>
        )}
        <Card title={w.events} flush>
          <Events events={result.events} />
        </Card>
      </div>
      <Details result={result} />
    </>
  );
}

function Reasons({ result }: { readonly result: ExplainResult }) {
  const w = useWords(explainWords);
  const formats = useFormats();
  const language = useLanguage();
  const now = useNow(10_000);
  const plan = planOf(result);
  const newest = newestOf(result);
  const { problem, excludedBy } = result;
  const rule = excludedBy === null ? null : ignoreRuleOf(excludedBy);
  const sentences: readonly (string | null)[] = [
    w[whereOf(result)],
    rule !== null
      ? w.ruleFrom(inSentence(rule.rule), inSentence(rule.file), rule.line)
      : excludedBy === null
        ? null
        : w.rulePlain(inSentence(excludedBy)),
    problem === null ? (plan === null ? null : w[plan]) : problemSentence(problem, language),
    newest === null
      ? null
      : w.byWhom(
          formats.count(newest.number),
          inSentence(newest.user),
          inSentence(newest.device),
          formats.ago(newest.at, now),
        ),
  ];
  return <p className={classes['sentence']}>{sentences.filter((each) => each !== null).join(' ')}</p>;
}

function Versions({ versions }: { readonly versions: readonly VersionRow[] }) {
  const w = useWords(explainWords);
  const formats = useFormats();
  const now = useNow(10_000);
  return (
    <ol className={classes['timeline']}>
      {versions.map((version) => (
        <Moment
          key={version.version}
          title={
            <>
              {w.number(formats.count(version.number))}{' '}
              {version.current && <Badge tone="ok">{w.current}</Badge>}
            </>
          }
          detail={`${version.reason === 'unknown' ? w.reasonUnknown : w[version.reason]} · ${w.by(inSentence(version.user), inSentence(version.device))} · ${formats.bytes(version.size)}`}
          when={<When at={version.at} now={now} />}
        />
      ))}
    </ol>
  );
}

function Events({ events }: { readonly events: ExplainResult['events'] }) {
  const w = useWords(explainWords);
  const now = useNow(10_000);
  if (events.length === 0) return <p className={classes['none']}>{w.noEvents}</p>;
  return (
    <ol className={classes['timeline']}>
      {events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the ledger's own order
        <Moment key={index} title={noteOf(event.what, w)} detail="" when={<When at={event.at} now={now} />} />
      ))}
    </ol>
  );
}

function Moment(props: { readonly title: ReactNode; readonly detail: string; readonly when: ReactNode }) {
  return (
    <li className={classes['moment']}>
      <span className={classes['bead']} aria-hidden="true" />
      <div className={classes['momentText']}>
        <p>{props.title}</p>
        {props.detail !== '' && <p className={classes['detail']}>{props.detail}</p>}
      </div>
      <span className={classes['when']}>{props.when}</span>
    </li>
  );
}

/** For somebody who is asked for help: all that the engine said, to be copied. */
function Details({ result }: { readonly result: ExplainResult }) {
  const w = useWords(explainWords);
  const language = useLanguage();
  const text = useRef<HTMLPreElement>(null);
  const { say, complain } = useToasts();
  const shown = visibleText(JSON.stringify(result, null, 2)).replaceAll('‹U+000A›', '\n');
  return (
    <details className={classes['details']}>
      <summary>
        <ChevronRight aria-hidden="true" />
        {w.details}
      </summary>
      <div className={classes['detailsBody']}>
        {language === 'en' && (
          <p className={classes['detail']}>
            {w.engineSays}: {visibleText(result.rule.sentence)}
          </p>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre ref={text} tabIndex={0} className="selectable">
          {shown}
        </pre>
        <Button
          icon={<Copy />}
          onClick={() => {
            if (copySelected(text.current)) say(w.copied);
            else complain(w.copyFailed);
          }}
        >
          {w.copy}
        </Button>
      </div>
    </details>
  );
}

/** Selects and copies: needs no permission of the page, and shows what was taken. */
function copySelected(element: HTMLElement | null): boolean {
  const selection = window.getSelection();
  if (element === null || selection === null) return false;
  selection.selectAllChildren(element);
  return document.execCommand('copy');
}
