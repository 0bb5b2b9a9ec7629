/** Other programs and other people's names: a merge tool's result counts, nothing runs by being looked at or opened. */
import { chmod, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, agreed, expect, makeConflict, readText, test, write } from './stage.ts';

const HTML = '<img src=x onerror=window.pwned=1>.html';
const SCRIPT = '<script>window.pwned=1</script><img src=x onerror="window.pwned=1">\n';
/** Names as somebody would choose them who means harm, each with what has to be read of it. */
const HOSTILE: readonly (readonly [string, string])[] = [
  [HTML, HTML],
  ['invoice\u202efdp.exe', 'invoice‹U+202E›fdp.exe'],
  ['two\nlines.txt', 'two‹U+000A›lines.txt'],
  ['👩‍👩‍👧 holiday.txt', '👩‍👩‍👧 holiday.txt'],
  [`${'ä'.repeat(125)}.html`, `${'ä'.repeat(125)}.html`],
  ['${{constructor}}`.txt', '${{constructor}}`.txt'],
];

/** Instead of the desktop's programs: what would have been opened or shown. */
async function watchShell(app: App): Promise<() => Promise<string[]>> {
  await app.electron.evaluate(({ shell }) => {
    const seen: string[] = [];
    Reflect.set(globalThis, 'seenByShell', seen);
    shell.openPath = (path) => {
      seen.push(`open ${path}`);
      return Promise.resolve('');
    };
    shell.showItemInFolder = (path) => {
      seen.push(`show ${path}`);
    };
  });
  return () => app.electron.evaluate(() => Reflect.get(globalThis, 'seenByShell').splice(0));
}

/** A call as a page could make it; why not, when it is refused. */
function bridge(app: App, part: 'ask' | 'engine', name: string, params: unknown): Promise<unknown> {
  return app.page.evaluate(
    async ([of, called, given]) => {
      try {
        const call: unknown = Reflect.get(window.tidemark, of);
        return typeof call === 'function' ? await call(called, given) : `there is no ${of}`;
      } catch (error) {
        return String(error);
      }
    },
    [part, name, params] as const,
  );
}

test('what a merge program saved becomes the merged version', async ({ stage }) => {
  const { app, root } = stage;
  const script = join(root, 'merge with blanks.sh');
  await write(script, '#!/bin/sh\ncat "$1" "$2" > "$3"\n');
  await app.go('/settings/merge');
  await app.page.getByLabel('Program', { exact: true }).fill('/bin/sh');
  const args = app.page.getByLabel('Arguments, one per line');
  await args.fill(`${script}\nLEFT`);
  await expect(app.page.getByRole('alert')).toContainText('RIGHT and OUT');
  await args.fill(`${script}\nLEFT\nRIGHT\nOUT`);
  await app.page.getByRole('button', { name: 'Save', exact: true }).click();
  const id = await makeConflict(stage, 'tooled.txt', { base: 'base\n', theirs: 'theirs\n', mine: 'mine\n' });
  await app.go(`/conflicts/${id}`);
  await app.page.getByRole('button', { name: 'More' }).last().click();
  await app.page.getByRole('menuitem', { name: 'Open in a merge program' }).click();
  await app.page.getByRole('button', { name: 'Use the result' }).click();
  await agreed(stage, 'tooled.txt', 'theirs\nmine\n');
  await expect.poll(async () => (await app.ask('status', {})).conflicts).toBe(0);
  await expect.poll(async () => (await readdir(app.folder)).join()).not.toContain('conflict');
});

test('a program is shown in its folder and never started; links lead nowhere outside', async ({ stage }) => {
  const { app, root } = stage;
  const seen = await watchShell(app);
  await write(app.path('letter.txt'), 'dear');
  await write(app.path('Invoice.pdf.desktop'), '[Desktop Entry]\nExec=sh -c evil\n');
  await write(app.path('tool.txt'), '#!/bin/sh\nevil\n');
  await chmod(app.path('tool.txt'), 0o755);
  await write(join(root, 'outside.txt'), 'not synced');
  await symlink(join(root, 'outside.txt'), app.path('way out.txt'));
  for (const [name, how] of [
    ['letter.txt', 'open'],
    ['Invoice.pdf.desktop', 'show'],
    ['tool.txt', 'show'],
  ] as const) {
    expect(await bridge(app, 'ask', 'open.file', { path: name })).toEqual({ kind: 'done' });
    expect(await seen()).toEqual([`${how} ${app.path(name)}`]);
  }
  for (const name of ['way out.txt', 'not there.txt'])
    expect(await bridge(app, 'ask', 'open.file', { path: name })).toMatchObject({ code: 'cannot-open' });
  expect(await seen()).toEqual([]);
});

test('a page reaches nothing but the calls it has, with params as they have to be', async ({ stage }) => {
  const { app } = stage;
  for (const [part, name, params] of [
    ['ask', 'shell.run', {}],
    ['ask', 'constructor', {}],
    ['ask', 'open.file', { path: '../outside.txt' }],
    ['ask', 'open.file', { path: '/etc/passwd' }],
    ['ask', 'open.file', { path: 'letter.txt', with: 'sh' }],
    ['ask', 'settings.set', { settings: { mergeTool: { command: 'sh', args: [] } } }],
    ['engine', 'stop', {}],
    ['engine', 'token.give', { token: 'x'.repeat(40) }],
    ['engine', 'history', { path: 7 }],
  ] as const)
    expect(await bridge(app, part, name, params), `${part} ${name}`).toMatch(/^Error/);
  const before = app.page.url();
  const reached = await app.page.evaluate(async () => {
    const failed = () => 'refused';
    const answered = () => 'answered';
    return {
      node: [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')],
      keys: Object.keys(Reflect.get(window, 'tidemark')).toSorted(),
      opened: window.open('https://example.org/') === null,
      fetched: await fetch('https://example.org/').then(answered, failed),
      file: await fetch('file:///etc/passwd').then(answered, failed),
      run: (() => {
        const script = document.createElement('script');
        script.textContent = 'window.pwned = 1';
        document.body.append(script);
        return typeof Reflect.get(window, 'pwned');
      })(),
    };
  });
  expect(reached).toEqual({
    node: ['undefined', 'undefined'],
    keys: ['ask', 'engine', 'onEvent'],
    opened: true,
    fetched: 'refused',
    file: 'refused',
    run: 'undefined',
  });
  for (const there of ['https://example.org/', 'file:///etc/passwd', 'data:text/html,hello'])
    await app.page.evaluate((to) => window.location.assign(to), there);
  await app.go('/devices');
  await expect(app.page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible();
  expect(app.page.url().split('#')[0]).toBe(before.split('#')[0]);
  expect(app.electron.windows()).toHaveLength(1);
  // Each refusal is told in the console; anything else there is a defect.
  const others = app.faults
    .splice(0)
    .filter((fault) => !/Refused to|ERR_|Not allowed to|violates/.test(fault));
  expect(others).toEqual([]);
});

test('hostile names and contents are text everywhere: activity, history, trash and conflicts', async ({
  stage,
}) => {
  const { app, studio } = stage;
  const harmless = async () =>
    expect(await app.page.evaluate(() => typeof Reflect.get(window, 'pwned'))).toBe('undefined');
  for (const [name] of HOSTILE) await write(studio.path(name), SCRIPT);
  for (const [name] of HOSTILE) await agreed(stage, name, SCRIPT);
  await app.go('/activity');
  const activity = app.page.getByRole('list', { name: 'Activity' });
  for (const [, shown] of HOSTILE)
    await expect(activity.getByTitle(shown, { exact: true }).first()).toBeVisible();
  await harmless();

  await app.go(`/history/${encodeURIComponent(HTML)}`);
  await app.page.getByRole('button', { name: /V1/ }).click();
  await expect(app.page.getByText('<script>window.pwned=1</script>')).toBeVisible();
  await harmless();

  for (const [name] of HOSTILE.slice(1)) await rm(studio.path(name));
  for (const [name] of HOSTILE.slice(1))
    await expect.poll(() => readText(app.path(name)), { timeout: 30_000 }).toBeNull();
  await app.go('/trash');
  for (const [, shown] of HOSTILE.slice(1))
    await expect(app.page.getByRole('main').getByTitle(shown, { exact: true }).first()).toBeVisible();
  await harmless();

  const id = await makeConflict(stage, HTML, { base: 'a\n', theirs: SCRIPT, mine: `${SCRIPT}mine\n` });
  await app.go('/conflicts');
  await expect(app.page.getByRole('main')).toContainText(HTML);
  await app.go(`/conflicts/${id}`);
  await expect(app.page.getByTestId('story')).toContainText(HTML);
  await expect(app.page.getByRole('table')).toContainText('<script>window.pwned=1</script>');
  await harmless();
  await expect(app.page.locator('img[src="x"]')).toHaveCount(0);
});
