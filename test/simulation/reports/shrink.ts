/**
 * A failing run made small: actions and troubles are taken away as long as it still fails of the same rule. Each of them
 * has a random stream of its own, so what is left happens as it did before.
 */
import { planOf, type RunOptions } from '../run-plan.ts';

/** What of a run shrinking needs to know. */
export interface Verdict {
  readonly wrong: readonly string[];
}

export interface Shrunk<R extends Verdict> {
  /** With masks that leave the least. */
  readonly options: RunOptions;
  readonly result: R;
  readonly runs: number;
}

interface Attempt {
  readonly fails: (kept: readonly number[]) => Promise<boolean>;
  readonly spent: () => boolean;
}

/** The rule that a sentence is about: its first word. */
export function ruleOf(sentence: string): string {
  return sentence.split(' ', 1)[0] ?? '';
}

/** Smaller and smaller parts are left out, until no single one can be (delta debugging). */
async function least(items: readonly number[], { fails, spent }: Attempt): Promise<readonly number[]> {
  if (items.length > 0 && (await fails([]))) return [];
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && kept.length > 0; ) {
    let isSmaller = false;
    for (let at = 0; at < kept.length && !spent(); ) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(without)) {
        kept = without;
        isSmaller = true;
      } else at += size;
    }
    if (spent()) return kept;
    if (size === 1 && !isSmaller) return kept;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return kept;
}

function allBut(ids: readonly number[], kept: readonly number[]): readonly number[] {
  const keep = new Set(kept);
  return ids.filter((id) => !keep.has(id));
}

/** `most`: runs that it may take. */
export async function shrink<R extends Verdict>(
  options: RunOptions,
  failed: R,
  run: (options: RunOptions) => Promise<R>,
  most = 200,
): Promise<Shrunk<R>> {
  const rules = new Set(failed.wrong.map(ruleOf));
  const whole = planOf({ ...options, withoutActions: [], withoutTroubles: [] });
  const ids = { actions: whole.actions.map(({ id }) => id), troubles: whole.troubles.map(({ id }) => id) };
  const plan = planOf(options);
  let kept = { actions: plan.actions.map(({ id }) => id), troubles: plan.troubles.map(({ id }) => id) };
  let best = failed;
  let runs = 0;
  const optionsWith = (what: typeof kept): RunOptions => ({
    ...options,
    withoutActions: allBut(ids.actions, what.actions),
    withoutTroubles: allBut(ids.troubles, what.troubles),
  });
  const attempt = (which: keyof typeof kept): Attempt => ({
    spent: () => runs >= most,
    fails: async (some) => {
      if (runs >= most) return false;
      runs += 1;
      const what = { ...kept, [which]: [...some] };
      const result = await run(optionsWith(what));
      if (!result.wrong.some((sentence) => rules.has(ruleOf(sentence)))) return false;
      [best, kept] = [result, what];
      return true;
    },
  });
  for (let size = Number.POSITIVE_INFINITY; kept.actions.length + kept.troubles.length < size; ) {
    size = kept.actions.length + kept.troubles.length;
    await least(kept.troubles, attempt('troubles'));
    await least(kept.actions, attempt('actions'));
  }
  return { options: optionsWith(kept), result: best, runs };
}
