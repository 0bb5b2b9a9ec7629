/** An edit on the other device is seen, attributed, and can be taken back. */
import { agreed, expect, test, write } from './stage.ts';

test('an edit on the other device appears with its author, device and time', async ({ stage }) => {
  const { app, studio } = stage;
  await write(studio.path('plan.txt'), 'from the studio');
  await agreed(stage, 'plan.txt', 'from the studio');
  await app.go('/activity');
  const row = app.page.getByRole('listitem').filter({ hasText: 'plan.txt' }).first();
  await expect(row).toContainText('Studio-PC');
  await expect(row).toContainText('anna');
  await app.inStep();
  await expect(app.headline()).toContainText(/Up to date, checked .+, \d+ file/);
});
