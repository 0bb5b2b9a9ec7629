/** The screens by the first part of the route. */
import type { ReactNode } from 'react';
import type { Route } from '../bridge/router.ts';
import { ActivityScreen } from './activity/activity-screen.tsx';
import { ConflictsScreen } from './conflicts/conflicts-screen.tsx';
import { DevicesScreen } from './devices/devices-screen.tsx';
import { ExplainScreen } from './explain/explain-screen.tsx';
import { HistoryScreen } from './history/history-screen.tsx';
import { OverviewScreen } from './overview/overview-screen.tsx';
import { ProblemsScreen } from './problems/problems-screen.tsx';
import { ReviewScreen } from './review/review-screen.tsx';
import { SettingsScreen } from './settings/settings-screen.tsx';
import { SharedScreen } from './shared/shared-screen.tsx';
import { TrashScreen } from './trash/trash-screen.tsx';

/**
 * /  /activity  /conflicts[/ID]  /history[/PATH]?node=  /trash  /review[/ID]  /problems[/CODE]  /explain[/PATH]
 * /shared[/ID]  /devices  /settings[/SECTION]. Paths are one encoded part (see `routeTo`).
 */
export function screenOf({ parts, query }: Route): ReactNode {
  const rest = parts[1] ?? null;
  switch (parts[0] ?? '') {
    case 'activity':
      return <ActivityScreen />;
    case 'conflicts':
      return <ConflictsScreen id={rest} />;
    case 'history':
      return <HistoryScreen path={rest} node={query.get('node')} />;
    case 'trash':
      return <TrashScreen />;
    case 'review':
      return <ReviewScreen id={rest} />;
    case 'problems':
      return <ProblemsScreen code={rest} />;
    case 'explain':
      return <ExplainScreen path={rest} />;
    case 'shared':
      return <SharedScreen id={rest} />;
    case 'devices':
      return <DevicesScreen />;
    case 'settings':
      return <SettingsScreen section={rest} />;
    default:
      return <OverviewScreen />;
  }
}
