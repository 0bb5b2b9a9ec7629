import { test, expect } from './stage.ts';
test('opens and closes', async ({ stage }) => {
  const { app } = stage;
  await expect(app.headline()).toContainText(/Up to date/);
  await app.page.screenshot({ path: '/tmp/shots/zz.png' });
});
