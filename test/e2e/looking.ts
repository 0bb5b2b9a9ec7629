/** What a test of access does to a page: waits until it rests, walks by keyboard, measures what sticks out. */
import { expect, type Page } from '@playwright/test';

/** Asked for and drawn: nothing says that it loads, no animation of coming or going is under way. */
export async function rests(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((each) => each.playState !== 'running' || each.effect?.getTiming().iterations === Infinity),
  );
}

interface Focused {
  readonly tag: string;
  readonly name: string;
  readonly seen: boolean;
}

/** Where the keyboard is, as people with eyes and people with a screen reader would tell it. */
export function focused(page: Page): Promise<Focused> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const own = getComputedStyle(element);
    const around = element.parentElement === null ? own : getComputedStyle(element.parentElement);
    const marked = (style: CSSStyleDeclaration) =>
      style.boxShadow !== 'none' || (style.outlineStyle !== 'none' && style.outlineWidth !== '0px');
    const box = element.getBoundingClientRect();
    const name =
      element.getAttribute('aria-label') ??
      document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ??
      element.textContent ??
      '';
    return {
      tag: element.tagName.toLowerCase(),
      name: name.trim().replace(/\s+/g, ' '),
      seen: box.width > 0 && box.bottom > 0 && (marked(own) || marked(around)),
    };
  });
}

/** Presses Tab until the thing of that name has the focus; on the way it is never lost and always seen. */
export async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let turn = 0; turn < 80; turn += 1) {
    await page.keyboard.press(key);
    const here = await focused(page);
    passed.push(`${here.tag} ${here.name.slice(0, 40)}`);
    if (here.tag === 'body') continue;
    expect(here.seen, `the focus on "${here.tag} ${here.name}" is seen`).toBe(true);
    if (name.test(here.name)) return;
  }
  throw new Error(`Tab does not come to ${name}: ${passed.join(', ')}`);
}

/** What is wider than its place: the page itself, and whatever can be pressed or read and is beyond the edge. */
export function stickingOut(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide = [
      document.scrollingElement,
      ...document.querySelectorAll('main, nav, [role=dialog]'),
    ].flatMap((each) =>
      each !== null && each.scrollWidth > each.clientWidth + 1
        ? [`${each.tagName} is ${each.scrollWidth} wide in ${each.clientWidth}`]
        : [],
    );
    const scrolls = (element: Element): boolean =>
      element !== document.body &&
      (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) ||
        (element.parentElement !== null && scrolls(element.parentElement)));
    const beyond = [
      ...document.querySelectorAll('h1, h2, h3, button, a, input, select, textarea, label, p'),
    ].flatMap((each) => {
      const box = each.getBoundingClientRect();
      const hidden = box.width <= 1 || getComputedStyle(each).visibility === 'hidden';
      const out = box.right > innerWidth + 1 || box.left < -1;
      const cut = each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === 'visible';
      if (
        hidden ||
        (!out && !(cut && box.left + each.scrollWidth > innerWidth + 1)) ||
        (out && scrolls(each) && box.left > 0)
      )
        return [];
      return [
        `${each.tagName} "${each.textContent?.slice(0, 40)}" from ${box.left} to ${box.right} of ${innerWidth}`,
      ];
    });
    return [...wide, ...beyond];
  });
}
