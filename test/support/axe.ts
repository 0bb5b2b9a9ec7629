/** What of a page would be in the way of people with other senses and hands, as axe-core finds it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const SOURCE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface AxeWish {
  /** Only these rules; all of them when it is not given. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

/**
 * One line per thing found: rule, place, what is wrong. The debugger puts axe into the page, which its policy does not
 * concern.
 */
export async function violationsOf(page: Page, wish: AxeWish = {}): Promise<readonly string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(`${SOURCE}\n;null`);
  const rules = Object.fromEntries((wish.except ?? []).map((rule) => [rule, { enabled: false }]));
  const options = {
    resultTypes: ['violations'],
    rules,
    ...(wish.only === undefined ? {} : { runOnly: { type: 'rule', values: wish.only } }),
  };
  return page.evaluate<
    readonly string[]
  >(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.flatMap((each) => each.nodes.map((node) =>
      each.id + ': ' + node.target.join(' ') + ': ' +
      (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? each.help))))`);
}
