/** The setup with its questions to main: what would happen, and beginning it. */
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { ask } from '../../bridge/bridge.ts';
import { useShell } from '../../bridge/live-state.ts';
import { linkOf, type Refusal, type Setup, type SetupAction, setupOf, setupStep } from './setup.ts';

/** After the last key, before the folder is looked at. */
const SETTLE_MS = 500;

function faultOf(error: unknown): Refusal {
  return { code: '', facts: { detail: error instanceof Error ? error.message : String(error) } };
}

export interface SetupView {
  readonly setup: Setup;
  readonly step: (action: SetupAction) => void;
  readonly plan: () => void;
  readonly begin: () => void;
}

export function useSetup(): SetupView {
  const { proposed } = useShell();
  const [setup, step] = useReducer(setupStep, proposed, setupOf);
  /** Only the answer to the last question counts. */
  const asked = useRef(0);
  const plan = useCallback(async () => {
    const link = linkOf(setup);
    if (link === null) return;
    asked.current += 1;
    const mine = asked.current;
    step({ kind: 'planning' });
    try {
      const answer = await ask('first-run.plan', link);
      if (asked.current !== mine) return;
      if (answer.kind === 'refused') step({ kind: 'plan-refused', refusal: answer });
      else step({ kind: 'planned', plan: answer.plan, folder: answer.folder });
    } catch (error) {
      if (asked.current === mine) step({ kind: 'plan-refused', refusal: faultOf(error) });
    }
  }, [setup]);
  const begin = useCallback(async () => {
    const link = linkOf(setup);
    if (link === null) return;
    step({ kind: 'beginning' });
    try {
      const answer = await ask('first-run.begin', link);
      // Done: main says so with the shell's next state, and this page goes.
      if (answer.kind === 'refused') step({ kind: 'begin-refused', refusal: answer });
    } catch (error) {
      step({ kind: 'begin-refused', refusal: faultOf(error) });
    }
  }, [setup]);
  useHerePlan(setup, plan);
  const forget = useCallback((action: SetupAction) => {
    if (action.kind !== 'typed' || action.field !== 'device') asked.current += 1;
    step(action);
  }, []);
  return { setup, step: forget, plan: () => void plan(), begin: () => void begin() };
}

/** On this computer nothing has to be typed: the plan is asked for at once, and again when the folder changes. */
function useHerePlan(setup: Setup, plan: () => Promise<void>): void {
  const latest = useRef(plan);
  latest.current = plan;
  const isFirst = useRef(true);
  const wants = setup.way === 'here' && setup.plan.kind === 'none' && setup.fields.folder.trim() !== '';
  const { folder } = setup.fields;
  // biome-ignore lint/correctness/useExhaustiveDependencies: typing on in `folder` begins the wait anew
  useEffect(() => {
    if (!wants) return;
    const timer = setTimeout(() => void latest.current(), isFirst.current ? 0 : SETTLE_MS);
    isFirst.current = false;
    return () => clearTimeout(timer);
  }, [wants, folder]);
}
